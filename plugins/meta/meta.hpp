// Leads of Meta's instant forms: announced with ids only, fetched with the page's token, and reconciled with
// each form's list. A lead never changes, so its id is its key, however it was found.
#pragma once

#include "graph.hpp"

#include <trevo/plugin.hpp>
#include <trevo/turns.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::meta {

// The values of a setting that a dealer need not have.
std::vector<std::string> idsIn(const Dealer& dealer, const char* setting);

// The leads that were brought lately, newest last, so that an announcement that is repeated does not use up
// the page's small quota. Kept as text in the gateway's state: at most 1,500 ids, well below 64 KiB.
class Fetched {
  public:
    static constexpr const char* kStateKey = "fetched";
    explicit Fetched(std::string_view kept);
    bool has(std::string_view leadId) const;
    void add(const std::string& leadId);
    bool changed() const { return changed_; }
    std::string text() const;

  private:
    std::deque<std::string> ids_;
    bool changed_ = false;
};

class Meta : public Plugin, public Fetch, public Poll, public Examine {
  public:
    Meta(const Config& config, const Host& host) : Plugin(config, host), graph_(config.settings, host) {}

    static Outcome check(const Config& config);

    Outcome fetch(const Push& push, Bring& bring) override;
    Outcome poll(Bring& bring, std::int64_t& nextPollSeconds) override;
    Outcome examine(Checks& checks) override;

  private:
    bool examinePage(const std::string& pageId, const Dealer& dealer, bool clockSeen, Checks& checks);
    void examineForm(const std::string& formId, const Dealer& dealer, Checks& checks);
    Outcome pull(const std::string& formId, const Dealer& dealer, Bring& bring, Fetched& fetched,
                 std::int64_t& nextPollSeconds);
    Fetched fetchedLately() const;

    Graph graph_;
    Turns turns_;
};

} // namespace trevo::meta
