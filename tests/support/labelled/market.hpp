// A second invented market, made apart from the first (world.hpp, stream.hpp) and with other shares: most
// records bring a name with a phone or an address, about three in ten a CPF, one in five is a contact without
// a name, one in fifteen a sale. A figure of the model that helps only one of the two is not adopted.
#pragma once

#include "support/labelled/stream.hpp"

namespace trevo::labelled {

struct Stream {
    std::vector<Labelled> records; // in the order of reception
    std::vector<std::string> dealerDocuments;
};

// About three records a person.
Stream marketStream(std::uint64_t seed, int persons);

} // namespace trevo::labelled
