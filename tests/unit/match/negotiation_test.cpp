#include "match/match.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::match;

namespace {

const UtcTime kNow = UtcTime::fromSeconds(1'790'000'000);
constexpr std::int64_t kWindow = 30 * kDay;

struct Car {
    const char* plate = "";
    const char* vin = "";
    const char* ad = "";
    const char* model = "";
    int year = 0;
    const char* stock = "";
};

Features features(const Car& car) {
    Features f;
    f.plate = car.plate;
    f.vin = car.vin;
    f.adId = car.ad;
    f.model = car.model;
    f.stockId = car.stock;
    if (car.year) f.modelYear = car.year;
    return f;
}

OpenNegotiation negotiation(const Car& car, UtcTime last = kNow, bool closed = false) {
    OpenNegotiation n;
    n.id = 1;
    join(n, model::Kind::Lead, features(car), last);
    n.closed = closed;
    return n;
}

} // namespace

TEST_CASE("a record joins the negotiation of its car, or opens one", "[negotiation]") {
    struct Row {
        const char* rule;
        Car open, record;
        bool joins;
        const char* why;
    };
    const Row rows[] = {
        {"same plate", {"ABC1D23"}, {"ABC1D23"}, true, "same_plate"},
        {"same VIN", {"", "9BW1"}, {"", "9BW1"}, true, "same_vin"},
        {"same stock unit", {"", "", "", "ARGO", 0, "S1"}, {"", "", "", "MOBI", 0, "S1"}, true, "same_stock"},
        {"same ad", {"", "", "A1"}, {"", "", "A1"}, true, "same_ad"},
        {"same model and year", {"", "", "", "ARGO", 2022}, {"", "", "", "ARGO", 2022}, true, "same_model"},
        {"a year apart", {"", "", "", "ARGO", 2022}, {"", "", "", "ARGO", 2023}, true, "same_model"},
        {"two years apart", {"", "", "", "ARGO", 2022}, {"", "", "", "ARGO", 2024}, false, "new_vehicle"},
        {"another model", {"", "", "", "ARGO"}, {"", "", "", "MOBI"}, false, "new_vehicle"},
        {"two plates of one model are two cars",
         {"ABC1D23", "", "", "ARGO"},
         {"XYZ9A87", "", "", "ARGO"},
         false,
         "new_vehicle"},
        {"no car joins the open one", {"ABC1D23"}, {}, true, "no_vehicle_latest_open"},
        {"the first car named belongs to the open talk", {}, {"ABC1D23"}, true, "first_vehicle"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.rule);
        const Grouping grouping =
            group(model::Kind::Lead, features(row.record), kNow + kDay, 0, {negotiation(row.open)}, kWindow);
        CHECK(grouping.join.has_value() == row.joins);
        CHECK(grouping.why == row.why);
    }
}

TEST_CASE("nothing open yet is a first contact", "[negotiation]") {
    CHECK(group(model::Kind::Lead, features({"ABC1D23"}), kNow, 0, {}, kWindow).why == "first_contact");
}

TEST_CASE("the window counts from the last event, in both directions", "[negotiation]") {
    for (const auto apart : {kWindow + 1, -kWindow - 1}) {
        const Grouping grouping = group(model::Kind::Lead, features({"ABC1D23"}), kNow + apart, 0,
                                        {negotiation({"ABC1D23"})}, kWindow);
        CHECK_FALSE(grouping.join);
        CHECK(grouping.why == "window_passed");
    }
    CHECK(group(model::Kind::Lead, features({"ABC1D23"}), kNow + kWindow, 0, {negotiation({"ABC1D23"})},
                kWindow)
              .join);
}

TEST_CASE("a closed negotiation takes only a sale or invoice of its car", "[negotiation]") {
    const std::vector<OpenNegotiation> closed{negotiation({"ABC1D23"}, kNow, true)};
    CHECK_FALSE(group(model::Kind::Lead, features({"ABC1D23"}), kNow, 0, closed, kWindow).join);
    CHECK_FALSE(group(model::Kind::Call, features({}), kNow, 0, closed, kWindow).join);
    CHECK(group(model::Kind::Invoice, features({"ABC1D23"}), kNow, 0, closed, kWindow).join);
    CHECK_FALSE(group(model::Kind::Invoice, features({"XYZ9A87"}), kNow, 0, closed, kWindow).join);
}

TEST_CASE("the plate outranks the model, and without a car the latest open one is taken", "[negotiation]") {
    OpenNegotiation byModel = negotiation({"", "", "", "ARGO"}, kNow + kHour);
    OpenNegotiation byPlate = negotiation({"ABC1D23", "", "", "ARGO"});
    byPlate.id = 2;
    CHECK(
        group(model::Kind::Lead, features({"ABC1D23", "", "", "ARGO"}), kNow, 0, {byModel, byPlate}, kWindow)
            .join == 2);
    CHECK(group(model::Kind::Call, features({}), kNow, 0, {byModel, byPlate}, kWindow).join == 1);
}

TEST_CASE("nothing but an ad: the open negotiation is meant", "[negotiation]") {
    const auto why = [](const Car& open, const Car& record, model::Kind kind = model::Kind::Lead) {
        return group(kind, features(record), kNow, 0, {negotiation(open)}, kWindow).why;
    };
    CHECK(why({"", "", "", "ARGO"}, {"", "", "A1"}) == "latest_open");
    CHECK(why({"", "", "A1"}, {"ABC1D23"}) == "latest_open");
    CHECK(why({"", "", "", "ARGO"}, {"ABC1D23"}) == "new_vehicle");
    // A car in the workshop is not the one that is talked about.
    CHECK(why({"", "", "A1"}, {"ABC1D23"}, model::Kind::WorkOrder) == "new_vehicle");
}

TEST_CASE("another ad of an unknown car is of the same talk when it comes soon and at the same dealer",
          "[negotiation]") {
    const auto why = [](const Car& record, std::int64_t apart, std::int64_t dealer = 0) {
        return group(model::Kind::Call, features(record), kNow + apart, dealer, {negotiation({"", "", "A1"})},
                     kWindow)
            .why;
    };
    CHECK(why({"", "", "A2"}, kDay) == "latest_open");
    CHECK(why({"", "", "A2", "ARGO"}, kDay) == "latest_open");
    CHECK(why({"", "", "A2"}, 20 * kDay) == "new_vehicle");
    CHECK(why({"", "", "A2"}, kDay, 1) == "new_vehicle");
}

TEST_CASE("what names no vehicle belongs to its own dealer's negotiation", "[negotiation]") {
    OpenNegotiation here = negotiation({"", "", "", "ARGO"}),
                    there = negotiation({"", "", "", "MOBI"}, kNow + kHour);
    here.dealer = 1;
    there.dealer = there.id = 2;
    const auto joined = [&](const Car& car, UtcTime at, std::int64_t dealer) {
        return group(model::Kind::Call, features(car), at, dealer, {here, there}, kWindow).join;
    };
    CHECK(joined({}, kNow + kDay, 1) == 1);
    CHECK(joined({}, kNow + kDay, 2) == 2);
    CHECK(joined({}, kNow + 3 * kHour, 3) == 2); // just been in touch elsewhere in the group
    CHECK_FALSE(joined({}, kNow + kDay, 3));
    CHECK(joined({"", "", "", "ARGO"}, kNow + 5 * kDay, 3) == 1); // the vehicle tells
}

TEST_CASE("joining keeps the latest time, fills what was missing, and a sale closes", "[negotiation]") {
    OpenNegotiation n = negotiation({"", "", "A1"});
    join(n, model::Kind::Sale, features({"ABC1D23", "", "A2"}), kNow + (-kDay));
    CHECK(n.lastEvent == kNow);
    CHECK(n.plate == "ABC1D23");
    CHECK(n.adId == "A1");
    CHECK(n.closed);
}
