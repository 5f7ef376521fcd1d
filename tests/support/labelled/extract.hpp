// A customer extract of another country with its duplicates, made after the ways in which public linkage data
// (FEBRL) is damaged: letters inserted, deleted, substituted and transposed, scanner and sound errors, given
// name and surname swapped, values missing or put into the neighbouring field. Nothing in it is Brazilian: no
// check digits, no area codes.
#pragma once

#include "support/labelled/market.hpp"

namespace trevo::labelled {

// As many duplicates as originals, up to five of one.
Stream extractStream(std::uint64_t seed, int originals);

} // namespace trevo::labelled
