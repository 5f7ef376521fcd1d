// Names of persons and companies as they are shown. How names are compared: name_key.hpp.
#pragma once

#include <string>
#include <string_view>

namespace trevo::identity {

struct NameReading {
    std::string normalised; // display form: "Maria de Souza"; empty when invalid
    bool valid = false;     // a name at all
    bool company = false;   // carries a mark of a legal person: LTDA, S/A, ME …
    std::string_view why;   // name_empty, name_placeholder, name_no_letters, name_email
};

// Blanks collapsed, NFC, titles dropped, "Souza, Maria" turned round, UTF-8 that was read as Latin-1 repaired
// when the repair is exact, title case with Portuguese particles in lower case. Any bytes are accepted.
NameReading readName(std::string_view raw);

// "JoÃ£o" -> "João", as often as it was done; the text itself when it is not such a case.
std::string repairedMojibake(std::string_view text);

} // namespace trevo::identity
