#include "sample.hpp"

#include "base/json_text.hpp"
#include "match/json_text.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <stdexcept>

namespace trevo::store::test {
namespace {

std::string list(const std::string& value) {
    std::string out = "[";
    appendJsonString(out, value);
    return out + "]";
}

} // namespace

model::Record record(const Who& who, const What& what) {
    model::Record r;
    r.kind = what.kind;
    r.source.integration = "site";
    r.source.externalId = what.externalId;
    r.source.occurredAt = model::Timestamp{what.at, formatRfc3339(what.at)};
    r.dealer = what.dealer;
    r.customer.name = who.name;
    r.customer.birthDate = who.birthDate;
    if (!who.document.empty())
        r.customer.document = model::Document{who.document, who.document.size() == 14, true};
    if (!who.phone.empty()) r.customer.phones.push_back({who.phone, true, who.phoneAreaAssumed, false});
    if (!who.email.empty()) r.customer.emails.push_back({who.email, true});
    if (!what.plate.empty() || !what.model.empty()) {
        r.vehicle.emplace();
        r.vehicle->plate = what.plate;
        r.vehicle->model = what.model;
    }
    match::JsonObject customer;
    customer.textIfAny("name", who.name).textIfAny("document", who.document);
    if (!who.phone.empty()) customer.raw("phones", list(who.phone));
    if (!who.email.empty()) customer.raw("emails", list(who.email));
    customer.textIfAny("birth_date", who.birthDate);
    match::JsonObject body;
    body.text("kind", model::name(what.kind)).text("at", formatRfc3339(what.at)).text("dealer", what.dealer);
    body.raw("customer", customer.str());
    if (r.vehicle)
        body.raw("vehicle",
                 match::JsonObject().textIfAny("plate", what.plate).textIfAny("model", what.model).str());
    r.body = body.str();
    return r;
}

// In memory where there is such a place: these tests are about what the store decides, not about the disk,
// which tests/crash looks at.
TestStore::TestStore() {
    std::error_code missing;
    const bool memory = std::filesystem::is_directory("/dev/shm", missing) && access("/dev/shm", W_OK) == 0;
    const auto parent = memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "trevo-store-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    reopen();
}

TestStore::~TestStore() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

Options TestStore::options() const {
    Options options;
    options.path = path();
    options.dealers = {{"centro", "grupo", "11222333000181"}, {"norte", "grupo", ""}, {"rival", "outro", ""}};
    options.duplicates = duplicates_;
    options.erasureKey = "a secret of the tests";
    return options;
}

void TestStore::reopen(std::vector<DuplicateRule> duplicates) {
    duplicates_ = std::move(duplicates);
    reopen();
}

void TestStore::reopen() {
    store_.reset();
    store_ = openSqlite(options());
}

Incoming TestStore::incoming(std::vector<model::Record> records, bool trial) {
    Incoming in;
    ++envelopes_;
    for (int i = 0; i < 8; ++i)
        in.envelope.bytes[static_cast<std::size_t>(i)] =
            static_cast<std::uint8_t>(envelopes_ >> (56 - 8 * i));
    in.integration = "site";
    in.mappingVersion = "1";
    in.receivedAt = kNow;
    in.trial = trial;
    in.records = std::move(records);
    return in;
}

EnvelopeResult TestStore::send(std::vector<model::Record> records, bool trial) {
    const Incoming in = incoming(std::move(records), trial);
    return writer().apply({&in, 1}, kNow).at(0);
}

AppliedRecord TestStore::add(const model::Record& record, bool trial) {
    return send({record}, trial).records.at(0);
}

std::string TestStore::projection() {
    std::string text;
    for (const auto& p : reader().people({}, {0, 10'000, false}))
        text += p.id + " " + std::to_string(p.records) + " " + std::to_string(p.negotiations) + " " +
                p.golden + "\n";
    for (const auto& n : reader().negotiations({}, {0, 10'000, false})) {
        text += n.id + " " + n.person + " " + n.dealer + " " + n.state + " " +
                std::to_string(n.openedAt.micros) + " " + std::to_string(n.lastEventAt.micros) + " " +
                n.vehicle;
        for (const auto& r : n.records)
            text += " " + r;
        text += "\n";
    }
    const auto counts = reader().counts();
    text += std::to_string(counts.records) + " " + std::to_string(counts.people) + " " +
            std::to_string(counts.negotiations);
    return text;
}

} // namespace trevo::store::test
