#include "app/gateway.hpp"

#include "integration/matching.hpp"
#include "ops/log.hpp"

#include <map>
#include <systemd/sd-daemon.h>

namespace trevo::app {

namespace {

bool needsRestart(const config::Config& before, const config::Config& after) {
    const auto listens = [](const config::Config& config) {
        std::string text = config.dataDir;
        for (const auto& listen : config.listen)
            text += '|' + listen.address + ':' + std::to_string(listen.port);
        return text;
    };
    return listens(before) != listens(after);
}

// Dealers that were there and belong to another group now.
std::string movedDealers(const config::Config& before, const config::Config& after) {
    std::map<std::string, std::string> groups;
    for (const auto& dealer : before.dealers)
        groups[dealer.id] = dealer.group;
    std::string moved;
    for (const auto& dealer : after.dealers) {
        const auto at = groups.find(dealer.id);
        if (at == groups.end() || at->second == dealer.group) continue;
        moved += (moved.empty() ? "" : ", ") + dealer.id;
    }
    return moved;
}

void report(const toml::Errors& errors) {
    for (const auto& mistake : errors) {
        log::error("reload.refused", "The new configuration has a mistake; the old one stays in force.",
                   {{"mistake", toml::describe(mistake)}});
    }
}

} // namespace

bool Gateway::reload() {
    ::sd_notify(0, "RELOADING=1");
    const auto finish = [](bool swapped) {
        ::sd_notify(0, "READY=1");
        return swapped;
    };
    auto loaded = config::load(config_->path);
    if (!loaded) {
        report(loaded.error());
        return finish(false);
    }
    const auto fresh = std::make_shared<const config::Config>(std::move(*loaded));
    const IntegrationServices offered = services();
    auto before = directory_.snapshot();
    auto set = IntegrationSet::build(fresh, &offered, before.get());
    if (!set) {
        report(set.error());
        return finish(false);
    }
    auto stored = storeOptionsOf(*fresh);
    if (!stored) {
        report(stored.error());
        return finish(false);
    }
    stored->erasureKey = folder_.erasureKey();
    if (needsRestart(*config_, *fresh)) {
        log::warning("reload.restart_needed",
                     "listen and data_dir change only with a restart; the rest is in force now.");
    }
    if (const auto moved = movedDealers(*config_, *fresh); !moved.empty()) {
        log::warning("reload.group_changed",
                     "New records of these dealers are matched in their new group; the people that they have "
                     "stay in the old one.",
                     {{"dealers", moved}});
    }
    pipeline_->writer().run([&](store::Writer&) { store_->configure(*stored); });
    directory_.replace(*set);
    files_->look();
    polls_->wake();
    housekeeping_->retire(std::move(before));
    listener_->reloadCertificates();
    log::configure(fresh->logLevel, fresh->logFormat);
    config_ = fresh;
    log::info("reload.done", "The new configuration is in force.",
              {{"integrations", static_cast<std::int64_t>((*set)->all().size())}});
    return finish(true);
}

} // namespace trevo::app
