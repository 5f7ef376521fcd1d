// Labelled lines of a mail's text: "Nome: Maria", "*Nome:* Maria", "• Telefone – (11) …", "Nome .....:
// Maria", a label on one line and its value on the next, the cells of a table row. Accents, case, order and
// decoration do not count.
//
// A label that the mapping names is recognised in all of these forms; another one only where a colon, or the
// first of two cells, makes it plain. One pass over the text.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::mapping {

struct MailOptions {
    // Folded, see foldKey. Collected from the paths of the mapping.
    std::set<std::string, std::less<>> labels, sections;
    std::set<std::string, std::less<>> multiline; // labels whose value goes on until the next known label
    std::vector<std::string> endOfValue;          // folded starts of lines that end such a value
    std::vector<std::string> end;                 // of lines from which on nothing is of the lead any more
    bool endAtBlank = false;                      // so does a blank line
};

struct Labelled {
    std::string section; // folded; empty outside of a known section
    std::string label, folded;
    std::string value;
    std::size_t line = 0; // of the text, from 1
    bool known = false;
};

// At most `most` of them; the rest is left alone.
std::vector<Labelled> readLabelled(std::string_view text, const MailOptions& options, std::size_t most);

} // namespace trevo::mapping
