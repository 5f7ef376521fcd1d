// What Webmotors announces: ids only.
#pragma once

#include <trevo/outcome.hpp>
#include <trevo/settings.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace trevo::webmotors {

struct Hint {
    std::string leadId, typeId;   // never empty
    std::string cnpj, dealerCode; // without mask; empty when not sent
    std::string at;               // JSON Pointer of the object: "" or "/0"
};

// One object or an array of them. Keys are read without regard to case and underscores, ids as text or
// number. Stops with a rejection that names the field; in an array only the object that lacks it is left out,
// and `worst` tells of it.
std::vector<Hint> readCallback(std::string_view body, Outcome& worst);

// The dealer that a hint is for: by CNPJ, else by the store's code, else the only one there is. Stops with
// the rejection "unknown_dealer".
const Dealer& dealerOf(const Hint& hint, const std::vector<Dealer>& dealers);

std::string plainCnpj(std::string_view text);

} // namespace trevo::webmotors
