// The canonical record: what every partner's document becomes. The gateway reasons about the typed part; the
// whole record, kind blocks and `extra` included, travels as canonical JSON text in `body`. Field by field
// description: canonical/fields.hpp.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::model {

enum class Kind : std::uint8_t {
    Lead,
    Call,
    Message,
    Sale,
    Invoice,
    Appointment,
    WorkOrder,
    CreditOffer,
    CreditSimulation,
    Prospect,
    Customer,
};
inline constexpr int kKindCount = 11;

std::string_view name(Kind kind); // "lead", "work_order" …
std::optional<Kind> kindNamed(std::string_view name);

// An amount in BRL. Never a floating-point number.
struct Money {
    std::int64_t cents = 0;
    auto operator<=>(const Money&) const = default;
};

// A source time: the instant and the text it was read from.
struct Timestamp {
    UtcTime at;
    std::string original;
};

struct Source {
    std::string integration; // id of the integration that brought the record
    std::string externalId;  // the partner's id of this fact; empty when it has none
    std::string channel;     // "webmotors", "site", "phone" …
    std::optional<Timestamp> occurredAt;
};

struct Document {
    std::string number; // digits (CPF) or 14 characters (CNPJ), no mask; as it came when invalid
    bool company = false;
    bool valid = false; // check digits hold and it is no placeholder
};

struct Phone {
    std::string number; // E.164 when valid; as it came otherwise
    bool valid = false;
    bool dddAssumed =
        false; // the area code is the dealer's, not the sender's: a hint, never a key of its own
    bool nineAdded = false;
};

struct Email {
    std::string address; // lower case
    bool valid = false;  // an address, and no placeholder or masked relay
};

struct Address {
    std::string street, number, complement, district, city, state;
    std::string postalCode; // a CEP as 01310-100; as it came when it is none
};

struct Customer {
    std::string name; // display form; empty when what came is no name
    std::optional<Document> document;
    std::vector<Phone> phones;
    std::vector<Email> emails;
    std::optional<Address> address;
    std::string birthDate; // YYYY-MM-DD or empty
    std::map<std::string, bool> consent;
    std::map<std::string, std::string> handles; // "whatsapp" -> user id
};

struct Vehicle {
    std::string plate; // Mercosul form; empty when none or invalid
    std::string vin;   // 17 characters; empty when none or invalid
    std::string fipe, brand, model, version, color, adId, stockId, text;
    std::optional<int> modelYear, buildYear;
    std::optional<std::int64_t> km;
    std::optional<Money> price;
};

// A value that came but could not be taken as it was. It never stops the record.
struct Flag {
    std::string field; // JSON Pointer
    std::string code;  // "document_check_digits", "phone_no_area_code" …
    bool operator==(const Flag&) const = default;
};

struct Record {
    Kind kind = Kind::Lead;
    Source source;
    std::string dealer; // dealer id of the configuration
    Customer customer;
    std::optional<Vehicle> vehicle;
    std::optional<Vehicle> tradeIn;
    std::optional<Phone> callPhone; // call: the customer's end of the line
    std::vector<Flag> flags;
    std::string body; // canonical JSON, normalised, keys in the order of the field table
};

} // namespace trevo::model
