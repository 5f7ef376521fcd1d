#include "match/name_weights.hpp"

#include <algorithm>
#include <cmath>

namespace trevo::match {

double NameWeights::weight(NamePart part, std::string_view token, bool household) {
    Known& known = find(part, token);
    auto& weight = known.weights[household ? 1 : 0];
    if (!weight) {
        const auto& n = model_.names;
        double chance = known.share;
        if (household)
            chance += (part == NamePart::First ? n.householdFirst : n.householdLast) * (1 - chance);
        weight = std::log(n.agree / chance);
    }
    return *weight;
}

NameWeights::Known& NameWeights::find(NamePart part, std::string_view token) {
    for (Known& known : known_) {
        if (known.part == part && known.token == token) return known;
    }
    return known_.emplace_back(Known{part, token, share(part, token), {}});
}

double NameWeights::share(NamePart part, std::string_view token) const {
    const auto& common = part == NamePart::First ? model_.commonFirst : model_.commonLast;
    const auto at = common.find(std::string(token));
    const double seed = at == common.end() ? model_.names.rarest : at->second;
    const double named = source_.peopleNamed(part, {});
    const double count = source_.peopleNamed(part, token);
    return std::max((count + seed * model_.names.seedPeople) / (named + model_.names.seedPeople),
                    model_.names.rarest);
}

} // namespace trevo::match
