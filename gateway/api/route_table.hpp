// The parts of the route table and the parameters that they share.
#pragma once

#include "api/routes.hpp"

namespace trevo::api {

using Type = Param::Type;

inline Param word(std::string name, std::string help, std::vector<std::string> words) {
    return {std::move(name), Type::Word, std::move(help), 0, 0, std::move(words)};
}

inline std::vector<Param> operator+(std::vector<Param> a, const std::vector<Param>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

inline const Param kLimit{"limit", Type::Integer, "Items on a page; 50 when absent.", 1, 1000, {}};
inline const Param kCursor{
    "cursor", Type::Cursor, "Where to go on: taken from the 'next' of the page before.", 0, 0, {}};
inline const Param kDealer{"dealer", Type::Text, "Id of a dealer.", 0, 0, {}};
inline const Param kIntegration{"integration", Type::Text, "Id of an integration.", 0, 0, {}};
inline const Param kSince{"since", Type::Time, "Received at or after this time.", 0, 0, {}};
inline const Param kUntil{"until", Type::Time, "Received before this time.", 0, 0, {}};
inline const Param kPerson{"person", Type::Text, "Id of a person, 'p7'.", 0, 0, {}};
inline const Param kSearch{
    "search",
    Type::Text,
    "A name, phone, document, plate, VIN, e-mail or external id, as a person would write it.",
    0,
    0,
    {}};
inline const Param kTrials{"trials", Type::Flag, "Also what was sent as a trial.", 0, 0, {}};

inline std::vector<Param> paging() {
    return {kLimit, kCursor, word("order", "By number; oldest first when absent.", {"oldest", "newest"})};
}

std::vector<Route> peopleRoutes(); // people, possible matches, what the law gives a person a right to

} // namespace trevo::api
