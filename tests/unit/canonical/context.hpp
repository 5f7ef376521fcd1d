// A small configuration for the tests of this module.
#pragma once

#include "canonical/read.hpp"
#include "identity/document.hpp"

namespace trevo::canonical {

inline Context testContext() {
    Context context;
    context.integration = "site";
    context.defaultDealer = "centro";
    context.resolveDealer = [](std::string_view name) -> std::string {
        if (name == "centro" || name == "1042") return "centro";
        if (name == "manaus" || identity::readDocument(name).normalised == "11222333000181") return "manaus";
        return {};
    };
    context.dealerZone = [](std::string_view dealer) -> std::string {
        return dealer == "manaus" ? "America/Manaus" : "America/Sao_Paulo";
    };
    context.dealerDdd = [](std::string_view dealer) -> std::string {
        return dealer == "manaus" ? "92" : "11";
    };
    context.receivedAt = *parseIsoTime("2026-11-22T13:00:05Z", "UTC");
    return context;
}

} // namespace trevo::canonical
