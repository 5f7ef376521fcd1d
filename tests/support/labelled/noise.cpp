#include "support/labelled/noise.hpp"

#include "identity/text.hpp"

#include <array>

namespace trevo::labelled {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kNicknames = {
    {{"José", "Zé"},       {"Francisco", "Chico"}, {"Antônio", "Toninho"},  {"Luiz", "Luizinho"},
     {"Eduardo", "Edu"},   {"Fernanda", "Nanda"},  {"Gabriel", "Biel"},     {"Gabriela", "Gabi"},
     {"Rafael", "Rafa"},   {"Guilherme", "Gui"},   {"Gustavo", "Guga"},     {"Leonardo", "Leo"},
     {"Felipe", "Lipe"},   {"Letícia", "Lê"},      {"Juliana", "Ju"},       {"Camila", "Mila"},
     {"Patrícia", "Paty"}, {"Daniel", "Dani"},     {"Roberto", "Beto"},     {"Alexandre", "Alê"},
     {"Mariana", "Mari"},  {"Vanessa", "Van"},     {"Carlos", "Carlinhos"}, {"Paulo", "Paulinho"}}};

void set(unsigned& traps, Trap trap) {
    traps |= static_cast<unsigned>(trap);
}

std::string upper(const std::string& text) {
    std::string out;
    for (const char c : text)
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

std::string lower(const std::string& text) {
    std::string out;
    for (const char c : text)
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

// UTF-8 read as Latin-1 and encoded again.
std::string garbled(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0 | (byte >> 6));
            out += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return out;
}

std::string respelled(std::string name, Dice& dice) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kPairs = {{{"Luiz", "Luis"},
                                                                                      {"Luís", "Luiz"},
                                                                                      {"Tiago", "Thiago"},
                                                                                      {"Thiago", "Tiago"},
                                                                                      {"Souza", "Sousa"},
                                                                                      {"Mateus", "Matheus"},
                                                                                      {"Manoel", "Manuel"},
                                                                                      {"Felipe", "Filipe"}}};
    for (const auto& [from, to] : kPairs) {
        if (const auto at = name.find(from); at != std::string::npos && dice.chance(0.25))
            return name.replace(at, from.size(), to);
    }
    return name;
}

} // namespace

std::string_view trapName(int bit) {
    constexpr std::array<std::string_view, kTraps> kNames = {
        "masked phone",       "number only",  "CPF and car only", "document typo", "placeholder",
        "another's document", "shared phone", "recycled phone",   "namesake",      "company",
        "relay e-mail",       "nickname",     "name typo",        "mojibake",      "first name only",
        "missing DDD",        "late",         "repeated",         "e-mail typo",   "family"};
    return kNames[static_cast<std::size_t>(bit)];
}

std::string slip(std::string text, Dice& dice) {
    if (text.size() < 4) return text;
    const std::size_t at = 1 + dice.below(text.size() - 2);
    const auto ascii = [&](std::size_t i) {
        return static_cast<unsigned char>(text[i]) < 0x80 && text[i] != ' ';
    };
    if (!ascii(at) || !ascii(at + 1)) return text;
    const bool digit = text[at] >= '0' && text[at] <= '9';
    switch (dice.below(4)) {
    case 0: std::swap(text[at], text[at + 1]); break;
    case 1: text.erase(at, 1); break;
    case 2: text.insert(at, 1, text[at]); break;
    default:
        text[at] = digit ? static_cast<char>('0' + dice.below(10)) : static_cast<char>('a' + dice.below(26));
        break;
    }
    return text;
}

