// Internal to the module: values on their way across the C boundary.
#pragma once

#include "plugin/host.hpp"
#include "plugin/plugin.hpp"

#include "trevo/abi/plugin.h"

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::plugin {

// Of the state that a plugin keeps: bytes of a key and of its value.
inline constexpr std::size_t kLongestKey = 256, kLongestValue = 64 * 1024;

inline trevo_text textOf(std::string_view view) {
    return {view.data(), view.size()};
}
// Empty for a null pointer, whatever the size says.
inline std::string_view viewOf(trevo_text text) {
    return text.data ? std::string_view{text.data, text.size} : std::string_view{};
}

// Text from a plugin made fit for logs and answers: at most `limit` bytes, cut between characters, control
// characters as \xNN; "(not UTF-8)" when it is not.
std::string printable(std::string_view text, std::size_t limit);

// True for 1 to `limit` bytes of UTF-8 without control characters.
bool isToken(std::string_view text, std::size_t limit);

// An InstanceConfig in the shape of the ABI. Borrows it: the configuration outlives this and is not changed.
class RawConfig {
  public:
    explicit RawConfig(const InstanceConfig& config);
    const trevo_config& get() const { return raw_; }

  private:
    std::vector<trevo_pair> settings_;
    std::vector<std::vector<trevo_pair>> dealerSettings_;
    std::vector<trevo_dealer> dealers_;
    trevo_config raw_{};
};

// What a plugin told through a trevo_report, made fit to be shown.
struct Told {
    bool any = false;
    Problem problem;
    std::int64_t retryAfterSeconds = 0;

    void take(const trevo_problem& raw);
};

Verdict bug(std::string code, std::string detail);

// The verdict of a call that returned `status`: an unknown status is a bug, and a failure always has a
// problem.
Verdict settle(trevo_status status, const Told& told);

// Runs a call into a plugin. Whatever it throws through the C boundary ends here, as a bug. The text of an
// exception is not told: it may quote a payload.
template <class Call>
Verdict contained(const Told& told, Call&& call) {
    try {
        return settle(call(), told);
    } catch (...) {
        return bug("plugin_threw", "an exception came through the C boundary");
    }
}

} // namespace trevo::plugin
