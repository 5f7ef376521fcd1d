// The host's services. Use them only during a call, on its thread.
#pragma once

#include "trevo/abi/account.h"
#include "trevo/abi/host.h"
#include "trevo/outcome.hpp"
#include "trevo/text.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace trevo {

struct HttpRequest {
    std::string method = "GET";
    std::string url; // absolute
    Pairs headers;
    std::string body;
    int timeoutSeconds = 30;
};

struct HttpResponse {
    int status = 0; // 0: no answer, and `error` says why
    Pairs headers;
    std::string body; // at most 8 MiB
    std::string error;

    std::string_view header(std::string_view name) const { return headerOf(headers, name); }
};

class Host {
  public:
    explicit Host(const trevo_host* raw)
        : raw_(raw),
          log_(service<trevo_log>(TREVO_LOG_ID)),
          clock_(service<trevo_clock>(TREVO_CLOCK_ID)),
          state_(service<trevo_state>(TREVO_STATE_ID)),
          http_(service<trevo_http>(TREVO_HTTP_ID)),
          account_(service<trevo_account>(TREVO_ACCOUNT_ID)) {}

    // Never personal data.
    void debug(std::string_view message) const { log(TREVO_LOG_DEBUG, message); }
    void info(std::string_view message) const { log(TREVO_LOG_INFO, message); }
    void warning(std::string_view message) const { log(TREVO_LOG_WARNING, message); }
    void error(std::string_view message) const { log(TREVO_LOG_ERROR, message); }

    std::int64_t nowMicros() const { return need(clock_, TREVO_CLOCK_ID).now_micros(raw_); }
    std::int64_t nowSeconds() const { return nowMicros() / 1'000'000; }

    // Durable, one name space per integration. Trouble with it stops the call with the status that says so.
    std::optional<std::string> state(std::string_view key) const {
        std::optional<std::string> value;
        const auto take = [](void* ctx, trevo_text text) {
            *static_cast<std::optional<std::string>*>(ctx) = std::string(abi::view(text));
        };
        check(need(state_, TREVO_STATE_ID).get(raw_, abi::text(key), &value, take));
        return value;
    }
    void setState(std::string_view key, std::string_view value) const {
        check(need(state_, TREVO_STATE_ID).set(raw_, abi::text(key), abi::text(value)));
    }

    // The durable value of an account at the partner, for which a lock exists: class Account below.
    std::optional<std::string> accountState(std::string_view name) const {
        std::optional<std::string> value;
        const auto take = [](void* ctx, trevo_text text) {
            *static_cast<std::optional<std::string>*>(ctx) = std::string(abi::view(text));
        };
        check(need(account_, TREVO_ACCOUNT_ID).get(raw_, abi::text(name), &value, take));
        return value;
    }

    HttpResponse http(const HttpRequest& request) const {
        const auto headers = abi::borrow(request.headers);
        const trevo_http_request raw{
            abi::text(request.method), abi::text(request.url), headers.data(), headers.size(),
            abi::text(request.body),   request.timeoutSeconds};
        HttpResponse response;
        const auto take = [](void* ctx, const trevo_http_response* got) {
            auto& to = *static_cast<HttpResponse*>(ctx);
            to.status = got->status;
            to.headers = abi::copy(got->headers, got->header_count);
            to.body = abi::view(got->body);
            to.error = abi::view(got->error);
        };
        if (need(http_, TREVO_HTTP_ID).exchange(raw_, &raw, &response, take) != TREVO_OK) {
            throw std::invalid_argument("the host refused the HTTP request as malformed");
        }
        return response;
    }

    const trevo_host* raw() const { return raw_; } // to call a service of the C interface

    // The service of that id, or null on a host that does not have it.
    template <class Service>
    const Service* service(const char* id) const {
        return static_cast<const Service*>(raw_->get_service(raw_, id));
    }

  private:
    friend class Account;
    void log(std::int32_t level, std::string_view message) const {
        if (log_) log_->write(raw_, level, abi::text(message));
    }
    template <class Service>
    static const Service& need(const Service* service, const char* id) {
        if (!service) throw std::runtime_error(std::string("this host has no ") + id);
        return *service;
    }
    static void check(trevo_status status) {
        if (status == TREVO_OK) return;
        if (status == TREVO_RETRY_AFTER) {
            throw Stop(
                Outcome::retryAfter(0, "state_unavailable", "the gateway could not reach its own state"));
        }
        throw std::length_error("a state key or value is over its limit");
    }

    const trevo_host* raw_;
    const trevo_log* log_;
    const trevo_clock* clock_;
    const trevo_state* state_;
    const trevo_http* http_;
    const trevo_account* account_;
};

// The lock of an account at the partner, held while this lives: nobody else refreshes its token meanwhile.
//
//   const Account account(host(), userId);
//   if (const auto token = goodToken(account.state())) return *token; // another instance was faster
//   … ask for a new pair … account.setState(pair); … and only then use it
class Account {
  public:
    // Waits for another instance that has it; when that takes too long the call stops with "retry after".
    Account(const Host& host, std::string name, std::int32_t waitSeconds = 20)
        : host_(host), name_(std::move(name)) {
        const trevo_status status = service().lock(host_.raw_, abi::text(name_), waitSeconds);
        if (status == TREVO_RETRY_AFTER) {
            throw Stop(Outcome::retryAfter(5, "account_busy",
                                           "another integration is just renewing the login of this account"));
        }
        if (status != TREVO_OK) throw std::invalid_argument("the host refused the lock of an account");
    }
    ~Account() { service().unlock(host_.raw_, abi::text(name_)); }
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;

    std::optional<std::string> state() const { return host_.accountState(name_); }
    // Durable on return.
    void setState(std::string_view value) const {
        Host::check(service().set(host_.raw_, abi::text(name_), abi::text(value)));
    }

  private:
    const trevo_account& service() const { return Host::need(host_.account_, TREVO_ACCOUNT_ID); }

    const Host& host_;
    const std::string name_;
};

} // namespace trevo
