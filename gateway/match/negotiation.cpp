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

// The strongest reason why both speak of one vehicle: 5 plate, VIN or stock unit, 2 ad, 1 model; 0 none.
int sameVehicle(const Features& features, const OpenNegotiation& open, const char*& why) {
    if (bothEqual(features.plate, open.plate)) return why = "same_plate", 5;
    if (bothEqual(features.vin, open.vin)) return why = "same_vin", 5;
    if (bothDiffer(features.plate, open.plate) || bothDiffer(features.vin, open.vin)) return 0;
    if (bothEqual(features.stockId, open.stockId)) return why = "same_stock", 5;
    if (bothDiffer(features.stockId, open.stockId)) return 0;
    if (bothEqual(features.adId, open.adId)) return why = "same_ad", 2;
    if (bothEqual(features.model, open.model) && !bothDiffer(features.brand, open.brand) &&
        (!features.modelYear || !open.modelYear || std::abs(*features.modelYear - *open.modelYear) <= 1))
        return why = "same_model", 1;
    return 0;
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
    int strength = 0;
    bool passed = false;
    bool anyOpen = false;
    for (const OpenNegotiation* negotiation : latestFirst) {
        const std::int64_t apart = std::llabs(at - negotiation->lastEvent);
        const char* reason = "";
        int same = vehicle ? sameVehicle(features, *negotiation, reason) : 0;
        if (negotiation->closed && !(closes(kind) && same >= 5)) continue;
        if (apart > windowMicros) {
            passed = passed || same > 0 || !vehicle;
            continue;
        }
        anyOpen = true;
        if (!vehicle) {
            if (!best) best = negotiation, why = "no_vehicle_latest_open";
            continue;
        }
        // The first message of somebody often names no car; the car that comes next belongs to it.
        if (same == 0 && !namesVehicle(*negotiation)) same = 1, reason = "first_vehicle";
        if (same > strength) best = negotiation, why = reason, strength = same;
    }
    if (best) return {best->id, why};
    if (passed) return {std::nullopt, "window_passed"};
    return {std::nullopt, anyOpen ? "new_vehicle" : "first_contact"};
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
