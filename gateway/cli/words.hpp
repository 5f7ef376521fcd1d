// The words of an explanation, in English and Portuguese.
#pragma once

#include "cli/command.hpp"

#include <map>
#include <string>
#include <string_view>

namespace trevo::cli {

struct Words {
    std::string candidate, score, forbidden, other, by, reason, model, outcome, nobody, undecided;
    std::map<std::string, std::string, std::less<>> features, decisions;

    // A code that is not known is shown as it is, blanks for underscores.
    std::string feature(std::string_view code) const;
    std::string decision(std::string_view code) const;
};

const Words& english();
const Words& portuguese();
const Words& wordsFor(const Context& context); // in the language of who reads the answer

} // namespace trevo::cli
