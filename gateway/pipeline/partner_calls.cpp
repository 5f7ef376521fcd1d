#include "pipeline/partner_calls.hpp"

#include "base/backoff.hpp"
#include "integration/brought.hpp"
#include "integration/meta.hpp"
#include "pipeline/decode.hpp"

#include <algorithm>

namespace trevo::pipeline {

namespace {

constexpr int kMaxAttempts = 40; // about nine hours of pauses

bool isFinal(plugin::Status status) {
    return status == plugin::Status::Reject;
}

} // namespace

PartnerCalls::PartnerCalls(journal::Journal& journal, StoreWriter& writer, const Clock& clock,
                           metrics::Registry& registry)
    : journal_(journal),
      writer_(writer),
      clock_(clock),
      fetched_(registry.counter("trevo_partner_calls_total", "Fetches and polls by outcome.",
                                {{"outcome", "ok"}})),
      failed_(registry.counter("trevo_partner_calls_total", "", {{"outcome", "failed"}})) {}

void PartnerCalls::putOff(const journal::Envelope& envelope, const char* code, const char* detail) {
    journal_.settle({{envelope.seq, journal::Outcome::Kind::Retry,
                      clock_.now() + retryPause(envelope.attempt + 1, drawFraction()),
                      journal::Reason{{code, "", "", detail}, "fetch"}}});
}

void PartnerCalls::settle(const Integration& integration, const journal::Envelope& envelope,
                          const plugin::Verdict& verdict, const char* stage) {
    failed_.add();
    integration.health().failed(verdict.problem);
    journal::Outcome outcome;
    outcome.seq = envelope.seq;
    outcome.reason = journal::Reason{verdict.problem, stage};
    if (isFinal(verdict.status) || envelope.attempt + 1 >= kMaxAttempts) {
        outcome.kind = journal::Outcome::Kind::Dead;
    } else {
        outcome.kind = journal::Outcome::Kind::Retry;
        const std::int64_t asked = verdict.retryAfterSeconds * kSecond;
        outcome.nextAt = clock_.now() + std::max(asked, retryPause(envelope.attempt + 1, drawFraction()));
    }
    journal_.settle({std::move(outcome)});
}

// Transition: ready -> done, when the details are in the journal; they are committed before the hint is
// settled, and their keys make a second fetch of the same hint harmless.
void PartnerCalls::fetch(plugin::Runner& runner, std::shared_ptr<const Integration> integration,
                         journal::Envelope envelope) {
    const auto shared = std::make_shared<const journal::Envelope>(std::move(envelope));
    const auto task = [this, integration, shared](plugin::Instance& instance) {
        plugin::Brought brought = instance.fetch(shared->contentType, shared->body);
        // What was brought is good whatever the verdict: one dealer's refused token holds back no other's
        // leads.
        auto changes = stateChangesOf(*integration, std::move(brought.stateChanges));
        auto deliveries =
            deliveriesOf(*integration, std::move(brought.documents), "fetch", shared->id, clock_.now());
        journal_.append(
            std::move(deliveries), std::move(changes),
            [this, integration, shared, verdict = std::move(brought.verdict)](const auto& result) {
                if (!result.ok()) {
                    putOff(*shared, "storage", "the fetched details could not be kept");
                    return;
                }
                if (verdict.status != plugin::Status::Ok) {
                    settle(*integration, *shared, verdict, "fetch");
                    return;
                }
                fetched_.add();
                integration->health().recovered();
                journal_.settle({{shared->seq, journal::Outcome::Kind::Done, {}, std::nullopt}});
            });
    };
    const auto done = [this, shared](bool finished) {
        if (!finished) putOff(*shared, "plugin_stuck", "the plugin did not come back in time");
    };
    if (!runner.submit(task, done))
        putOff(*shared, "plugin_busy", "the plugin is suspended or its queue is full");
}

void PartnerCalls::decode(plugin::Runner& runner, std::shared_ptr<const Integration> integration,
                          journal::Envelope envelope) {
    const auto shared = std::make_shared<const journal::Envelope>(std::move(envelope));
    const auto task = [this, integration, shared](plugin::Instance& instance) {
        const Meta meta = readMeta(shared->meta);
        plugin::Decoded raw = instance.decode(meta.role, shared->contentType, shared->meta, shared->body);
        if (raw.verdict.status != plugin::Status::Ok) {
            settle(*integration, *shared, raw.verdict, "decode");
            return;
        }
        auto decoded = readDecoded(*shared, *integration, raw.records);
        if (!decoded) {
            journal_.settle({{shared->seq,
                              journal::Outcome::Kind::Dead,
                              {},
                              journal::Reason{decoded.error().front(), "decode"}}});
            return;
        }
        writer_.submit({shared->seq,
                        shared->replay,
                        {shared->id, shared->integration, decoded->mappingVersion, shared->receivedAt,
                         shared->trial, std::move(decoded->records)}});
    };
    const auto done = [this, shared](bool finished) {
        if (!finished) putOff(*shared, "plugin_stuck", "the plugin did not come back in time");
    };
    if (!runner.submit(task, done))
        putOff(*shared, "plugin_busy", "the plugin is suspended or its queue is full");
}

} // namespace trevo::pipeline
