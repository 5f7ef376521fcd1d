// Partners that push the whole lead in a format of their own, in one table: a further one is a row and a
// function that writes its document.
#pragma once

#include "simulators/partner.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace trevo::sim {

// How a partner says who it is.
enum class Proof {
    Path,             // /in/NAME/SECRET
    Bearer,           // Authorization: Bearer SECRET
    Plain,            // Authorization: SECRET
    Basic,            // user "portal"
    HubSignature,     // X-Hub-Signature-256 over the bytes
    StandardWebhooks, // the secret with or without whsec_
};

struct Document {
    std::string contentType, body;
};

struct Portal {
    const char* name;
    Proof proof;
    bool oneDealer; // the address is that of the first dealer; else the document names the dealer
    Document (*write)(const Lead& lead, const Dealer& dealer, std::int64_t utcMillis);
};

const std::vector<Portal>& portals();
const Portal* portalOf(std::string_view name); // null when there is none of this name

std::unique_ptr<Partner> makePortal(const Portal& portal, const World& world, std::string secret);

// HMAC-SHA256, as bytes.
std::string signedWith(std::string_view key, std::string_view content);
std::string inHex(std::string_view bytes); // lower case
std::string inBase64(std::string_view bytes);
std::string fromBase64(const std::string& text);

} // namespace trevo::sim
