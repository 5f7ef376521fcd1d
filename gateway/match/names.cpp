#include "match/names.hpp"

#include <algorithm>
#include <array>

namespace trevo::match {
namespace {

using Tokens = std::vector<std::string>;

bool abbreviates(const std::string& a, const std::string& b) {
    const auto isAbbreviationOf = [](const std::string& shorter, const std::string& longer) {
        return shorter.size() <= 2 && shorter.size() < longer.size() && longer.starts_with(shorter);
    };
    return isAbbreviationOf(a, b) || isAbbreviationOf(b, a);
}

bool isGender(char c) {
    return c == 'A' || c == 'O' || c == 'E';
}

// A slip in a longer name: at most one edit, and never in a name so short that one edit makes another name
// (ANA, ANE), nor the last letter that tells PAULO from PAULA.
bool oneSlip(const std::string& a, const std::string& b) {
    const std::string& shorter = a.size() <= b.size() ? a : b;
    const std::string& longer = a.size() <= b.size() ? b : a;
    if (shorter.size() < 4 || longer.size() - shorter.size() > 1) return false;
    const auto [left, right] = std::mismatch(shorter.begin(), shorter.end(), longer.begin());
    if (shorter.size() == longer.size()) {
        if (shorter.size() < 5) return false;
        if (left + 1 == shorter.end()) return shorter.size() >= 6 && !(isGender(*left) && isGender(*right));
        if (std::equal(left + 1, shorter.end(), right + 1))
            return shorter.size() >= 6 || left != shorter.begin();
        return *left == *(right + 1) && *(left + 1) == *right &&
               std::equal(left + 2, shorter.end(), right + 2);
    }
    if (!std::equal(left, shorter.end(), right + 1)) return false;
    return left != shorter.end() || !isGender(*right);
}

constexpr char kSilent = '\0';

// The sound of letters that sound the same wherever they stand; 0 for those that depend on what follows.
constexpr std::array<char, 256> kPlainSounds = [] {
    std::array<char, 256> sounds{};
    for (std::size_t c = 0; c < sounds.size(); ++c)
        sounds[c] = static_cast<char>(c);
    for (const char c : {'H', 'P', 'C', 'G', 'N'})
        sounds[static_cast<unsigned char>(c)] = 0;
    sounds['Y'] = 'I';
    sounds['W'] = 'V';
    sounds['Z'] = 'S';
    sounds['K'] = sounds['Q'] = 'C';
    return sounds;
}();

char soundBefore(char c, char next) {
    const bool front = next == 'E' || next == 'I' || next == 'Y';
    switch (c) {
    case 'P': return next == 'H' ? 'F' : c;
    case 'C': return next == 'H' ? 'X' : front ? 'S' : c;
    case 'G': return front ? 'J' : c;
    case 'N': return next == '\0' ? 'M' : c;
    default: return kSilent; // H, or taken with the letter before it
    }
}

inline char soundAt(std::string_view token, std::size_t at) {
    const char c = token[at];
    if (const char plain = kPlainSounds[static_cast<unsigned char>(c)]) return plain;
    return soundBefore(c, at + 1 < token.size() ? token[at + 1] : '\0');
}

char firstSound(std::string_view token) {
    for (std::size_t i = 0; i < token.size(); ++i)
        if (const char sound = soundAt(token, i); sound != kSilent) return sound;
    return kSilent;
}

char lastSound(std::string_view token) {
    for (std::size_t i = token.size(); i-- > 0;)
        if (const char sound = soundAt(token, i); sound != kSilent) return sound;
    return kSilent;
}

// Sounds that are equal, or one slip apart, begin alike or end alike; most are told apart by that alone.
bool maySoundAlike(std::string_view a, std::string_view b) {
    return firstSound(a) == firstSound(b) || lastSound(a) == lastSound(b);
}

bool soundsAlike(const std::string& a, const std::string& b) {
    return a.size() >= 2 && b.size() >= 2 && maySoundAlike(a, b) && soundOf(a) == soundOf(b);
}

bool spelledAlike(const std::string& a, const std::string& b) {
    if (a == b || oneSlip(a, b)) return true;
    if (!maySoundAlike(a, b)) return false;
    const std::string soundA = soundOf(a), soundB = soundOf(b);
    return (soundA == soundB && a.size() >= 2 && b.size() >= 2) || oneSlip(soundA, soundB);
}

bool nicknameOf(const std::string& nick, const std::string& name, const Model& model) {
    const auto at = model.nicknames.find(nick);
    return at != model.nicknames.end() &&
           std::find(at->second.begin(), at->second.end(), name) != at->second.end();
}

// RIC for RICARDO, CELO for MARCELO. What is a name of its own cuts none short: MARIA is not MARIANA.
bool clippedFrom(const std::string& shorter, const std::string& longer, const Model& model) {
    if (shorter.size() < 3 || shorter.size() + 2 > longer.size()) return false;
    if (!longer.starts_with(shorter) && !(shorter.size() >= 4 && longer.ends_with(shorter))) return false;
    return !model.commonFirst.contains(shorter);
}

// The surnames of the shorter name in the longer one, in order.
struct Rest {
    std::size_t found = 0;
    bool abbreviated = false;
};
Rest findRest(const Tokens& shorter, const Tokens& longer, Surnames& agree) {
    Rest rest;
    std::size_t at = 1;
    for (std::size_t i = 1; i < shorter.size(); ++i) {
        for (std::size_t j = at; j < longer.size(); ++j) {
            const bool alike = spelledAlike(shorter[i], longer[j]);
            if (!alike && !abbreviates(shorter[i], longer[j])) continue;
            if (alike) agree.push_back(longer[j]);
            rest.abbreviated = rest.abbreviated || !alike;
            at = j + 1;
            ++rest.found;
            break;
        }
    }
    return rest;
}

// Each has its first name among the other's surnames, and no token is left over in the shorter one.
bool swapped(const Tokens& shorter, const Tokens& longer) {
    const auto among = [](const std::string& token, const Tokens& tokens, std::size_t from) {
        return std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(from), tokens.end(),
                           [&](const auto& other) { return spelledAlike(token, other); });
    };
    return shorter.size() >= 2 && among(shorter.front(), longer, 1) && among(longer.front(), shorter, 1) &&
           std::all_of(shorter.begin() + 1, shorter.end(),
                       [&](const auto& token) { return among(token, longer, 0); });
}

// Letters wrong, missing, added or swapped with their neighbour; counts to `most` and one more.
std::size_t slipsBetween(const std::string& a, const std::string& b, std::size_t most) {
    constexpr std::size_t kLongest = 32;
    if (a.size() > kLongest || b.size() > kLongest) return most + 1;
    if ((a.size() > b.size() ? a.size() - b.size() : b.size() - a.size()) > most) return most + 1;
    std::array<std::array<std::uint8_t, kLongest + 1>, 3> rows{};
    for (std::size_t j = 0; j <= b.size(); ++j)
        rows[0][j] = static_cast<std::uint8_t>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i - 1) % 3];
        const auto& twoAbove = rows[(i + 1) % 3];
        row[0] = static_cast<std::uint8_t>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = a[i - 1] == b[j - 1];
            int least = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                least = std::min(least, twoAbove[j - 2] + 1);
            row[j] = static_cast<std::uint8_t>(least);
        }
    }
    return rows[a.size() % 3][b.size()];
}

