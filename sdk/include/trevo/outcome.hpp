// How a call ends. Every status says what the host does next.
#pragma once

#include "trevo/abi/types.h"

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace trevo {

// Texts never hold personal data: they reach logs, operators and the sender.
struct [[nodiscard]] Outcome {
    trevo_status status = TREVO_OK;
    std::string code{};   // stable, snake_case
    std::string detail{}; // one sentence
    std::string field{};  // JSON Pointer, XPath, column or setting
    std::string place{};  // "line 3, column 14"
    std::int64_t retryAfterSeconds = 0;

    bool ok() const { return status == TREVO_OK; }

    static Outcome done() { return {}; }
    // The partner or the network is in trouble. 0 seconds leaves the time to the host's schedule.
    static Outcome retryAfter(std::int64_t seconds, std::string code, std::string detail) {
        return {TREVO_RETRY_AFTER, std::move(code), std::move(detail), {}, {}, seconds};
    }
    // This input will never do.
    static Outcome reject(std::string code, std::string field, std::string detail, std::string place = {}) {
        return {TREVO_REJECT, std::move(code), std::move(detail), std::move(field), std::move(place), 0};
    }
    // A setting must be changed first.
    static Outcome config(std::string setting, std::string detail) {
        return {TREVO_CONFIG, "bad_setting", std::move(detail), std::move(setting), {}, 0};
    }
    // Who called, or the credential we called with, was refused.
    static Outcome auth(std::string code, std::string detail) {
        return {TREVO_AUTH, std::move(code), std::move(detail), {}, {}, 0};
    }
    // A rate or size limit was met.
    static Outcome limit(std::int64_t seconds, std::string code, std::string detail) {
        return {TREVO_LIMIT, std::move(code), std::move(detail), {}, {}, seconds};
    }
};

// Ends the call with this outcome from any depth of it. Any other exception ends it as a bug of the plugin.
class Stop : public std::exception {
  public:
    explicit Stop(Outcome outcome) : outcome_(std::move(outcome)) {}
    const Outcome& outcome() const { return outcome_; }
    const char* what() const noexcept override { return "trevo::Stop"; }

  private:
    Outcome outcome_;
};

} // namespace trevo
