#include "model/record.hpp"

#include <array>

namespace trevo::model {

namespace {

constexpr std::array<std::string_view, kKindCount> kNames = {
    "lead",       "call",         "message",           "sale",     "invoice",  "appointment",
    "work_order", "credit_offer", "credit_simulation", "prospect", "customer",
};

} // namespace

std::string_view name(Kind kind) {
    return kNames[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kindNamed(std::string_view text) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == text) return static_cast<Kind>(i);
    }
    return std::nullopt;
}

} // namespace trevo::model