bool near(const std::string& a, const std::string& b) {
    const std::size_t length = std::min(a.size(), b.size());
    const std::size_t most = length >= 5 ? 2 : length >= 3 ? 1 : 0;
    return most > 0 && slipsBetween(a, b, most) <= most;
}

} // namespace

std::string soundOf(std::string_view token) {
    std::string out(token.size(), '\0'); // a sound is never longer
    std::size_t size = 0;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const char sound = soundAt(token, i);
        if (sound != kSilent && (size == 0 || out[size - 1] != sound)) out[size++] = sound;
    }
    out.resize(size);
    return out;
}

FirstName compareFirstNames(const std::string& a, const std::string& b, const Model& model) {
    if (a == b) return FirstName::Equal;
    // JOSE and JOSUE are brothers: a letter more makes another first name of a short one. So it is with two
    // names that many bear: MARIA is seldom a slip for MARCIA.
    const auto slip = [&] {
        return std::min(a.size(), b.size()) >= 5 && oneSlip(a, b) &&
               !(model.commonFirst.contains(a) && model.commonFirst.contains(b));
    };
    if (soundsAlike(a, b) || slip()) return FirstName::Alike;
    if (nicknameOf(a, b, model) || nicknameOf(b, a, model) || clippedFrom(a, b, model) ||
        clippedFrom(b, a, model))
        return FirstName::Nickname;
    if (abbreviates(a, b)) return FirstName::Initial;
    return near(a, b) ? FirstName::Near : FirstName::Different;
}

NameComparison compareNames(const Tokens& a, const Tokens& b, const Model& model) {
    NameComparison result;
    if (a.empty() || b.empty()) return result;
    const Tokens& shorter = a.size() <= b.size() ? a : b;
    const Tokens& longer = a.size() <= b.size() ? b : a;
    result.first = compareFirstNames(shorter[0], longer[0], model);
    if (result.first == FirstName::Different || result.first == FirstName::Near) {
        if (swapped(shorter, longer)) {
            result.level = NameLevel::Swapped;
            result.first = FirstName::Equal;
            result.surnames.emplace_back(spelledAlike(shorter.back(), longer.front()) ? shorter.front()
                                                                                      : shorter.back());
            return result;
        }
        if (result.first == FirstName::Different) {
            result.level = NameLevel::Different;
            if (shorter.size() == 1 && longer.size() > 1 && spelledAlike(shorter.front(), longer.back())) {
                result.level = NameLevel::LastOnly;
                result.surnames.emplace_back(longer.back());
            }
            return result;
        }
    }
    if (shorter.size() == 1) {
        result.level = NameLevel::FirstOnly;
        return result;
    }
    const Rest rest = findRest(shorter, longer, result.surnames);
    if (rest.found == shorter.size() - 1) {
        if (rest.abbreviated || result.first == FirstName::Initial)
            result.level = NameLevel::Abbreviated;
        else
            result.level = shorter.size() == longer.size() ? NameLevel::Equal : NameLevel::Subset;
        return result;
    }
    const bool last = spelledAlike(shorter.back(), longer.back());
    // Two of three agree though the last does not: a name cut short, or one of the two in another order.
    const bool most = rest.found * 2 > shorter.size() - 1;
    result.level = last || most ? NameLevel::MiddleDiffers : NameLevel::SurnameDiffers;
    if (result.level == NameLevel::SurnameDiffers) result.surnames.clear();
    return result;
}

std::string_view featureName(NameLevel level) {
    switch (level) {
    case NameLevel::Unknown: return "name_unknown";
    case NameLevel::Equal: return "name_equal";
    case NameLevel::Subset: return "name_compatible";
    case NameLevel::Abbreviated: return "name_abbreviated";
    case NameLevel::Swapped: return "name_swapped";
    case NameLevel::FirstOnly: return "name_first_only";
    case NameLevel::LastOnly: return "name_last_only";
    case NameLevel::MiddleDiffers: return "name_middle_differs";
    case NameLevel::SurnameDiffers: return "surname_differs";
    case NameLevel::Different: return "name_different";
    }
    return "name_unknown";
}

} // namespace trevo::match
