// "did you mean": the nearest known word by edit distance.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace trevo {

// The nearest of `known` within 1 edit (words up to 3 letters), 2 (up to 8) or 3, or empty.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> known);

// ", did you mean 'x'?" or an empty string.
std::string suggestion(std::string_view word, std::span<const std::string> known);

} // namespace trevo
