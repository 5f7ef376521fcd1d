// The yardstick: what an afternoon's work finds. Normalised CPF, phone and e-mail chained, with values of
// many names left out and two guards (another CPF, a first name that does not fit).
#pragma once

#include "support/labelled/stream.hpp"

namespace trevo::labelled {

std::vector<std::string> prototype(const std::vector<Labelled>& stream); // a label by record

} // namespace trevo::labelled
