#include "support/labelled/stream.hpp"

#include "base/json_text.hpp"
#include "canonical/read.hpp"
#include "match/json_text.hpp"

#include <algorithm>
#include <stdexcept>

namespace trevo::labelled {
namespace {

using match::JsonObject;
using model::Kind;

constexpr std::int64_t kStart = 1'780'000'000; // seconds
constexpr std::int64_t kSpan = 200 * 86'400;

std::string list(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const auto& text : texts) {
        if (out.size() > 1) out += ',';
        appendJsonString(out, text);
    }
    return out + "]";
}

class Writer {
  public:
    Writer(const World& world, std::uint64_t seed, std::size_t wanted)
        : world_(world), dice_(seed * 104'729 + 5), wanted_(wanted) {}

    std::vector<Labelled> run() {
        while (out_.size() < wanted_)
            negotiate(static_cast<int>(dice_.below(world_.people.size())));
        std::stable_sort(out_.begin(), out_.end(),
                         [](const Labelled& a, const Labelled& b) { return a.received < b.received; });
        out_.resize(wanted_);
        return std::move(out_);
    }

  private:
    const Person& personOf(int index) const { return world_.people[static_cast<std::size_t>(index)]; }

    void negotiate(int person) {
        const auto car = dice_.skewed(world_.cars.size(), 1.2);
        dealer_ = static_cast<int>((car * 7 + 3) % 4);
        ++negotiation_;
        std::int64_t at = kStart + static_cast<std::int64_t>(dice_.below(kSpan));
        const std::size_t steps = 1 + dice_.skewed(4, 1.5);
        write(person, car, first(), at);
        bool sold = false;
        for (std::size_t i = 1; i < steps; ++i) {
            at += 600 + static_cast<std::int64_t>(dice_.skewed(9 * 86'400, 2.0));
            write(person, car, later(), at);
        }
        if (dice_.chance(0.16)) {
            sold = true;
            const Kind kind = dice_.chance(0.75) ? Kind::Sale : Kind::Invoice;
            write(person, car, kind, at + 86'400 + static_cast<std::int64_t>(dice_.below(6 * 86'400)));
        }
        if (dice_.chance(sold ? 0.25 : 0.04)) write(person, car, Kind::Customer, at + 8 * 86'400);
        if (sold && dice_.chance(0.1)) {
            ++negotiation_; // the car comes back for service
            write(person, car, Kind::WorkOrder, at + 60 * 86'400);
        }
    }

    Kind first() {
        const std::size_t roll = dice_.below(100);
        return roll < 62   ? Kind::Lead
               : roll < 82 ? Kind::Call
               : roll < 96 ? Kind::Message
                           : Kind::Appointment;
    }
    Kind later() {
        const std::size_t roll = dice_.below(100);
        return roll < 22   ? Kind::Lead
               : roll < 50 ? Kind::Call
               : roll < 80 ? Kind::Message
               : roll < 92 ? Kind::Appointment
                           : Kind::CreditSimulation;
    }

    std::string phone(const Person& person) {
        const std::string& number = person.phones[dice_.skewed(person.phones.size(), 1.8)];
        if (person.sharesPhone && number == person.phones[0]) mark(Trap::SharedPhone);
        if (person.recycledPhone && number == person.phones[0]) mark(Trap::RecycledPhone);
        if (person.employer >= 0 && person.phones.size() > 1 && number == person.phones.back())
            mark(Trap::SharedPhone);
        return number;
    }
    void mark(Trap trap) { traps_ |= static_cast<unsigned>(trap); }

    void addName(JsonObject& customer, const Person& person, bool careless) {
        if (careless && dice_.chance(0.02)) {
            mark(Trap::Placeholder);
            customer.text("name", dice_.chance(0.5) ? "Cliente OLX" : "Não informado");
            return;
        }
        if (!person.suffix.empty()) mark(Trap::Namesake);
        customer.text("name", writtenName(person, dice_, careless, traps_));
    }

    void addPhone(JsonObject& customer, const Person& person) {
        customer.raw("phones", list({writtenPhone(phone(person), dice_, traps_)}));
    }

    void addDocument(JsonObject& customer, const Person& person, bool careless) {
        std::string document = person.document;
        if (careless && dice_.chance(0.03)) {
            mark(Trap::Placeholder);
            customer.text("document", dice_.chance(0.5)   ? "111.111.111-11"
                                      : dice_.chance(0.5) ? "00000000000"
                                                          : "12345678909");
            return;
        }
        if (careless && dice_.chance(0.012)) {
            mark(Trap::ForeignDocument);
            document = person.spouse >= 0 && dice_.chance(0.7) ? personOf(person.spouse).document
                                                               : world_.dealerDocuments[dice_.below(4)];
        }
        customer.text("document", writtenDocument(document, dice_, careless, traps_));
    }

    void addEmail(JsonObject& customer, const Person& person) {
        customer.raw("emails", list({writtenEmail(person.emails[dice_.skewed(person.emails.size(), 1.8)],
                                                  dice_, traps_)}));
    }

    void addAddress(JsonObject& customer, const Person& person, bool whole) {
        JsonObject address;
        if (whole) address.text("street", person.street);
        address.text("city", dice_.chance(0.3) ? match_(person.city) : person.city)
            .text("state", person.state);
        if (whole) address.text("postal_code", person.postalCode);
        customer.raw("address", address.str());
    }
    static std::string match_(const std::string& text) {
        std::string out;
        for (const char c : text)
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return out;
    }

    // A lead of a portal: some hide the buyer's phone, some his address, all ask for a name.
    void lead(JsonObject& customer, const Person& person) {
        portal_ = static_cast<int>(dice_.below(4));
        addName(customer, person, true);
        if (portal_ == 0 && dice_.chance(0.35)) {
            mark(Trap::MaskedPhone);
            customer.raw("phones",
                         list({writtenPhone(world_.proxyPhones[dice_.below(world_.proxyPhones.size())], dice_,
                                            traps_)}));
        } else if (dice_.chance(0.88)) {
            addPhone(customer, person);
        }
        if (portal_ == 1 && dice_.chance(0.5)) {
            mark(Trap::RelayEmail);
            customer.raw("emails",
                         list({dice_.chance(0.7)
                                   ? "c" + std::to_string(dice_.below(1'000'000'000)) + "@chat.olx.com.br"
                                   : std::string("leads@portalcarros.com.br")}));
        } else if (dice_.chance(0.55)) {
            addEmail(customer, person);
        }
        if (dice_.chance(0.10)) addDocument(customer, person, true);
        if (dice_.chance(0.25)) addAddress(customer, person, false);
    }

    void who(JsonObject& customer, const Person& person, Kind kind) {
        switch (kind) {
        case Kind::Lead: lead(customer, person); break;
        case Kind::Call: mark(Trap::NumberOnly); break;
        case Kind::Message:
            if (!person.handle.empty() && dice_.chance(0.5)) {
                customer.raw("handles", JsonObject().text("whatsapp", person.handle).str());
                if (dice_.chance(0.7)) addPhone(customer, person);
            } else {
                addPhone(customer, person);
            }
            if (dice_.chance(0.7)) addName(customer, person, true);
            break;
        case Kind::Appointment:
            addName(customer, person, true);
            if (dice_.chance(0.9)) addPhone(customer, person);
            break;
        case Kind::CreditSimulation:
            addName(customer, person, true);
            addDocument(customer, person, true);
            if (dice_.chance(0.8)) customer.text("birth_date", person.birthDate);
            addPhone(customer, person);
            break;
        case Kind::Sale:
            addDocument(customer, person, true);
            if (dice_.chance(0.4)) {
                mark(Trap::DocumentAndCarOnly);
            } else {
                addName(customer, person, false);
                if (dice_.chance(0.6)) addPhone(customer, person);
            }
            break;
        case Kind::Invoice:
            addDocument(customer, person, false);
            addName(customer, person, false);
            if (dice_.chance(0.6)) addAddress(customer, person, true);
            break;
        case Kind::Customer:
            addName(customer, person, false);
            addDocument(customer, person, false);
            addPhone(customer, person);
            if (dice_.chance(0.6)) addEmail(customer, person);
            addAddress(customer, person, true);
            if (dice_.chance(0.7)) customer.text("birth_date", person.birthDate);
            break;
        default: // a work order
            addName(customer, person, false);
            addPhone(customer, person);
            break;
        }
    }

    std::string vehicle(const Car& car, Kind kind) {
        JsonObject out;
        const auto modelText = [&] {
            out.text("brand", car.brand).text("model", car.model).number("model_year", car.year);
        };
        switch (kind) {
        case Kind::Lead:
            modelText();
            if (portal_ < 3) out.text("ad_id", car.ads[static_cast<std::size_t>(portal_)]);
            if (dice_.chance(0.3)) out.text("plate", dice_.chance(0.5) ? car.plate : car.oldPlate);
            break;
        case Kind::Call:
        case Kind::Message:
            if (dice_.chance(0.15)) out.text("ad_id", car.ads[dice_.below(3)]);
            break;
        case Kind::Appointment:
        case Kind::CreditSimulation:
            modelText();
            if (dice_.chance(0.5)) out.text("plate", car.plate);
            break;
        case Kind::Sale:
        case Kind::Invoice:
            out.text("vin", car.vin);
            if (dice_.chance(0.5)) out.text("plate", car.plate);
            if (dice_.chance(0.6)) modelText();
            break;
        case Kind::WorkOrder: out.text("plate", car.plate).text("vin", car.vin); break;
        default: break;
        }
        return out.empty() ? std::string() : out.str();
    }

    void write(int index, std::size_t car, Kind kind, std::int64_t at) {
        const Person& person = personOf(index);
        traps_ = 0;
        portal_ = 3;
        if (person.company) mark(Trap::Company);
        if (person.family) mark(Trap::Family);
        JsonObject customer;
        who(customer, person, kind);
        JsonObject json;
        json.text("kind", model::name(kind));
        const std::string channel = kind == Kind::Lead   ? "portal" + std::to_string(portal_)
                                    : kind == Kind::Call ? "phone"
                                                         : "dms";
        const UtcTime occurred = UtcTime::fromSeconds(at);
        json.raw("source", JsonObject()
                               .text("integration", channel)
                               .text("external_id", "X" + std::to_string(++number_))
                               .text("occurred_at", formatRfc3339(occurred))
                               .str());
        json.text("dealer", "loja" + std::to_string(dealer_));
        if (!customer.empty()) json.raw("customer", customer.str());
        if (const std::string text = vehicle(world_.cars[car], kind); !text.empty())
            json.raw("vehicle", text);
        if (kind == Kind::Call)
            json.raw("call", JsonObject()
                                 .text("direction", "in")
                                 .text("from", writtenPhone(phone(person), dice_, traps_))
                                 .str());
        UtcTime received = occurred + static_cast<std::int64_t>(dice_.below(120)) * kSecond;
        if (dice_.chance(0.06)) {
            mark(Trap::Late);
            received = received + static_cast<std::int64_t>(dice_.skewed(10 * 86'400, 2)) * kSecond;
        }
        const int negotiation = kind == Kind::Customer ? -1 : negotiation_;
        out_.push_back({json.str(), index, negotiation, traps_, occurred, received});
        if (dice_.chance(0.02)) { // a form sent twice: another id, the same facts
            Labelled again = out_.back();
            const std::string id = "X" + std::to_string(number_);
            again.json.replace(again.json.find(id), id.size(), id + "b");
            again.received = again.received + 5 * kSecond;
            again.traps |= static_cast<unsigned>(Trap::Repeated);
            out_.push_back(std::move(again));
        }
    }

    const World& world_;
    Dice dice_;
    std::size_t wanted_;
    std::vector<Labelled> out_;
    unsigned traps_ = 0;
    int portal_ = 0, dealer_ = 0, negotiation_ = 0, number_ = 0;
};

} // namespace

std::vector<Labelled> streamOf(const World& world, std::uint64_t seed, std::size_t records) {
    return Writer(world, seed, records).run();
}

void shuffle(std::vector<Labelled>& stream, std::uint64_t seed) {
    Dice dice(seed);
    for (std::size_t i = stream.size(); i > 1; --i)
        std::swap(stream[i - 1], stream[dice.below(i)]);
}

model::Record read(const Labelled& one) {
    canonical::Context context;
    context.integration = "labelled";
    context.anyIntegration = true;
    context.resolveDealer = [](std::string_view id) { return std::string(id); };
    context.dealerZone = [](std::string_view) { return std::string("America/Sao_Paulo"); };
    context.dealerDdd = [](std::string_view) { return std::string("11"); };
    context.receivedAt = one.received;
    auto record = canonical::read(one.json, context);
    if (!record.ok())
        throw std::runtime_error("the generator wrote a record that is refused: " +
                                 record.error().front().code);
    return std::move(*record);
}

} // namespace trevo::labelled
