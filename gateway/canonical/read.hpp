// Reads one canonical record: checks it against the field table, normalises it, and gives the typed record
// with its body.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/record.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace trevo::canonical {

// What the gateway knows about a record's surroundings. Called functions must be thread-safe.
struct Context {
    std::string integration;     // a record that names another one is refused
    bool anyIntegration = false; // unless its sender may speak for others: then it is the default
    bool dealerOptional = false; // a record without a dealer is taken when there is no default
    std::string defaultDealer;   // for records that name none; empty when the integration serves several
    // Dealer id of a dealer id, a CNPJ in any mask, or a partner's code; empty when there is none.
    std::function<std::string(std::string_view)> resolveDealer;
    std::function<std::string(std::string_view)> dealerZone; // IANA zone by dealer id
    std::function<std::string(std::string_view)> dealerDdd;  // two digits, or empty, by dealer id
    UtcTime receivedAt; // 0: unknown, times in the future are not flagged
};

// `json` is one JSON object in UTF-8, at most 16 MB, nested at most 32 deep.
//
// Errors, each with the JSON Pointer of its field, all of them up to 50: malformed_json and not_utf8 (with
// place), too_deep, too_large, not_an_object, missing_kind, unknown_kind, wrong_integration, bad_integration,
// unknown_dealer, block_not_allowed, wrong_type, duplicate_key, text_too_long, too_many_items, unknown_word,
// unreadable_date, unreadable_money, unreadable_integer, unreadable_decimal. A document, phone, e-mail, name,
// birth date, plate and the like that makes no sense is no error: it is kept as it came and flagged. Unknown
// keys go to `extra` under their own path. null and "" count as absent.
//
// The body of the result reads as itself: read(read(x).body) gives the same body. Thread-safe.
Result<model::Record, Problems> read(std::string_view json, const Context& context);

} // namespace trevo::canonical
