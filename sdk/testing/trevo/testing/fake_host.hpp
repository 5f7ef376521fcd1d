// For unit tests of a plugin class, without the gateway and without a network.
//
//   trevo::testing::FakeHost fake;
//   fake.answer("GET", "https://acme.test/leads", {200, {}, "[]", ""});
//   const trevo::Config config = trevo::testing::config({{"base_url", "https://acme.test"}});
//   const trevo::Host host(fake.raw());
//   Acme acme(config, host);
//   trevo::testing::Brought brought;
//   std::int64_t next = 0;
//   const trevo::Outcome outcome = acme.poll(brought.bring(), next);
#pragma once

#include "trevo/plugin.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo::testing {

// A clock that stands still, a state in memory, HTTP answers in the order in which they were scripted. Must
// not move while a trevo::Host uses it.
class FakeHost {
  public:
    std::int64_t nowMicros = 1'764'000'000'000'000;
    std::map<std::string, std::string> state;
    bool stateWorks = true;
    std::map<std::string, std::string> accounts; // the values of trevo.account/1
    bool accountWritesFail = false;
    bool accountIsBusy = false;                               // another instance holds every lock
    std::vector<std::pair<std::int32_t, std::string>> logged; // level and line
    std::vector<HttpRequest> requests;                        // as the plugin made them
    std::vector<std::string>
        surprises; // requests that were not the next one scripted: check that it is empty

    std::function<void(const HttpRequest&)> onRequest; // called before the answer is given

    FakeHost() = default;
    FakeHost(const FakeHost&) = delete;
    FakeHost& operator=(const FakeHost&) = delete;

    void answer(std::string method, std::string url, HttpResponse response) {
        script_.push_back({std::move(method), std::move(url), std::move(response)});
    }
    bool finished() const { return script_.empty(); } // every scripted answer was asked for

    const trevo_host* raw() const { return &raw_; }

  private:
    struct Step {
        std::string method, url;
        HttpResponse response;
    };

    static FakeHost& self(const trevo_host* raw) { return *static_cast<FakeHost*>(raw->ctx); }

    HttpResponse next(const HttpRequest& request) {
        if (script_.empty() || script_.front().method != request.method ||
            script_.front().url != request.url) {
            surprises.push_back(request.method + ' ' + request.url);
            return {0, {}, {}, "this request is not the next one scripted"};
        }
        HttpResponse response = std::move(script_.front().response);
        script_.pop_front();
        return response;
    }

    static void write(const trevo_host* raw, std::int32_t level, trevo_text message) {
        self(raw).logged.emplace_back(level, abi::view(message));
    }
    static std::int64_t now(const trevo_host* raw) { return self(raw).nowMicros; }
    static trevo_status get(const trevo_host* raw, trevo_text key, void* ctx,
                            void (*take)(void*, trevo_text)) {
        if (!self(raw).stateWorks) return TREVO_RETRY_AFTER;
        const auto found = self(raw).state.find(std::string(abi::view(key)));
        if (found != self(raw).state.end()) take(ctx, abi::text(found->second));
        return TREVO_OK;
    }
    static trevo_status set(const trevo_host* raw, trevo_text key, trevo_text value) {
        if (!self(raw).stateWorks) return TREVO_RETRY_AFTER;
        self(raw).state[std::string(abi::view(key))] = abi::view(value);
        return TREVO_OK;
    }
    static trevo_status lock(const trevo_host* raw, trevo_text name, std::int32_t) {
        if (self(raw).accountIsBusy) return TREVO_RETRY_AFTER;
        return self(raw).locked_.insert(std::string(abi::view(name))).second ? TREVO_OK : TREVO_BUG;
    }
    static void unlock(const trevo_host* raw, trevo_text name) {
        self(raw).locked_.erase(std::string(abi::view(name)));
    }
    static trevo_status getAccount(const trevo_host* raw, trevo_text name, void* ctx,
                                   void (*take)(void*, trevo_text)) {
        if (!self(raw).stateWorks) return TREVO_RETRY_AFTER;
        const auto found = self(raw).accounts.find(std::string(abi::view(name)));
        if (found != self(raw).accounts.end()) take(ctx, abi::text(found->second));
        return TREVO_OK;
    }
    static trevo_status setAccount(const trevo_host* raw, trevo_text name, trevo_text value) {
        if (!self(raw).stateWorks || self(raw).accountWritesFail) return TREVO_RETRY_AFTER;
        const std::string account(abi::view(name));
        if (!self(raw).locked_.contains(account)) return TREVO_BUG;
        self(raw).accounts[account] = abi::view(value);
        return TREVO_OK;
    }
    static trevo_status exchange(const trevo_host* raw, const trevo_http_request* got, void* ctx,
                                 void (*take)(void*, const trevo_http_response*)) {
        HttpRequest request{std::string(abi::view(got->method)), std::string(abi::view(got->url)),
                            abi::copy(got->headers, got->header_count), std::string(abi::view(got->body)),
                            got->timeout_seconds};
        self(raw).requests.push_back(request);
        if (self(raw).onRequest) self(raw).onRequest(request);
        const HttpResponse response = self(raw).next(request);
        const auto headers = abi::borrow(response.headers);
        const trevo_http_response told{response.status, headers.data(), headers.size(),
                                       abi::text(response.body), abi::text(response.error)};
        take(ctx, &told);
        return TREVO_OK;
    }
    static const void* service(const trevo_host*, const char* id) {
        static constexpr trevo_log kLog{write};
        static constexpr trevo_clock kClock{now};
        static constexpr trevo_state kState{get, set};
        static constexpr trevo_http kHttp{exchange};
        static constexpr trevo_account kAccount{lock, unlock, getAccount, setAccount};
        const std::string_view wanted(id);
        if (wanted == TREVO_LOG_ID) return &kLog;
        if (wanted == TREVO_CLOCK_ID) return &kClock;
        if (wanted == TREVO_STATE_ID) return &kState;
        if (wanted == TREVO_HTTP_ID) return &kHttp;
        if (wanted == TREVO_ACCOUNT_ID) return &kAccount;
        return nullptr;
    }

