// A poll over several parts (sellers, lists): each has its turn, none holds up the others, and the call ends
// in time.
#pragma once

#include "trevo/host.hpp"
#include "trevo/partner.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace trevo {

// What is wrong is about every part: a quota, the network, or no room for more documents.
inline bool endsRound(const Outcome& outcome) {
    return outcome.status == TREVO_LIMIT || outcome.code == "no_answer";
}

// Kept from one poll to the next.
class Turns {
  public:
    // `seconds`: a round begins no further part after so long; well below the usual call_timeout_seconds.
    explicit Turns(std::int64_t seconds = 30) : seconds_(seconds) {}

    // Calls part(index), which gives an Outcome, from the one that the last round did not come to (else 0) up
    // to count - 1. Ends early when the time is over, and then wants the next poll at once; or with what is
    // about every part. Gives the worst outcome.
    template <class Part>
    Outcome round(const Host& host, std::size_t count, std::int64_t& nextPollSeconds, Part&& part) {
        until_ = host.nowSeconds() + seconds_;
        Outcome worst = Outcome::done();
        const std::size_t first = std::exchange(first_, 0);
        for (std::size_t at = first; at < count; ++at) {
            if (at > first && over(host)) {
                first_ = at;
                nextPollSeconds = 1;
                break;
            }
            Outcome outcome = partner::outcomeOf([&] { return part(at); });
            const bool ends = endsRound(outcome);
            // A limit says when this part may go on; who does not answer must not be first for ever.
            if (ends) first_ = outcome.status == TREVO_LIMIT ? at : (at + 1) % count;
            partner::keepWorse(worst, std::move(outcome));
            if (ends) break;
        }
        return worst;
    }
    // For a part that is long itself.
    bool over(const Host& host) const { return host.nowSeconds() >= until_; }

  private:
    const std::int64_t seconds_;
    std::int64_t until_ = 0;
    std::size_t first_ = 0;
};

// Trouble with one entry of a list is no reason to leave the others, until there is too much of it.
class Patience {
  public:
    bool ends(const Outcome& outcome) {
        constexpr int kMost = 3;
        if (outcome.ok()) return false;
        return outcome.status != TREVO_RETRY_AFTER || endsRound(outcome) || ++troubles_ == kMost;
    }

  private:
    int troubles_ = 0;
};

} // namespace trevo
