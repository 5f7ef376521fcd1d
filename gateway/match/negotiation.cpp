#include "match/match.hpp"

#include <algorithm>
#include <cstdlib>

namespace trevo::match {
namespace {

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

enum Strength { kNone = 0, kSaleOfLatest, kFirstVehicle, kModel, kAd, kUnit };

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
    // A sale often names only the chassis: where nothing speaks against it, it is of what was talked about.
    const bool unlike =
        bothDiffer(features.model, open.model) || bothDiffer(features.brand, open.brand) || !years;
    if (closes(kind) && !unlike) return why = "sale_of_latest", kSaleOfLatest;
    return kNone;
}

} // namespace

Grouping group(model::Kind kind, const Features& features, UtcTime at,
               const std::vector<OpenNegotiation>& open, std::int64_t windowMicros) {
    std::vector<const OpenNegotiation*> latestFirst;
    for (const auto& negotiation : open)
        latestFirst.push_back(&negotiation);
    std::sort(latestFirst.begin(), latestFirst.end(), [](const auto* a, const auto* b) {
        return std::tuple(a->lastEvent, a->id) > std::tuple(b->lastEvent, b->id);
    });

    const bool vehicle = namesVehicle(features);
    const OpenNegotiation* best = nullptr;
    const char* why = "";
    Strength strength = kNone;
    bool passed = false;
    bool anyOpen = false;
    for (const OpenNegotiation* negotiation : latestFirst) {
        const std::int64_t apart = std::llabs(at - negotiation->lastEvent);
        const char* reason = "";
        const Strength same = vehicle ? sameVehicle(kind, features, *negotiation, reason) : kNone;
        if (negotiation->closed && !(closes(kind) && same >= kModel)) continue;
        if (apart > windowMicros) {
            passed = passed || same >= kModel || !vehicle;
            continue;
        }
        anyOpen = true;
        if (!vehicle) {
            if (!best) best = negotiation, why = "no_vehicle_latest_open";
            continue;
        }
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