std::string writtenName(const Person& person, Dice& dice, bool careless, unsigned& traps) {
    std::string first = person.first;
    std::vector<std::string> rest = person.surnames;
    if (!person.company && careless) {
        if (dice.chance(0.05)) {
            for (const auto& [name, nick] : kNicknames) {
                if (first != name) continue;
                first = nick;
                set(traps, Trap::Nickname);
            }
        }
        if (const auto blank = first.find(' '); blank != std::string::npos && dice.chance(0.5))
            first.resize(blank);
        const double roll = static_cast<double>(dice.below(1000)) / 1000;
        if (roll < 0.16) {
            set(traps, Trap::FirstNameOnly);
            rest.clear();
        } else if (roll < 0.50) {
            rest = {rest.back()};
        } else if (roll < 0.58 && rest.size() > 1) {
            for (std::size_t i = 0; i + 1 < rest.size(); ++i)
                rest[i] = identity::folded(rest[i]).substr(0, 1) + (dice.chance(0.5) ? "." : "");
        } else if (roll < 0.61) {
            first = identity::folded(first).substr(0, 1) + ".";
        } else if (roll < 0.64) {
            rest.pop_back();
        }
    }
    std::string name = first;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (!person.company && dice.chance(0.3)) name += dice.chance(0.5) ? " de" : " da";
        name += " " + rest[i];
    }
    const bool full = rest.size() == person.surnames.size();
    if (!person.suffix.empty() && !rest.empty() && (full || dice.chance(0.5)))
        name += " " + (person.suffix == "Júnior" && dice.chance(0.5) ? "Jr" : person.suffix);
    if (!careless) return dice.chance(0.5) ? identity::folded(name) : name;
    name = respelled(name, dice);
    if (dice.chance(0.04)) {
        const std::string wrong = slip(name, dice);
        if (wrong != name) set(traps, Trap::NameTypo);
        name = wrong;
    }
    if (rest.size() == 1 && dice.chance(0.02)) return rest[0] + ", " + first;
    const std::size_t form = dice.below(10);
    if (form < 3) return upper(identity::folded(name));
    if (form < 5) return lower(name);
    if (form == 5 && name != identity::folded(name) && dice.chance(0.3)) {
        const std::string bad = garbled(name);
        if (bad != name) set(traps, Trap::Mojibake);
        return bad;
    }
    return name;
}

std::string writtenPhone(const std::string& national, Dice& dice, unsigned& traps) {
    const std::string ddd = national.substr(0, 2);
    std::string local = national.substr(2);
    if (local.size() == 9 && dice.chance(0.12)) local.erase(0, 1);
    const std::string half = local.substr(local.size() - 4);
    const std::string front = local.substr(0, local.size() - 4);
    switch (dice.below(12)) {
    case 0: return "(" + ddd + ") " + front + "-" + half;
    case 1: return "+55 " + ddd + " " + front + half;
    case 2: return "55" + ddd + local;
    case 3: return "0" + ddd + local;
    case 4: return ddd + " " + front + " " + half;
    case 5:
        if (dice.chance(0.4)) {
            set(traps, Trap::MissingDdd);
            return front + "-" + half;
        }
        [[fallthrough]];
    default: return ddd + local;
    }
}

std::string writtenDocument(const std::string& document, Dice& dice, bool careless, unsigned& traps) {
    std::string text = document;
    if (careless && dice.chance(0.03)) {
        text = slip(text, dice);
        if (text != document) set(traps, Trap::DocumentTypo);
    }
    if (text.size() == 11 && dice.chance(0.5))
        return text.substr(0, 3) + "." + text.substr(3, 3) + "." + text.substr(6, 3) + "-" + text.substr(9);
    return text;
}

std::string writtenEmail(const std::string& email, Dice& dice, unsigned& traps) {
    if (dice.chance(0.03)) {
        set(traps, Trap::EmailTypo);
        const auto at = email.find("gmail.com");
        if (at != std::string::npos)
            return email.substr(0, at) + (dice.chance(0.5) ? "gmial.com" : "gmail.con");
        return slip(email.substr(0, email.find('@')), dice) + email.substr(email.find('@'));
    }
    return dice.chance(0.1) ? upper(email) : email;
}

} // namespace trevo::labelled
