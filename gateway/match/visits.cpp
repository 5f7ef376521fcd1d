#include "match/visits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace trevo::match {
namespace {

enum class Same : std::uint8_t { Nothing, Dealer, Model, Year };

// Model years are told as built or as sold: one apart is no contradiction.
Same same(const Features& features, const Visit& visit) {
    if (visit.dealer != features.dealer) return Same::Nothing;
    if (visit.model.empty() || features.model.empty()) return Same::Dealer;
    if (visit.model != features.model) return Same::Nothing;
    if (visit.modelYear == 0 || !features.modelYear) return Same::Model;
    const int apart = std::abs(visit.modelYear - *features.modelYear);
    return apart == 0 ? Same::Year : apart == 1 ? Same::Model : Same::Nothing;
}

bool anotherCar(const std::string& mine, const std::set<std::string>& theirs) {
    return !mine.empty() && !theirs.empty() && !theirs.contains(mine);
}

} // namespace

bool sameDealerLately(const Features& features, const Profile& profile) {
    return !features.dealer.empty() &&
           std::any_of(profile.visits.begin(), profile.visits.end(), [&](const Visit& visit) {
               return visit.dealer == features.dealer &&
                      std::llabs(visit.at - features.at) <= kPeriodSeconds / 2;
           });
}

std::string trafficOf(const std::string& carModel, int modelYear) {
    return carModel.empty() || modelYear == 0 ? carModel : carModel + "|" + std::to_string(modelYear);
}

std::optional<VisitEvidence> sameVisit(const Features& features, const Profile& profile, const Model& model,
                                       CandidateSource& source) {
    if (features.kind == model::Kind::Customer || features.dealer.empty() ||
        anotherCar(features.plate, profile.plates))
        return std::nullopt;
    std::optional<VisitEvidence> best;
    double most = 0;
    for (const Visit& visit : profile.visits) {
        const std::int64_t seconds = std::llabs(visit.at - features.at);
        const Same level = same(features, visit);
        if (level == Same::Nothing || seconds > kPeriodSeconds / 2) continue;
        const std::string about =
            level == Same::Dealer ? std::string()
                                  : trafficOf(features.model, level == Same::Year ? *features.modelYear : 0);
        const double rate =
            std::max(source.traffic(features.dealer, about, features.at),
                     level == Same::Dealer ? model.limits.dealerTraffic : model.limits.traffic);
        const double others = 2 * model.time.visitDays * rate;
        // The longer the gap between two contacts, the rarer it is.
        const double gap = std::log(static_cast<double>(seconds) / 86'400 + 0.5);
        const double bonus =
            (level == Same::Dealer ? model.values.visitDealer : model.values.visitModel) - gap;
        if (best && bonus - std::log(others) <= most) continue;
        most = bonus - std::log(others);
        best = {level == Same::Year    ? "same_model_and_year_lately"
                : level == Same::Model ? "same_model_lately"
                                       : "same_dealer_lately",
                bonus, others};
    }
    return best;
}

} // namespace trevo::match
