#include "identity/name_key.hpp"

#include "identity/text.hpp"

#include <algorithm>
#include <array>

namespace trevo::identity {

namespace {

constexpr std::array<std::string_view, 11> kParticles = {"DE", "DA",  "DO",    "DAS", "DOS", "E",
                                                         "DI", "DEL", "DELLA", "VAN", "VON"};
constexpr std::array<std::string_view, 6> kMarks = {"LTDA", "EIRELI", "EPP", "S/A", "SS", "S/S"};

bool isMark(std::string_view word) {
    return std::find(kMarks.begin(), kMarks.end(), word) != kMarks.end();
}

// SA, ME and MEI also are words and surnames: a mark only at the end, and "de Sá" is a surname.
bool isFinalMark(const std::vector<std::string>& words, std::size_t i) {
    if (i + 1 != words.size() || i == 0) return false;
    if (words[i] == "ME" || words[i] == "MEI") return true;
    return words[i] == "SA" && !isNameParticle(words[i - 1]);
}

// "E. Souza", "DA. Souza": a first name cut short, not a particle.
bool beginsCutShort(std::string_view name) {
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    const auto dot = name.find('.');
    return dot == 1 || dot == 2;
}

} // namespace

bool isNameParticle(std::string_view word) {
    return std::find(kParticles.begin(), kParticles.end(), word) != kParticles.end();
}

std::string_view nameSuffix(std::string_view word) {
    if (word == "JR" || word == "JUNIOR") return "JUNIOR";
    for (const std::string_view suffix : {"FILHO", "NETO", "SOBRINHO", "FILHA", "NETA", "BISNETO"}) {
        if (word == suffix) return suffix;
    }
    return {};
}

std::vector<std::string> nameWords(std::string_view name) {
    std::vector<std::string> words;
    std::string word;
    const auto finish = [&] {
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    const std::string text = folded(name);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool inside =
            isAsciiLetter(c) || isDigit(c) || c == '&' || static_cast<unsigned char>(c) >= 0x80;
        if (inside || (c == '/' && word == "S"))
            word += c;
        else if (c == '.' && word == "S" && i + 1 < text.size() && text[i + 1] == 'A')
            word += '/';
        else if (c != '\'')
            finish(); // D'AVILA and DAVILA are one name
    }
    finish();
    return words;
}

bool isCompany(const std::vector<std::string>& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (isMark(words[i]) || isFinalMark(words, i)) return true;
    }
    return false;
}

NameKey nameKey(std::string_view name) {
    NameKey key;
    const std::vector<std::string> words = nameWords(name);
    // An accent tells the surname Sá from the mark SA.
    const bool accented = name.size() >= 3 && static_cast<unsigned char>(name.back()) >= 0x80;
    const bool cutShort = beginsCutShort(name);
    key.company = isCompany(words) && !(accented && words.back() == "SA");
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (isNameParticle(word) && !(i == 0 && cutShort)) continue;
        if (i > 0 && key.company && (isMark(word) || isFinalMark(words, i))) continue;
        if (const std::string_view suffix = nameSuffix(word); i > 0 && !suffix.empty() && !key.company)
            key.suffix = suffix;
        else
            key.tokens.push_back(word);
    }
    return key;
}

} // namespace trevo::identity
