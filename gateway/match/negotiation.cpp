#include "match/match.hpp"

#include <algorithm>
#include <cstdlib>

namespace trevo::match {
namespace {

// What does not name its vehicle speaks of a negotiation at its own dealer; of one at another dealer of the
// group only when in touch there a few hours before.
constexpr std::int64_t kOtherDealerApart = 6 * kHour;
// One car has an ad on each portal. Of two ads whose cars nobody described, in touch at one dealer about
// then, it is likelier that they are of one car.
constexpr std::int64_t kOtherAdApart = 14 * kDay;

bool closes(model::Kind kind) {
    return kind == model::Kind::Sale || kind == model::Kind::Invoice;
}

bool bothDiffer(const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
}
bool bothEqual(const std::string& a, const std::string& b) {
    return !a.empty() && a == b;
}

template <class T>
bool namesVehicle(const T& facts) {
    return !facts.plate.empty() || !facts.vin.empty() || !facts.stockId.empty() || !facts.adId.empty() ||
           !facts.model.empty();
}

// "ARGO" and "ARGO 1.3 DRIVE" are one model.
bool sameModel(const std::string& a, const std::string& b) {
    const std::string& shorter = a.size() <= b.size() ? a : b;
    const std::string& longer = a.size() <= b.size() ? b : a;
    return !shorter.empty() && longer.starts_with(shorter) &&
           (longer.size() == shorter.size() || longer[shorter.size()] == ' ');
}

// An ad by itself tells nothing of the car.
template <class T>
bool onlyAd(const T& facts) {
    return !facts.adId.empty() && facts.plate.empty() && facts.vin.empty() && facts.stockId.empty() &&
           facts.model.empty();
}

bool unlikeAdsAlone(const Features& features, const OpenNegotiation& open) {
    return bothDiffer(features.adId, open.adId) && (onlyAd(features) || onlyAd(open));
}

enum Strength { kNone = 0, kLatest, kFirstVehicle, kModel, kAd, kUnit };

// The strongest reason why both speak of one vehicle.
Strength sameVehicle(model::Kind kind, const Features& features, const OpenNegotiation& open,
                     const char*& why) {
    if (bothEqual(features.plate, open.plate)) return why = "same_plate", kUnit;
    if (bothEqual(features.vin, open.vin)) return why = "same_vin", kUnit;
    if (bothDiffer(features.plate, open.plate) || bothDiffer(features.vin, open.vin)) return kNone;
    if (bothEqual(features.stockId, open.stockId)) return why = "same_stock", kUnit;
    if (bothDiffer(features.stockId, open.stockId)) return kNone;
    if (bothEqual(features.adId, open.adId)) return why = "same_ad", kAd;
    const bool years =
        !features.modelYear || !open.modelYear || std::abs(*features.modelYear - *open.modelYear) <= 1;
    if (sameModel(features.model, open.model) && !bothDiffer(features.brand, open.brand) && years)
        return why = "same_model", kModel;
    // The first message of somebody often names no car; the car that comes next belongs to it.
    if (!namesVehicle(open)) return why = "first_vehicle", kFirstVehicle;
    const bool unlike =
        bothDiffer(features.model, open.model) || bothDiffer(features.brand, open.brand) || !years;
    // A sale often names only the chassis: where nothing speaks against it, it is of what was talked about.
    if (closes(kind) && !unlike) return why = "sale_of_latest", kLatest;
    // One names nothing but an ad that the other does not name: nothing to compare, and nothing against.
    const bool ads = !features.adId.empty() && !open.adId.empty();
    if (kind != model::Kind::WorkOrder && !ads && (onlyAd(features) || onlyAd(open)))
        return why = "latest_open", kLatest;
    return kNone;
}

} // namespace

Grouping group(model::Kind kind, const Features& features, UtcTime at, std::int64_t dealer,
               const std::vector<OpenNegotiation>& open, std::int64_t windowMicros) {
    std::vector<const OpenNegotiation*> nearestFirst;
    for (const auto& negotiation : open)
        nearestFirst.push_back(&negotiation);
    std::sort(nearestFirst.begin(), nearestFirst.end(), [&](const auto* a, const auto* b) {
        return std::tuple(a->dealer == dealer, a->lastEvent, a->id) >
               std::tuple(b->dealer == dealer, b->lastEvent, b->id);
    });

    const bool vehicle = namesVehicle(features);
    const OpenNegotiation* best = nullptr;
    const char* why = "";
    Strength strength = kNone;
    bool passed = false;
    bool anyOpen = false;
    for (const OpenNegotiation* negotiation : nearestFirst) {
        const std::int64_t apart = std::llabs(at - negotiation->lastEvent);
        const char* reason = "";
        Strength same = vehicle ? sameVehicle(kind, features, *negotiation, reason) : kNone;
        if (same == kNone && negotiation->dealer == dealer && apart <= kOtherAdApart &&
            kind != model::Kind::WorkOrder && unlikeAdsAlone(features, *negotiation))
            same = kLatest, reason = "latest_open";
        if (negotiation->closed && !(closes(kind) && same >= kModel)) continue;
        if (apart > windowMicros) {
            passed = passed || same >= kModel || !vehicle;
            continue;
        }
        anyOpen = true;
        if (!vehicle) {
            if (!best && (negotiation->dealer == dealer || apart <= kOtherDealerApart))
                best = negotiation, why = "no_vehicle_latest_open";
            continue;
        }
        if (same < kModel && negotiation->dealer != dealer && apart > kOtherDealerApart) continue;
        if (same > strength) best = negotiation, why = reason, strength = same;
    }
    if (best) return {best->id, why};
    if (passed) return {std::nullopt, "window_passed"};
    return {std::nullopt, anyOpen ? "new_vehicle" : "first_contact"};
}

SameCar sameCar(const Features& a, const Features& b) {
    if (!namesVehicle(a) || !namesVehicle(b)) return SameCar::Unknown;
    OpenNegotiation other;
    join(other, model::Kind::Lead, b, UtcTime{});
    const char* why = "";
    if (sameVehicle(model::Kind::Lead, a, other, why) != kNone) return SameCar::Yes;
    return bothDiffer(a.plate, b.plate) || bothDiffer(a.vin, b.vin) || bothDiffer(a.model, b.model)
               ? SameCar::No
               : SameCar::Unknown;
}

void join(OpenNegotiation& negotiation, model::Kind kind, const Features& features, UtcTime at) {
    const auto fill = [](std::string& held, const std::string& value) {
        if (held.empty()) held = value;
    };
    negotiation.lastEvent = std::max(negotiation.lastEvent, at);
    negotiation.closed = negotiation.closed || closes(kind);
    fill(negotiation.plate, features.plate);
    fill(negotiation.vin, features.vin);
    fill(negotiation.adId, features.adId);
    fill(negotiation.stockId, features.stockId);
    fill(negotiation.brand, features.brand);
    fill(negotiation.model, features.model);
    if (!negotiation.modelYear) negotiation.modelYear = features.modelYear;
}

} // namespace trevo::match
