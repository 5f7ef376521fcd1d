// One thing that is asked on a schedule for one integration: a plugin's poll, a remote folder, a mailbox.
//
// To add a kind: derive from Source, and put a Factory beside the others in gateway/app/gateway.cpp. The
// Scheduler keeps the time, backs off, pauses and tells; a source only asks once and says how it went.
#pragma once

#include "base/result.hpp"
#include "integration/integration.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo::poll {

// How asking once went. What was brought is committed by the source before it returns, whatever it says here.
struct Round {
    bool failed = false;
    // When failed, or what somebody has to look at although asking went well. No personal data: operators
    // read it, logs keep it.
    Problem problem;
    std::int64_t pauseSeconds =
        0; // failed: at least so long (Retry-After); else until the next; 0: the interval
    // There is more: come again at once, after the others that are due. When failed: something new was
    // brought all the same, so the next pause is that of a first failure.
    bool more = false;
};

// One thing that was looked at for `trevo doctor`.
struct Check {
    enum class State { Good, Failed, Unknown };
    std::string name;   // "log_in", "list", "permission", "clock": snake_case, stable
    std::string dealer; // id, when it is about one; else empty
    State state = State::Good;
    std::string detail; // one sentence: what was seen
    std::string advice; // when not good: what to do about it
};

class Source {
  public:
    explicit Source(std::shared_ptr<const Integration> integration) : integration_(std::move(integration)) {}
    virtual ~Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    const Integration& integration() const { return *integration_; }

    virtual std::string_view kind() const = 0; // "plugin", "remote", "mailbox"; one of a kind per integration

    // Whose trouble it is when it is slow: sources of one partner take at most half of the workers.
    virtual std::string partner() const { return std::string(kind()); }

    virtual std::int64_t intervalSeconds() const = 0; // 0: never asked, only examined

    // Asks once. Blocks, on a worker of the Scheduler; never beside itself or examine(), and not while the
    // journal takes nothing. An exception counts as a failed round.
    virtual Round round() = 0;

    // Looks whether asking can work, step by step, and changes nothing on either side. Blocks, on the thread
    // of whoever wants to know; never beside round().
    virtual std::vector<Check> examine() = 0;

    // The gateway stops, or the configuration of the source has changed: what runs now comes back within
    // seconds, having committed what it has, and what begins afterwards comes back at once. From another
    // thread, at any time, for good.
    virtual void interrupt() {}

  protected:
    const std::shared_ptr<const Integration>& sharedIntegration() const { return integration_; }

  private:
    std::shared_ptr<const Integration> integration_;
};

// Null for an integration that has nothing of that kind.
using Factory = std::function<std::unique_ptr<Source>(std::shared_ptr<const Integration>)>;

} // namespace trevo::poll
