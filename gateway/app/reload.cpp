#include "app/gateway.hpp"

#include "ops/log.hpp"

#include <systemd/sd-daemon.h>

namespace trevo::app {

namespace {

bool needsRestart(const config::Config& before, const config::Config& after) {
    const auto listens = [](const config::Config& config) {
        std::string text = config.dataDir;
        for (const auto& listen : config.listen)
            text += '|' + listen.address + ':' + std::to_string(listen.port);
        for (const auto& rule : config.duplicates) {
            text +=
                '|' + rule.group + rule.policy + rule.same + rule.within + std::to_string(rule.windowDays);
            for (const auto& dealer : rule.dealers)
                text += ',' + dealer;
        }
        return text;
    };
    return listens(before) != listens(after);
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
    if (needsRestart(*config_, *fresh)) {
        log::warning("reload.restart_needed",
                     "listen, data_dir and duplicates change only with a restart; the rest is in force now.");
    }
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
