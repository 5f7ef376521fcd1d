// How features, profiles and lists of records are kept in a column, and how numbers become public ids.
#pragma once

#include "match/match.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::store::sqlite {

std::string encode(const match::Features& features);
bool disputesDocument(std::string_view features); // encoded ones
std::string encode(const match::Profile& profile);
match::Features decodeFeatures(std::string_view bytes);
match::Profile decodeProfile(std::string_view bytes);

struct Made { // one record that an envelope made
    std::int64_t record = 0;
    int revision = 1;
    bool changed = true;
};
std::string encode(const std::vector<Made>& made);
std::vector<Made> decodeMade(std::string_view bytes);

inline std::string recordId(std::int64_t number) {
    return "r" + std::to_string(number);
}
inline std::string personId(std::int64_t number) {
    return "p" + std::to_string(number);
}
inline std::string negotiationId(std::int64_t number) {
    return "n" + std::to_string(number);
}
inline std::string matchId(std::int64_t number) {
    return "m" + std::to_string(number);
}
// The number of "r12" for the prefix 'r'; empty for anything else.
std::optional<std::int64_t> numberOf(std::string_view id, char prefix);

} // namespace trevo::store::sqlite
