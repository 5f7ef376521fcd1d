#include "store/sqlite/pins.hpp"

#include "match/json_text.hpp"

#include <simdjson.h>

#include <algorithm>

namespace trevo::store::sqlite {
namespace {

constexpr std::string_view kConsent = "consent.";
constexpr std::string_view kPinned = "\"pinned\"";

// Members in order, values as JSON text.
struct Object {
    std::vector<std::pair<std::string, std::string>> members;

    std::string* find(std::string_view name) {
        const auto at =
            std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == name; });
        return at == members.end() ? nullptr : &at->second;
    }
    void set(std::string_view name, std::string_view json) {
        if (auto* held = find(name))
            *held = json;
        else
            members.emplace_back(name, json);
    }
    std::string str() const {
        match::JsonObject out;
        for (const auto& [name, json] : members)
            out.raw(name, json);
        return out.str();
    }
};

Object read(std::string_view json) {
    static thread_local simdjson::dom::parser parser;
    Object out;
    simdjson::dom::object object;
    if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) return out;
    for (const auto [name, value] : object)
        out.members.emplace_back(name, simdjson::minify(value));
    return out;
}

bool outranks(const StoredPin& a, const StoredPin& b) {
    if (a.field.starts_with(kConsent) && a.value != b.value) return a.value == "false";
    return a.at > b.at || (a.at == b.at && a.person > b.person);
}

void pinConsent(const StoredPin& pin, Object& consent, Object& from,
                const std::function<UtcTime(std::string_view)>& saidAt) {
    const std::string channel = pin.field.substr(kConsent.size());
    const std::string* said = consent.find(channel);
    const std::string* record = from.find(channel);
    if (pin.value == "true" && said && *said == "false" && record && record->size() > 2 &&
        saidAt(std::string_view(*record).substr(1, record->size() - 2)) > pin.at)
        return;
    consent.set(channel, pin.value);
    from.set(channel, kPinned);
}

} // namespace

std::vector<StoredPin> pinsOf(const Database& db, std::int64_t person) {
    std::vector<StoredPin> pins;
    Statement row = db.prepare(
        "WITH RECURSIVE ids(id) AS (SELECT ?1 UNION SELECT person.id FROM person JOIN ids ON "
        "person.redirect=ids.id) SELECT person, field, at, actor, reason, dealers, value, features FROM pin "
        "WHERE person IN (SELECT id FROM ids) ORDER BY field, person");
    for (bool any = row.first(person); any; any = row.next()) {
        StoredPin pin{row.integer(0), row.text(1), row.time(2), row.integer(3),
                      row.text(4),    row.text(5), row.text(6), row.text(7)};
        if (pins.empty() || pins.back().field != pin.field)
            pins.push_back(std::move(pin));
        else if (outranks(pin, pins.back()))
            pins.back() = std::move(pin);
    }
    return pins;
}

Pins::Pins(const Database& db)
    : database_(db),
      put_(
          db.prepare("INSERT OR REPLACE INTO pin(person, field, at, actor, reason, dealers, value, features) "
                     "VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")),
      remove_(db.prepare(
          "WITH RECURSIVE ids(id) AS (SELECT ?1 UNION SELECT person.id FROM person JOIN ids ON "
          "person.redirect=ids.id) DELETE FROM pin WHERE person IN (SELECT id FROM ids) AND field=?2")),
      any_(db.number("SELECT 1 FROM pin LIMIT 1") == 1) {}

void Pins::put(const StoredPin& pin) {
    put_.run(pin.person, pin.field, pin.at, pin.actor, pin.reason, pin.dealers, pin.value,
             Blob{pin.features});
    any_ = true;
}

bool Pins::remove(std::int64_t person, const std::string& field) {
    remove_.run(person, field);
    return database_.changes() > 0;
}

std::vector<StoredPin> Pins::of(std::int64_t person) {
    return any_ ? pinsOf(database_, person) : std::vector<StoredPin>{};
}

std::string withPins(const std::string& golden, const std::vector<StoredPin>& pins,
                     const std::function<UtcTime(std::string_view)>& saidAt) {
    if (pins.empty()) return golden;
    Object customer = read(golden);
    const auto part = [](Object& whole, std::string_view name) {
        const auto* held = whole.find(name);
        return held ? read(*held) : Object{};
    };
    Object sources = part(customer, "sources");
    std::erase_if(customer.members, [](const auto& member) { return member.first == "sources"; });
    Object consent = part(customer, "consent"), consentFrom = part(sources, "consent");
    for (const StoredPin& pin : pins) {
        if (pin.field.starts_with(kConsent)) {
            pinConsent(pin, consent, consentFrom, saidAt);
            continue;
        }
        customer.set(pin.field, pin.value);
        sources.set(pin.field, kPinned);
    }
    if (!consent.members.empty()) {
        customer.set("consent", consent.str());
        sources.set("consent", consentFrom.str());
    }
    customer.set("sources", sources.str());
    return customer.str();
}

} // namespace trevo::store::sqlite
