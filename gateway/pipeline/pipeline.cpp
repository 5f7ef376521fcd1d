#include "pipeline/pipeline.hpp"

#include "base/thread_name.hpp"
#include "integration/meta.hpp"
#include "ops/log.hpp"
#include "pipeline/priority.hpp"

#include <algorithm>

namespace trevo::pipeline {

namespace {

constexpr std::size_t kClaim = 64;
constexpr std::int64_t kClaimWait = 200'000;
constexpr std::int64_t kPause = 5 * kSecond;

int workerCount(int configured) {
    if (configured > 0) return configured;
    return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 4U));
}

} // namespace

Pipeline::Pipeline(const IntegrationDirectory& directory, journal::Journal& journal, store::Store& store,
                   const Clock& clock, metrics::Registry& registry, int workers)
    : directory_(directory),
      journal_(journal),
      clock_(clock),
      dead_(registry.counter("trevo_envelopes_total", "Envelopes by outcome.", {{"outcome", "dead"}})),
      ignored_(registry.counter("trevo_envelopes_total", "", {{"outcome", "ignored"}})),
      writer_(store, journal, clock, registry),
      partnerCalls_(journal, writer_, clock, registry) {
    for (int i = 0; i < workerCount(workers); ++i) {
        workers_.emplace_back([this] {
            nameThisThread("decode");
            yieldToListener();
            work();
        });
    }
}

Pipeline::~Pipeline() {
    stop();
}

void Pipeline::stop() {
    if (stopping_.exchange(true)) return;
    for (auto& worker : workers_)
        worker.join();
    writer_.stop();
}

void Pipeline::work() {
    while (!stopping_) {
        for (auto& envelope : journal_.claim(kClaim, kClaimWait)) {
            if (stopping_) return; // the rest's lease ends with this process
            take(std::move(envelope));
        }
    }
}

// The parts of an envelope that were refused when it was worked off before. Of a body that was corrected
// since they name nothing.
std::set<std::string> Pipeline::partsOf(const journal::Envelope& envelope) const {
    std::set<std::string> names;
    if (readMeta(envelope.meta).corrected) return names;
    for (const auto& child : journal_.children(envelope.id)) {
        if (auto part = readMeta(child.meta).part; !part.empty()) names.insert(std::move(part));
    }
    return names;
}

// Commits the refused parts as dead letters, before the good ones are applied: a crash between the two
// repeats both, and their keys make that harmless. False when they can not be kept now: the envelope waits.
bool Pipeline::setApart(const journal::Envelope& envelope, std::vector<RefusedPart> refused) {
    std::vector<journal::Delivery> deliveries;
    deliveries.reserve(refused.size());
    for (auto& part : refused)
        deliveries.push_back(deliveryOf(envelope, std::move(part)));
    const std::size_t count = deliveries.size();
    if (!journal_.commit(std::move(deliveries))) {
        journal_.settle(
            {{envelope.seq, journal::Outcome::Kind::Retry, clock_.now() + kPause,
              journal::Reason{{"storage", "", "", "its refused parts could not be kept"}, "decode"}}});
        return false;
    }
    for (std::size_t i = 0; i < count; ++i)
        dead_.add();
    return true;
}

void Pipeline::take(journal::Envelope envelope) {
    const std::int64_t seq = envelope.seq;
    try {
        const auto set = directory_.snapshot();
        const auto integration = set->find(envelope.integration);
        if (auto* runner = integration ? set->runner(integration->id()) : nullptr) {
            if (envelope.door == "http" && integration->canFetch()) {
                partnerCalls_.fetch(*runner, integration, std::move(envelope));
                return;
            }
            if (envelope.door != "records" && integration->canDecode()) {
                partnerCalls_.decode(*runner, integration, std::move(envelope));
                return;
            }
        }
        auto decoded = decode(envelope, integration.get(), set->config(), [&] { return partsOf(envelope); });
        if (!decoded) {
            dead_.add();
            journal_.settle({{seq,
                              journal::Outcome::Kind::Dead,
                              {},
                              journal::Reason{decoded.error().front(), "decode"}}});
            return;
        }
        if (decoded->nothing) {
            ignored_.add();
            journal_.settle(
                {{seq, journal::Outcome::Kind::Done, {}, journal::Reason{*decoded->nothing, "ignored"}}});
            return;
        }
        if (!decoded->refused.empty() && !setApart(envelope, std::move(decoded->refused))) return;
        writer_.submit({seq,
                        envelope.replay,
                        {envelope.id, envelope.integration, std::move(decoded->mappingVersion),
                         envelope.receivedAt, envelope.trial, std::move(decoded->records)}});
    } catch (const std::exception& failure) {
        // Our own mistake: the delivery is kept with what is known, and the gateway goes on for the others.
        log::error("pipeline.bug",
                   "An envelope could not be worked off; it is a dead letter now. Report this.",
                   {{"seq", seq}, {"reason", log::oneLine(failure.what(), 300)}});
        journal_.settle(
            {{seq,
              journal::Outcome::Kind::Dead,
              {},
              journal::Reason{{"internal", "", "", "the gateway failed on this document"}, "decode"}}});
    }
}

} // namespace trevo::pipeline
