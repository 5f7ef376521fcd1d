// Internal to the module: the host services as the ABI wants them.
#pragma once

#include "plugin/call_scope.hpp"
#include "plugin/host.hpp"

#include "trevo/abi/account.h"
#include "trevo/abi/host.h"

#include <optional>
#include <set>
#include <string>

namespace trevo::plugin {

// One per instance; hands a plugin's wishes to the Host after checking them. No exception gets out.
class Services {
  public:
    Services(Host& host, CallScope& scope) : host_(host), scope_(scope) {}
    Services(const Services&) = delete;
    Services& operator=(const Services&) = delete;

    const trevo_host* raw() const { return &raw_; }

    void callBegins() noexcept;
    void callEnded() noexcept; // gives back the locks of accounts that the call left

  private:
    static Services& self(const trevo_host* raw) { return *static_cast<Services*>(raw->ctx); }
    static const void* service(const trevo_host* raw, const char* id) noexcept;
    static void write(const trevo_host* raw, std::int32_t level, trevo_text message) noexcept;
    static std::int64_t now(const trevo_host* raw) noexcept;
    static trevo_status get(const trevo_host* raw, trevo_text key, void* ctx,
                            void (*take)(void*, trevo_text)) noexcept;
    static trevo_status set(const trevo_host* raw, trevo_text key, trevo_text value) noexcept;
    static trevo_status exchange(const trevo_host* raw, const trevo_http_request* request, void* ctx,
                                 void (*take)(void*, const trevo_http_response*)) noexcept;
    static trevo_status lockAccount(const trevo_host* raw, trevo_text name,
                                    std::int32_t waitSeconds) noexcept;
    static void unlockAccount(const trevo_host* raw, trevo_text name) noexcept;
    static trevo_status getAccount(const trevo_host* raw, trevo_text name, void* ctx,
                                   void (*take)(void*, trevo_text)) noexcept;
    static trevo_status setAccount(const trevo_host* raw, trevo_text name, trevo_text value) noexcept;

    std::optional<int> secondsFor(int wished); // for a request; nothing: it is too late to begin one

    Host& host_;
    CallScope& scope_;
    UtcTime began_; // the call that runs
    std::set<std::string> lockedAccounts_;
    trevo_host raw_{this, service};
};

} // namespace trevo::plugin
