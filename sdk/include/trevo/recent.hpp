// What was handled lately, as a small text in the gateway's state: so that a list which overlaps the last one
// asks for the details of new entries only. It may forget: what is handled twice has no second effect.
#pragma once

#include "trevo/partner.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace trevo {

class Recent {
  public:
    // `kept` is an earlier text(), or empty. Entries older than `days` are left out, and the oldest above
    // `most`. Keys are kept as fingerprints: 2,000 of them fit into one state value.
    Recent(std::string_view kept, partner::Day today, partner::Day days, std::size_t most = 2'000)
        : today_(today), most_(most) {
        while (!kept.empty()) {
            const std::size_t end = std::min(kept.find('\n'), kept.size());
            read(kept.substr(0, end), today - days);
            kept.remove_prefix(std::min(end + 1, kept.size()));
        }
    }

    bool has(std::string_view key) const { return known_.contains(partner::fingerprint(key)); }
    void add(std::string_view key) { keep(today_, partner::fingerprint(key)); }

    std::string text() const { // a line for each: day, blank, fingerprint
        std::string out;
        for (const auto& [day, key] : byAge_)
            out += std::to_string(day) + ' ' + key + '\n';
        return out;
    }

  private:
    void read(std::string_view line, partner::Day oldest) {
        partner::Day day = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), day);
        const auto at = static_cast<std::size_t>(end - line.data());
        if (error == std::errc{} && at + 17 == line.size() && day >= oldest)
            keep(day, std::string(line.substr(at + 1)));
    }
    void keep(partner::Day day, std::string key) {
        if (!known_.insert(key).second) return;
        byAge_.emplace_back(day, std::move(key));
        if (byAge_.size() > most_) {
            known_.erase(byAge_.front().second);
            byAge_.pop_front();
        }
    }

    const partner::Day today_;
    const std::size_t most_;
    std::deque<std::pair<partner::Day, std::string>> byAge_;
    std::unordered_set<std::string> known_;
};

} // namespace trevo
