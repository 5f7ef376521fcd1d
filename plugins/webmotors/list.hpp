// Finds leads whose announcement was missed, where the dealer's contract has a list by date.
#pragma once

#include <trevo/host.hpp>
#include <trevo/settings.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo::webmotors {

struct Listed {
    std::string leadId, typeId;
    bool operator==(const Listed&) const = default;
};

// The entries of a list answer: the root, or the first array inside the root object. Stops when there is
// none.
std::vector<Listed> readList(std::string_view body, const std::string& idKey, const std::string& typeKey);

// The leads of one dealer that were brought lately, so that the list fetches only what is new. Kept as text
// in the gateway's state: at most 2,000 leads and as many days as the list reaches back.
class Seen {
  public:
    Seen(std::string_view kept, std::int64_t today, std::int64_t days);
    bool has(const Listed& lead) const;
    void add(const Listed& lead);
    std::string text() const;

    static std::string stateKey(const std::string& dealer) { return "seen/" + dealer; }

  private:
    std::int64_t today_;
    std::vector<std::pair<std::int64_t, Listed>> leads_; // by day, oldest first
};

} // namespace trevo::webmotors
