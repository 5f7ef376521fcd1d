// How alike two names are. Works on folded tokens: upper case, no accents, no particles, no suffix.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::match {

enum class NameLevel : std::uint8_t {
    Unknown, // one side has no name
    Equal,
    Subset,         // same first name, the rest of the shorter one occurs in order in the longer one
    Abbreviated,    // as Subset, with initials
    Swapped,        // the same tokens in another order
    FirstOnly,      // the shorter one is only a first name
    MiddleDiffers,  // first and last agree, something between does not
    SurnameDiffers, // only the first name agrees
    Different,      // the first names can not be of one person
};

NameLevel compareNames(const std::vector<std::string>& a, const std::vector<std::string>& b);
bool firstNamesCompatible(NameLevel level);
std::string_view featureName(NameLevel level);
double weightOf(NameLevel level);

} // namespace trevo::match
