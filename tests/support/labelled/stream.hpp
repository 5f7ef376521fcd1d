// The records that a world's people leave at its dealerships, each with the truth: whose it is, which
// negotiation.
#pragma once

#include "base/time.hpp"
#include "model/record.hpp"
#include "support/labelled/noise.hpp"

namespace trevo::labelled {

struct Labelled {
    std::string json; // canonical, as a client of POST /v1/records sends it
    int person = 0;
    int negotiation = -1; // -1: belongs to none (a customer extract)
    unsigned traps = 0;
    UtcTime occurred, received;
};

// About `records` of them in the order of reception.
std::vector<Labelled> streamOf(const World& world, std::uint64_t seed, std::size_t records);
void shuffle(std::vector<Labelled>& stream, std::uint64_t seed); // any order of arrival

// Reads one as the gateway does. The dealers are loja0 to loja3, of one group.
model::Record read(const Labelled& one);

} // namespace trevo::labelled
