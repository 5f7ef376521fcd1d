// A reader that knows nothing but the change feed ends up with the store's own people and negotiations.
#include "life.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <sstream>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {

using Json = nlohmann::json;

struct Mirror {
    std::map<std::string, std::string> personOf, negotiationOf; // by record
    std::set<std::string> people;
    std::map<std::string, Json> negotiations;

    void take(const EventRow& event) {
        const Json data = Json::parse(event.data);
        if (event.type == "record.created" || event.type == "record.updated" ||
            event.type == "record.moved") {
            personOf[event.subject] = data.at("person");
            negotiationOf[event.subject] = data.value("negotiation", "");
        } else if (event.type == "person.created" || event.type == "person.split") {
            people.insert(event.subject);
        } else if (event.type == "person.merged") {
            people.erase(event.subject);
        } else if (event.type == "person.erased") {
            people.erase(event.subject);
            for (const auto& record : data.at("records")) {
                personOf.erase(record.get<std::string>());
                negotiationOf.erase(record.get<std::string>());
            }
            for (const auto& negotiation : data.at("negotiations"))
                negotiations.erase(negotiation.get<std::string>());
        } else if (event.type.starts_with("negotiation.")) {
            if (data.contains("into"))
                negotiations.erase(event.subject);
            else
                negotiations[event.subject] = data;
        }
    }

    std::string text() const {
        std::string out;
        std::map<std::string, int> members;
        for (const auto& [record, person] : personOf) {
            ++members[person];
            out += record + " " + person + " " + negotiationOf.at(record) + "\n";
        }
        for (const auto& person : people)
            out += person + " " + std::to_string(members[person]) + "\n";
        for (const auto& [id, state] : negotiations)
            out += id + " " + state.at("person").get<std::string>() + " " +
                   state.at("state").get<std::string>() + " " + state.at("opened_at").get<std::string>() +
                   " " + state.at("last_event_at").get<std::string>() + "\n";
        return out;
    }
};

// The lines that only one of the two has.
std::string difference(const Mirror& feed, const Mirror& store) {
    const auto lines = [](const Mirror& mirror) {
        std::istringstream text(mirror.text());
        std::set<std::string> all;
        for (std::string line; std::getline(text, line);)
            all.insert(line);
        return all;
    };
    const auto a = lines(feed), b = lines(store);
    std::string out;
    for (const auto& line : a)
        if (!b.contains(line)) out += "feed: " + line + "\n";
    for (const auto& line : b)
        if (!a.contains(line)) out += "store: " + line + "\n";
    return out;
}

Mirror fromFeed(TestStore& store, bool everyEventTwice = false) {
    Mirror mirror;
    std::int64_t after = 0;
    while (true) {
        const auto page = store.reader().events(after, 50, {});
        if (page.empty()) return mirror;
        for (const auto& event : page) {
            mirror.take(event);
            if (everyEventTwice) mirror.take(event);
            after = event.sequence;
        }
    }
}

Mirror fromStore(TestStore& store) {
    Mirror mirror;
    for (const auto& row : store.reader().records({}, {0, 10'000, false})) {
        mirror.personOf[row.id] = row.person;
        mirror.negotiationOf[row.id] = row.negotiation;
    }
    for (const auto& row : store.reader().people({}, {0, 10'000, false}))
        mirror.people.insert(row.id);
    for (const auto& row : store.reader().negotiations({}, {0, 10'000, false}))
        mirror.negotiations[row.id] = {{"person", row.person},
                                       {"state", row.state},
                                       {"opened_at", formatRfc3339(row.openedAt)},
                                       {"last_event_at", formatRfc3339(row.lastEventAt)}};
    return mirror;
}

} // namespace

TEST_CASE("the feed replayed into nothing gives exactly the store's people and negotiations", "[history]") {
    for (const unsigned seed : {31U, 32U, 33U, 34U}) {
        CAPTURE(seed);
        TestStore store;
        Life life(store, seed);
        while (life.go()) {
        }
        CHECK(life.changes() > 3);
        CHECK(difference(fromFeed(store), fromStore(store)) == "");
        CHECK(difference(fromFeed(store, true), fromStore(store)) == "");
    }
}
