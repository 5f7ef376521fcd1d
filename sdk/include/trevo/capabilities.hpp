// What a plugin can do: derive from Plugin and from one class here per capability. The host calls an instance
// from one thread at a time. Views in a Push, and the sinks, are good until the call returns.
#pragma once

#include "trevo/abi/authenticate.h"
#include "trevo/abi/decode.h"
#include "trevo/abi/examine.h"
#include "trevo/abi/fetch.h"
#include "trevo/abi/poll.h"
#include "trevo/outcome.hpp"
#include "trevo/text.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace trevo {

// What a partner sent.
struct Push {
    std::string_view role = "inbound";
    std::string_view contentType, method, path, query, remoteAddress;
    std::string_view meta; // JSON object with all of it
    std::string_view body; // any bytes
    Pairs headers;         // as sent; secrets redacted except in authenticate()

    std::string_view header(std::string_view name) const { return headerOf(headers, name); }

    static Push from(const trevo_push& raw) {
        return {abi::view(raw.role), abi::view(raw.content_type), abi::view(raw.method),
                abi::view(raw.path), abi::view(raw.query),        abi::view(raw.remote_address),
                abi::view(raw.meta), abi::view(raw.body),         abi::copy(raw.headers, raw.header_count)};
    }
};

// A document that was fetched or polled. The host journals it, then its role's mapping or decode() reads it.
struct Document {
    std::string contentType;
    std::string body;
    std::string key;    // the partner's id of this fact in this state; empty: the bytes are the key
    std::string dealer; // dealer id, when the credential used says which
    std::string role = "inbound";
};

// Where fetch() and poll() put what they brought. All of one call is committed together, whatever the
// outcome, so that trouble with one dealer does not hold back another's leads; only a bug of the plugin drops
// it.
class Bring {
  public:
    explicit Bring(const trevo_bring& raw) : raw_(raw) {}

    // False when the call has brought as much as one call may: return, and go on in the next.
    [[nodiscard]] bool document(const Document& document) {
        const trevo_document raw{abi::text(document.role), abi::text(document.contentType),
                                 abi::text(document.body), abi::text(document.key),
                                 abi::text(document.dealer)};
        return taken(raw_.document(raw_.ctx, &raw));
    }
    // A cursor, committed with the documents it stands for.
    void state(std::string_view key, std::string_view value) {
        if (!taken(raw_.state(raw_.ctx, abi::text(key), abi::text(value)))) {
            throw std::length_error("a state key or value is over its limit");
        }
    }

  private:
    static bool taken(trevo_status status) {
        if (status != TREVO_OK && status != TREVO_LIMIT)
            throw std::invalid_argument("the host refused a document");
        return status == TREVO_OK;
    }
    const trevo_bring& raw_;
};

// Where decode() puts canonical records.
class Records {
  public:
    explicit Records(const trevo_decode_sink& raw) : raw_(raw) {}

    // One JSON object of the canonical schema.
    void add(std::string_view json) {
        const trevo_status status = raw_.record(raw_.ctx, abi::text(json));
        if (status == TREVO_LIMIT) {
            throw Stop(
                Outcome::reject("too_many_records", "", "the document makes more records than one may"));
        }
        if (status != TREVO_OK) throw std::invalid_argument("the host refused a record");
    }

  private:
    const trevo_decode_sink& raw_;
};

// Where examine() puts what it saw. No personal data: an operator reads it.
class Checks {
  public:
    explicit Checks(const trevo_examine_sink& raw) : raw_(raw) {}

    void good(std::string_view name, std::string_view detail, std::string_view dealer = {}) {
        add(name, TREVO_CHECK_GOOD, detail, {}, dealer);
    }
    // `advice` says what to do about it.
    void failed(std::string_view name, std::string_view detail, std::string_view advice,
                std::string_view dealer = {}) {
        add(name, TREVO_CHECK_FAILED, detail, advice, dealer);
    }
    // It could not be seen, or it is no mistake that it is so.
    void unknown(std::string_view name, std::string_view detail, std::string_view advice,
                 std::string_view dealer = {}) {
        add(name, TREVO_CHECK_UNKNOWN, detail, advice, dealer);
    }

  private:
    void add(std::string_view name, std::int32_t state, std::string_view detail, std::string_view advice,
             std::string_view dealer) {
        const trevo_check check{abi::text(name), state, abi::text(detail), abi::text(advice),
                                abi::text(dealer)};
        const trevo_status status = raw_.check(raw_.ctx, &check);
        if (status != TREVO_OK && status != TREVO_LIMIT)
            throw std::invalid_argument("the host refused a check");
    }
    const trevo_examine_sink& raw_;
};

class Authenticate {
  public:
    virtual ~Authenticate() = default;
    // On the answer path: the sender waits. done() accepts, auth() refuses.
    virtual Outcome authenticate(const Push& push) = 0;
};

class Decode {
  public:
    virtual ~Decode() = default;
    // Pure: the same push gives the same records, now and in a replay.
    virtual Outcome decode(const Push& push, Records& records) = 0;
};

class Fetch {
  public:
    virtual ~Fetch() = default;
    // Gets what a thin push announces. The push is a hint; believe only what is fetched.
    virtual Outcome fetch(const Push& push, Bring& bring) = 0;
};

class Poll {
  public:
    virtual ~Poll() = default;
    // `nextPollSeconds` is 0 and means the configured interval; a smaller wish is written into it.
    virtual Outcome poll(Bring& bring, std::int64_t& nextPollSeconds) = 0;
};

class Examine {
  public:
    virtual ~Examine() = default;
    // Tries what poll() and fetch() need, step by step, and changes nothing at the partner.
    virtual Outcome examine(Checks& checks) = 0;
};

} // namespace trevo