    std::deque<Step> script_;
    std::set<std::string> locked_;
    trevo_host raw_{this, service};
};

inline Config config(Settings settings, std::vector<Dealer> dealers = {}) {
    return {"test", std::move(settings), std::move(dealers)};
}

// What a fetch or poll brought. Must not move while a Bring uses it.
class Brought {
  public:
    std::vector<Document> documents;
    Pairs states;
    std::size_t room = 10'000; // documents that one call may bring

    Brought() = default;
    Brought(const Brought&) = delete;
    Brought& operator=(const Brought&) = delete;

    Bring& bring() { return bring_; }

  private:
    static trevo_status document(void* ctx, const trevo_document* got) {
        auto& self = *static_cast<Brought*>(ctx);
        if (self.documents.size() >= self.room) return TREVO_LIMIT;
        self.documents.push_back({std::string(abi::view(got->content_type)),
                                  std::string(abi::view(got->body)), std::string(abi::view(got->key)),
                                  std::string(abi::view(got->dealer)), std::string(abi::view(got->role))});
        return TREVO_OK;
    }
    static trevo_status state(void* ctx, trevo_text key, trevo_text value) {
        static_cast<Brought*>(ctx)->states.emplace_back(abi::view(key), abi::view(value));
        return TREVO_OK;
    }
    static void problem(void*, const trevo_problem*) {}

    trevo_bring raw_{this, document, state, {this, problem}};
    Bring bring_{raw_};
};

// What an examine() saw.
class Seen {
  public:
    struct Check {
        std::string name;
        std::int32_t state;
        std::string detail, advice, dealer;
    };
    std::vector<Check> all;

    Seen() = default;
    Seen(const Seen&) = delete;
    Seen& operator=(const Seen&) = delete;

    Checks& checks() { return checks_; }
    // "name=state" of each, in order: "log_in=good".
    std::vector<std::string> states() const {
        static constexpr const char* kNames[] = {"good", "failed", "unknown"};
        std::vector<std::string> names;
        for (const Check& check : all)
            names.push_back(check.name + '=' + kNames[check.state]);
        return names;
    }

  private:
    static trevo_status check(void* ctx, const trevo_check* got) {
        static_cast<Seen*>(ctx)->all.push_back(
            {std::string(abi::view(got->name)), got->state, std::string(abi::view(got->detail)),
             std::string(abi::view(got->advice)), std::string(abi::view(got->dealer))});
        return TREVO_OK;
    }
    static void problem(void*, const trevo_problem*) {}

    trevo_examine_sink raw_{this, check, {this, problem}};
    Checks checks_{raw_};
};

// The records that a decode() made.
class Made {
  public:
    std::vector<std::string> records;

    Made() = default;
    Made(const Made&) = delete;
    Made& operator=(const Made&) = delete;

    Records& sink() { return sink_; }

  private:
    static trevo_status record(void* ctx, trevo_text json) {
        static_cast<Made*>(ctx)->records.emplace_back(abi::view(json));
        return TREVO_OK;
    }
    static void problem(void*, const trevo_problem*) {}

    trevo_decode_sink raw_{this, record, {this, problem}};
    Records sink_{raw_};
};

} // namespace trevo::testing
