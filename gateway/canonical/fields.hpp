// The canonical model as one table. What is checked, how it is normalised, the published JSON schemas and the
// targets that a mapping may name all follow from it; nothing about a field is said a second time elsewhere.
#pragma once

#include "model/record.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::canonical {

enum class Type : std::uint8_t {
    Text,
    Url,
    // Read by identity/. What can not be read stays as it came, with a flag: it never stops a record.
    Name,
    Document,
    Phone,
    Email,
    Year,
    Plate,
    Vin,
    Fipe,
    State,
    PostalCode,
    AccessKey,
    // What can not be read is an error.
    Date,     // a calendar day, ISO
    DateTime, // ISO 8601; without a zone it is the dealer's local time
    Money,    // BRL, JSON number or decimal text, at most two decimals
    Integer,
    Decimal, // a decimal number kept as text, exactly: rates, quantities
    Boolean,
    Word, // one of `words`
    Object,
    List, // its items are described by the one field "*" of `block`
    Map,  // free keys; its values are described by the one field "*" of `block`
    Any,  // kept as it came
};

// The typed member of model::Record that a field fills besides its place in the body.
enum class Slot : std::uint8_t {
    None,
    Kind,
    Dealer,
    Integration,
    ExternalId,
    Channel,
    OccurredAt,
    OccurredAtOriginal,
    CustomerName,
    CustomerDocument,
    CustomerPhone,
    CustomerEmail,
    BirthDate,
    Street,
    Number,
    Complement,
    District,
    City,
    State,
    PostalCode,
    Consent,
    Handle,
    Plate,
    Vin,
    Fipe,
    Brand,
    Model,
    Version,
    Color,
    AdId,
    StockId,
    VehicleText,
    ModelYear,
    BuildYear,
    Km,
    Price,
    CallDirection,
    CallFrom,
    CallTo,
    Extra,
    Flags,
};

struct Block;

using KindSet = std::uint16_t; // bit n: the kind of that number
inline constexpr KindSet kAllKinds = (1U << model::kKindCount) - 1;
constexpr KindSet only(model::Kind kind) {
    return static_cast<KindSet>(1U << static_cast<unsigned>(kind));
}

struct Field {
    std::string_view name; // "*" for the items of a list and the values of a map
    Type type = Type::Text;
    std::uint32_t limit = 0; // characters of a text; items of a list or map; 0 where neither applies
    std::string_view description;
    std::span<const std::string_view> words = {}; // Word
    const Block* block = nullptr;                 // Object, List, Map
    Slot slot = Slot::None;
    KindSet kinds = kAllKinds; // at the root: the kinds that may carry it
};

struct Block {
    std::span<const Field> fields;
};

inline constexpr std::size_t kMostFieldsInBlock = 32;

// The whole record. Its fields stand in the order of the body.
const Block& root();

// "customer/name", "customer/phones/0", "customer/consent/whatsapp", "sale/payments/*/amount",
// "extra/anything"; a leading slash is allowed. Null for what the model does not know. Static lifetime.
const Field* findField(std::string_view pointerPath);

// Every path of the model, '*' standing for items and free keys. For suggestions.
const std::vector<std::string>& allPaths();

} // namespace trevo::canonical
