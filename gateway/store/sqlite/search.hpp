// What a searcher means by what was typed, told by its form: an e-mail, a CPF or CNPJ, a phone with or
// without area code, a plate, a VIN, else the words of a name, all of which must match, or an external id.
#pragma once

#include "match/match.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::store::sqlite {

struct Search {
    // Any one of these must hold; all keys of one must.
    std::vector<std::vector<match::Key>> alternatives;
    std::string externalId;
};
Search understand(std::string_view text);

bool matches(const Search& search, const match::Features& features);

// A condition on `column`, a person number: the people who hold what is searched, within these dealer groups.
// "0" when nobody can. Numbers only, so it is safe to paste.
std::string peopleCondition(const Search& search, std::string_view column,
                            const std::vector<std::int64_t>& groups);

} // namespace trevo::store::sqlite
