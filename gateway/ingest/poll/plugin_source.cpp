#include "ingest/poll/plugin_source.hpp"

#include "integration/brought.hpp"

#include <algorithm>

namespace trevo::poll {

PluginSource::PluginSource(std::shared_ptr<const Integration> integration,
                           const IntegrationDirectory& directory, journal::Journal& journal,
                           const Clock& clock)
    : Source(std::move(integration)), directory_(directory), journal_(journal), clock_(clock) {}

std::int64_t PluginSource::intervalSeconds() const {
    return integration().canPoll() ? std::max<std::int64_t>(1, integration().pollIntervalSeconds()) : 0;
}

void PluginSource::interrupt() {
    std::shared_ptr<Wait> wait;
    {
        const std::lock_guard lock(mutex_);
        interrupted_ = true;
        wait = waiting_;
    }
    if (!wait) return;
    {
        const std::lock_guard lock(wait->mutex);
        wait->interrupted = true;
    }
    wait->changed.notify_all();
}

PluginSource::Ran PluginSource::run(std::function<void(plugin::Instance&)> task) {
    const auto set = directory_.snapshot();
    auto* runner = set ? set->runner(integration().id()) : nullptr;
    if (!runner) return Ran::NotAtAll;
    const auto wait = std::make_shared<Wait>();
    {
        const std::lock_guard lock(mutex_);
        if (interrupted_) return Ran::Interrupted;
        waiting_ = wait;
    }
    const auto done = [wait](bool finished) {
        {
            const std::lock_guard lock(wait->mutex);
            wait->ended = true;
            wait->finished = finished;
        }
        wait->changed.notify_all();
    };
    if (!runner->submit(std::move(task), done)) return Ran::NotAtAll;
    std::unique_lock lock(wait->mutex);
    wait->changed.wait(lock, [&] { return wait->ended || wait->interrupted; });
    if (!wait->ended) return Ran::Interrupted;
    return wait->finished ? Ran::Yes : Ran::NotAtAll;
}

Problem PluginSource::troubleOfRunner() const {
    const auto set = directory_.snapshot();
    const auto* runner = set ? set->runner(integration().id()) : nullptr;
    if (runner) {
        if (auto trouble = runner->trouble()) return *trouble;
    }
    return {"plugin_busy", "", "",
            "the plugin is suspended, its queue is full, or it did not come back in time"};
}

Round PluginSource::round() {
    const auto brought = std::make_shared<plugin::Brought>();
    switch (run([brought](plugin::Instance& instance) { *brought = instance.poll(); })) {
    case Ran::Interrupted: return {}; // nothing was committed, so it is brought again
    case Ran::NotAtAll: return {true, troubleOfRunner(), 0, false};
    case Ran::Yes: break;
    }
    // What was brought is good whatever the verdict.
    auto changes = stateChangesOf(integration(), std::move(brought->stateChanges));
    auto deliveries =
        deliveriesOf(integration(), std::move(brought->documents), "poll", std::nullopt, clock_.now());
    bool any = false, fresh = false;
    if (!deliveries.empty() || !changes.empty()) {
        const auto receipts = journal_.commit(std::move(deliveries), std::move(changes));
        if (!receipts)
            return {true, {"storage", "", "", "what was brought could not be kept in the journal"}, 0, false};
        any = !receipts->empty();
        fresh = std::any_of(receipts->begin(), receipts->end(),
                            [](const auto& receipt) { return !receipt.repeated; });
    }
    if (any) integration().health().delivered(clock_.now());
    if (brought->verdict.status != plugin::Status::Ok)
        return {true, brought->verdict.problem, brought->verdict.retryAfterSeconds, fresh};
    return {false, {}, brought->nextPollSeconds, false};
}

std::vector<Check> PluginSource::examine() {
    if (!integration().canExamine())
        return {
            {"plugin", "", Check::State::Good, "the plugin is loaded; it can not look at its partner", ""}};
    const auto examined = std::make_shared<plugin::Examined>();
    if (run([examined](plugin::Instance& instance) { *examined = instance.examine(); }) != Ran::Yes) {
        return {{"plugin", "", Check::State::Failed, describe(troubleOfRunner()),
                 "when it is stopped because its calls did not come back, restart the gateway"}};
    }
    std::vector<Check> checks;
    for (auto& check : examined->checks)
        checks.push_back({std::move(check.name), std::move(check.dealer),
                          static_cast<Check::State>(check.state), std::move(check.detail),
                          std::move(check.advice)});
    if (examined->verdict.status != plugin::Status::Ok) {
        checks.push_back({"plugin", "", Check::State::Failed, describe(examined->verdict.problem),
                          "what was to be looked at after this was not"});
    }
    return checks;
}

Factory pluginSources(const IntegrationDirectory& directory, journal::Journal& journal, const Clock& clock) {
    return [&directory, &journal, &clock](std::shared_ptr<const Integration> integration) {
        std::unique_ptr<Source> source;
        if (integration->canPoll() || integration->canExamine())
            source = std::make_unique<PluginSource>(std::move(integration), directory, journal, clock);
        return source;
    };
}

} // namespace trevo::poll
