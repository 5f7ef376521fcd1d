// The words of an explanation, in English and Portuguese.
#pragma once

#include "cli/command.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo::cli {

struct Words {
    std::string candidate, score, forbidden, other, by, reason, model, outcome, nobody, undecided;
    std::map<std::string, std::string, std::less<>> features, decisions;
    std::vector<std::pair<std::string, std::string>>
        notes; // what a note of the evidence has in it, and the words for it

    // A code that is not known is shown as it is, blanks for underscores.
    std::string feature(std::string_view code) const;
    std::string decision(std::string_view code) const;
    std::string note(std::string_view text) const; // as it is where there are no words for it
};

const Words& english();
const Words& portuguese();
const Words& wordsFor(const Context& context); // in the language of who reads the answer

} // namespace trevo::cli
