// What the gateway does for a plugin instance, and what it hears from it. The C side is
// sdk/include/trevo/abi.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo::plugin {

// A request that the plugin described. The host adds TLS, proxy, limits, time-outs and the recording.
struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    int timeoutSeconds = 30;
};

struct HttpResponse {
    int status = 0; // 0: no answer; `error` says why
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body; // at most 8 MiB
    std::string error;
};

enum class LogLevel { Debug, Info, Warning, Error };

// Services of one integration. Called on the thread that runs the plugin, during a call into it.
class Host {
  public:
    virtual ~Host() = default;
    virtual void log(LogLevel level,
                     std::string_view message) = 0; // cut at 1 KiB, control characters escaped
    virtual UtcTime now() = 0;
    // How long a call into the plugin may take before it is given up; 0: as long as it likes.
    virtual int callTimeoutSeconds() const { return 0; }
    virtual std::optional<std::string> state(const std::string& key) = 0;
    virtual void setState(const std::string& key,
                          const std::string& value) = 0;       // durable on return; throws when it is not
    virtual HttpResponse http(const HttpRequest& request) = 0; // never throws; redirects are not followed

    // An account at the partner: trevo/abi/account.h. These do for a host that serves one instance alone.
    // Whoever locks gives back; a call that ends without is given back for.
    virtual bool lockAccount(const std::string& /*name*/, int /*waitSeconds*/) { return true; }
    virtual void unlockAccount(const std::string& /*name*/) {}
    virtual std::optional<std::string> accountState(const std::string& name) {
        return state("account/" + name);
    }
    virtual void setAccountState(const std::string& name, const std::string& value) {
        setState("account/" + name, value);
    }
};

// A document that a fetch or poll brought: it goes to the journal before anything reads it.
struct Document {
    std::string role = "inbound"; // which of the manifest's mappings reads it
    std::string contentType;
    std::string body;
    std::string key;    // the partner's id of this fact and state; empty: the bytes are the key
    std::string dealer; // dealer id, when the credential used already says which
};

// What a call says to do next. An unknown number from a plugin counts as Bug.
enum class Status { Ok = 0, RetryAfter = 1, Reject = 2, Config = 3, Auth = 4, Limit = 5, Bug = 6 };

// One thing that a plugin looked at for an operator.
struct Check {
    enum class State { Good = 0, Failed = 1, Unknown = 2 };
    std::string name;
    State state = State::Good;
    std::string detail, advice, dealer;
};

struct Verdict {
    Status status = Status::Ok;
    std::int64_t retryAfterSeconds = 0; // RetryAfter, Limit; 0: the host's schedule
    Problem problem;                    // for every status but Ok
};

} // namespace trevo::plugin
