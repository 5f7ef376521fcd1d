// How alike two names are. Works on folded tokens: upper case, no accents, no particles, no suffix.
#pragma once

#include "match/model.hpp"

#include <boost/container/small_vector.hpp>

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
    LastOnly,       // the shorter one is only a last name
    MiddleDiffers,  // first and last agree, something between does not
    SurnameDiffers, // only the first name agrees
    Different,      // the first names can not be of one person
};

// Near: too far apart for one slip of the pen and near enough for two; PAULO and PAULA as well. One person's
// only where something of their own agrees, too.
enum class FirstName : std::uint8_t { Equal, Alike, Nickname, Initial, Near, Different };

// Names are compared by the thousand for one record: no allocation for usual ones.
using Surnames = boost::container::small_vector<std::string_view, 4>;

struct NameComparison {
    NameLevel level = NameLevel::Unknown;
    FirstName first = FirstName::Different;
    Surnames surnames; // that agree; views into the longer name
};

NameComparison compareNames(const std::vector<std::string>& a, const std::vector<std::string>& b,
                            const Model& model);
FirstName compareFirstNames(const std::string& a, const std::string& b, const Model& model);
std::string_view featureName(NameLevel level);

// How a name sounds in Portuguese, roughly: LUIZ and LUIS, THIAGO and TIAGO, SOUZA and SOUSA are one.
std::string soundOf(std::string_view token);

} // namespace trevo::match
