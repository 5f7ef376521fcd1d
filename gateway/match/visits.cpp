#include "match/visits.hpp"

#include "match/names.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace trevo::match {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// What two contacts with one dealer have in common; counts from 0.
struct Same {
    enum Level : std::size_t { Dealer, Model, Year, Nothing };
};
constexpr const char* kVisitFeatures[] = {"same_dealer_lately", "same_model_lately",
                                          "same_model_and_year_lately"};

// Model years are told as built or as sold: one apart is no contradiction.
Same::Level levelOf(const Features& features, const Visit& visit) {
    if (visit.dealer != features.dealer) return Same::Nothing;
    if (visit.model.empty() || features.model.empty()) return Same::Dealer;
    if (visit.model != features.model) return Same::Nothing;
    if (visit.modelYear == 0 || !features.modelYear) return Same::Model;
    const int apart = std::abs(visit.modelYear - *features.modelYear);
    return apart == 0 ? Same::Year : apart == 1 ? Same::Model : Same::Nothing;
}

// Seconds between the two; kNever when not at one dealer about then.
std::int64_t gapTo(const Visit& visit, const Features& features) {
    const std::int64_t seconds = std::llabs(visit.at - features.at);
    return visit.dealer == features.dealer && seconds <= kPeriodSeconds / 2 ? seconds : kNever;
}

bool anotherCar(const std::string& mine, const std::set<std::string>& theirs) {
    return !mine.empty() && !theirs.empty() && !theirs.contains(mine);
}

} // namespace

bool isVisit(const Features& features) {
    return negotiates(features.kind) && !features.dealer.empty() && features.at > 0;
}

Visit visitOf(const Features& features) {
    if (!isVisit(features)) return {features.at, {}, {}, 0};
    return {features.at, features.dealer, features.model, features.modelYear.value_or(0)};
}

std::vector<Key> visitKeys(const Features& features) {
    if (!isVisit(features) || features.nameTokens.size() < 2) return {};
    const std::string who = soundOf(features.nameTokens.front()) + "|" + soundOf(features.nameTokens.back()) +
                            "|" + features.dealer + "|";
    const std::int64_t period = features.at / kPeriodSeconds;
    const std::int64_t nearer = features.at % kPeriodSeconds < kPeriodSeconds / 2 ? period - 1 : period + 1;
    return {keyOf(KeyKind::Visit, who + std::to_string(period)),
            keyOf(KeyKind::Visit, who + std::to_string(nearer))};
}

bool sameDealerLately(const Features& features, const Profile& profile) {
    return isVisit(features) &&
           std::any_of(profile.visits.begin(), profile.visits.end(),
                       [&](const Visit& visit) { return gapTo(visit, features) != kNever; });
}

std::string trafficOf(const std::string& carModel, int modelYear) {
    return carModel.empty() || modelYear == 0 ? carModel : carModel + "|" + std::to_string(modelYear);
}

std::optional<VisitEvidence> sameVisit(const Features& features, const Profile& profile, const Model& model,
                                       CandidateSource& source) {
    if (!isVisit(features) || anotherCar(features.plate, profile.plates)) return std::nullopt;
    std::array<std::int64_t, Same::Nothing> nearest{kNever, kNever, kNever};
    for (const Visit& visit : profile.visits) {
        const Same::Level level = levelOf(features, visit);
        if (level != Same::Nothing) nearest[level] = std::min(nearest[level], gapTo(visit, features));
    }
    const std::string about[] = {"", features.model,
                                 trafficOf(features.model, features.modelYear.value_or(0))};
    std::optional<VisitEvidence> best;
    double most = 0;
    for (std::size_t level = Same::Dealer; level < Same::Nothing; ++level) {
        if (nearest[level] == kNever) continue;
        const bool dealer = level == Same::Dealer;
        const double rate = std::max(source.traffic(features.dealer, about[level], features.at),
                                     dealer ? model.limits.dealerTraffic : model.limits.traffic);
        const double others = 2 * model.limits.visitDays * rate;
        // The longer the gap between two contacts, the rarer it is.
        const double gap = std::log(static_cast<double>(nearest[level]) / 86'400 + 0.5);
        const double bonus = (dealer ? model.values.visitDealer : model.values.visitModel) - gap;
        if (best && bonus - std::log(others) <= most) continue;
        most = bonus - std::log(others);
        best = {kVisitFeatures[level], bonus, others};
    }
    return best;
}

} // namespace trevo::match
