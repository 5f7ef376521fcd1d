// A seeded stream of records as dealers get them: three records a person on average, by name, CPF, phone,
// e-mail and car, with the usual variations.
#pragma once

#include "model/record.hpp"

#include <cstdint>
#include <random>

namespace trevo::bench {

class Stream {
  public:
    // `total`: how many records the stream will have; a third as many people.
    Stream(std::uint64_t seed, std::int64_t total) : random_(seed), people_(total / 3 + 1) {}

    model::Record next();

  private:
    model::Record about(std::uint64_t person);

    std::mt19937_64 random_;
    std::int64_t people_;
    std::int64_t number_ = 0;
};

// A stream that costs the matcher as much as it may: every lead asks for one and the same ad, from a person
// of one name, with a phone and a mailbox that nobody else has.
model::Record unkindLead(std::uint64_t number);

} // namespace trevo::bench
