#include "match/names.hpp"

#include "match/model.hpp"

#include <algorithm>

namespace trevo::match {
namespace {

using Tokens = std::vector<std::string>;

bool isAbbreviationOf(const std::string& shorter, const std::string& longer) {
    return shorter.size() <= 2 && shorter.size() < longer.size() && longer.starts_with(shorter);
}

bool abbreviates(const std::string& a, const std::string& b) {
    return isAbbreviationOf(a, b) || isAbbreviationOf(b, a);
}

// LUIZ and LUIS, THIAGO and TIAGO, a slip in a longer name: at most one edit, and never in a name so short
// that one edit makes another name (ANA, ANE).
bool spelledAlike(const std::string& a, const std::string& b) {
    if (a == b) return true;
    const std::string& shorter = a.size() <= b.size() ? a : b;
    const std::string& longer = a.size() <= b.size() ? b : a;
    if (longer.size() - shorter.size() > 1) return false;
    const auto [left, right] = std::mismatch(shorter.begin(), shorter.end(), longer.begin());
    if (shorter.size() == longer.size()) {
        if (!std::equal(left + 1, shorter.end(), right + 1)) return false;
        const auto sound = [](char c) { return c == 'Z' ? 'S' : c == 'Y' ? 'I' : c == 'W' ? 'V' : c; };
        if (sound(*left) == sound(*right)) return true;
        // A changed last letter is the gender of the name: PAULO and PAULA are two people.
        return shorter.size() >= 6 && left + 1 != shorter.end();
    }
    if (!std::equal(left, shorter.end(), right + 1)) return false;
    const bool silent = *right == 'H' || (right != longer.begin() && *right == *(right - 1));
    return silent || (shorter.size() >= 6 && left != shorter.end());
}

} // namespace

NameLevel compareNames(const Tokens& a, const Tokens& b) {
    if (a.empty() || b.empty()) return NameLevel::Unknown;
    const Tokens& shorter = a.size() <= b.size() ? a : b;
    const Tokens& longer = a.size() <= b.size() ? b : a;
    if (shorter.size() == 1 && spelledAlike(shorter[0], longer[0])) return NameLevel::FirstOnly;
    if (a == b) return NameLevel::Equal;

    const bool firstAlike = spelledAlike(shorter[0], longer[0]);
    const bool firstAbbreviated = !firstAlike && abbreviates(shorter[0], longer[0]);
    if (!firstAlike && !firstAbbreviated) {
        const bool contained =
            shorter.size() >= 2 && std::all_of(shorter.begin(), shorter.end(), [&](const auto& token) {
                return std::find(longer.begin(), longer.end(), token) != longer.end();
            });
        return contained ? NameLevel::Swapped : NameLevel::Different;
    }
    if (shorter.size() == 1) return NameLevel::FirstOnly;

    bool abbreviated = firstAbbreviated;
    std::size_t at = 1;
    std::size_t found = 0;
    for (std::size_t i = 1; i < shorter.size(); ++i) {
        for (std::size_t j = at; j < longer.size(); ++j) {
            const bool alike = spelledAlike(shorter[i], longer[j]);
            if (!alike && !abbreviates(shorter[i], longer[j])) continue;
            abbreviated = abbreviated || !alike;
            at = j + 1;
            ++found;
            break;
        }
    }
    if (found == shorter.size() - 1) {
        if (abbreviated) return NameLevel::Abbreviated;
        return shorter.size() == longer.size() ? NameLevel::Equal : NameLevel::Subset;
    }
    if (firstAlike && spelledAlike(shorter.back(), longer.back())) return NameLevel::MiddleDiffers;
    return firstAlike ? NameLevel::SurnameDiffers : NameLevel::Different;
}

bool firstNamesCompatible(NameLevel level) {
    return level != NameLevel::Different;
}

std::string_view featureName(NameLevel level) {
    switch (level) {
    case NameLevel::Unknown: return "name_unknown";
    case NameLevel::Equal: return "name_equal";
    case NameLevel::Subset: return "name_compatible";
    case NameLevel::Abbreviated: return "name_abbreviated";
    case NameLevel::Swapped: return "name_swapped";
    case NameLevel::FirstOnly: return "name_first_only";
    case NameLevel::MiddleDiffers: return "name_middle_differs";
    case NameLevel::SurnameDiffers: return "surname_differs";
    case NameLevel::Different: return "name_different";
    }
    return "name_unknown";
}

double weightOf(NameLevel level) {
    switch (level) {
    case NameLevel::Unknown: return 0;
    case NameLevel::Equal: return weights::kNameEqual;
    case NameLevel::Subset: return weights::kNameSubset;
    case NameLevel::Abbreviated: return weights::kNameAbbreviated;
    case NameLevel::Swapped: return weights::kNameSwapped;
    case NameLevel::FirstOnly: return weights::kNameFirstOnly;
    case NameLevel::MiddleDiffers: return weights::kNameMiddleDiffers;
    case NameLevel::SurnameDiffers: return weights::kSurnameDiffers;
    case NameLevel::Different: return weights::kNameDifferent;
    }
    return 0;
}

} // namespace trevo::match
