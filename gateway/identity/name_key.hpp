// How names are compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trevo::identity {

struct NameKey {
    std::vector<std::string> tokens; // upper case, no accents, no particles, no suffix, no company mark
    std::string suffix;              // JUNIOR, FILHO, NETO, SOBRINHO …: father and son share the name
    bool company = false;
};

// Takes a name in any spelling.
NameKey nameKey(std::string_view name);

// The words of upper-case text without accents, split at everything but letters, digits, '&' and '/'; "S.A."
// gives S/A.
std::vector<std::string> nameWords(std::string_view name);
bool isNameParticle(std::string_view upperWord);         // DE, DA, DOS …
std::string_view nameSuffix(std::string_view upperWord); // JR -> JUNIOR; empty for other words
bool isCompany(const std::vector<std::string>& upperWords);

} // namespace trevo::identity
