// What the API asks of the rest of the daemon.
#include "app/gateway.hpp"

#include "base/json_text.hpp"
#include "integration/meta.hpp"
#include "ops/log.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace trevo::app {

Result<std::string> Gateway::merge(const std::string& keep, const std::string& lose,
                                   const store::Actor& actor) {
    return pipeline_->writer().run(
        [&, now = clock_.now()](store::Writer& writer) { return writer.merge(keep, lose, actor, now); });
}

Result<std::vector<std::string>> Gateway::unmerge(const std::string& person, const store::Actor& actor) {
    return pipeline_->writer().run(
        [&, now = clock_.now()](store::Writer& writer) { return writer.unmerge(person, actor, now); });
}

Result<std::string> Gateway::acceptMatch(const std::string& match, const std::string& with,
                                         const store::Actor& actor) {
    return pipeline_->writer().run([&, now = clock_.now()](store::Writer& writer) {
        return writer.acceptMatch(match, with, actor, now);
    });
}

Result<Done> Gateway::rejectMatch(const std::string& match, const std::string& with,
                                  const store::Actor& actor) {
    return pipeline_->writer().run([&, now = clock_.now()](store::Writer& writer) {
        return writer.rejectMatch(match, with, actor, now);
    });
}

Result<std::string> Gateway::edit(const std::string& person, const store::Edit& edit,
                                  const store::Actor& actor) {
    return pipeline_->writer().run(
        [&, now = clock_.now()](store::Writer& writer) { return writer.edit(person, edit, actor, now); });
}

void Gateway::addToken(const store::Token& token, std::string_view sha256) {
    pipeline_->writer().run([&](store::Writer& writer) { writer.addToken(token, sha256); });
}

bool Gateway::revokeToken(const std::string& id) {
    return pipeline_->writer().run(
        [&, now = clock_.now()](store::Writer& writer) { return writer.revokeToken(id, now); });
}

void Gateway::audit(const store::Actor& actor, std::string_view action, std::string_view subject) {
    pipeline_->writer().later(
        [actor, action = std::string(action), subject = std::string(subject),
         now = clock_.now()](store::Writer& writer) { writer.audit(actor, action, subject, now); });
}

std::vector<api::IntegrationStatus> Gateway::integrations() {
    std::vector<api::IntegrationStatus> all;
    const auto set = directory_.snapshot();
    for (const auto& [id, integration] : set->all()) {
        api::IntegrationStatus status;
        status.id = id;
        status.plugin = integration->settings().plugin.empty() ? integration->settings().mapping
                                                               : integration->settings().plugin;
        const auto* runner = set->runner(id);
        status.state = runner && runner->suspended() ? "suspended"
                       : polls_->paused(id)          ? "paused"
                                                     : "running";
        status.dealers = integration->settings().dealers;
        status.lastProblem = integration->health().lastProblem();
        if (const auto trouble = runner ? runner->trouble() : std::nullopt)
            status.lastProblem = describe(*trouble);
        if (const auto at = integration->health().lastDelivery(); at.micros > 0) status.lastDelivery = at;
        if (const auto at = integration->health().nextPoll(); at.micros > 0) status.nextPoll = at;
        all.push_back(std::move(status));
    }
    return all;
}

Result<Done> Gateway::pollNow(const std::string& id) {
    return polls_->pollNow(id);
}

Result<Done> Gateway::pause(const std::string& id) {
    return polls_->pause(id);
}

Result<Done> Gateway::resume(const std::string& id) {
    return polls_->resume(id);
}

// One at a time: it may take as long as a partner does, and the API has few threads.
Result<std::vector<api::IntegrationCheck>> Gateway::examine(const std::string& id) {
    const std::unique_lock alone(examining_, std::try_to_lock);
    if (!alone)
        return Problem{"busy", "", "", "another integration is being examined; ask again when that is over"};
    const auto set = directory_.snapshot();
    const auto integration = set->find(id);
    if (!integration) return Problem{"unknown_integration", "", "", "there is no integration '" + id + "'"};
    std::vector<api::IntegrationCheck> all;
    if (const auto& files = integration->settings().files) {
        const bool good = ::access(files->folder.c_str(), R_OK | W_OK | X_OK) == 0;
        all.push_back(
            {"folder", good ? "good" : "failed", "",
             "the drop folder " + files->folder + (good ? " can be read and written" : " can not be used"),
             good ? "" : "create it, and let the gateway's user read, write and enter it"});
    }
    if (const auto& mail = integration->settings().mail; mail && !mail->mailbox) {
        const std::string& door = config_->lmtp.listen;
        if (lmtp_)
            all.push_back({"mail", "good", "", "it takes mails to " + id + "@… over LMTP at " + door, ""});
        else
            all.push_back({"mail", "unknown", "", "it takes mails, but none can reach it",
                           "name its mailbox, or lmtp in [mail]"});
    }
    auto seen = polls_->examine(id);
    if (!seen) return seen.error();
    static constexpr const char* kStates[] = {"good", "failed", "unknown"};
    for (auto& check : *seen)
        all.push_back({std::move(check.name), kStates[static_cast<std::size_t>(check.state)],
                       std::move(check.dealer), std::move(check.detail), std::move(check.advice)});
    if (polls_->paused(id))
        all.push_back({"paused", "unknown", "", "the partner is not asked: it is paused",
                       "trevo integrations resume " + id});
    if (all.empty())
        all.push_back({"push", "good", "", "it waits for deliveries at /in/" + id + " and asks nobody", ""});
    return all;
}

// The plugin's own sample case, or the mapping's, goes the way of a real delivery, marked as a trial: it
// matches nothing and shows in no list.
Result<std::string> Gateway::tryIntegration(const std::string& id) {
    const auto integration = directory_.snapshot()->find(id);
    if (!integration) return Problem{"unknown_integration", "", "", "there is no integration '" + id + "'"};
    const auto& manifest = integration->manifest();
    std::string sample;
    for (const auto& dir : config_->pluginDirs) {
        std::ifstream file(dir + "/" + manifest.id + "/cases/" + manifest.tryCase + ".in", std::ios::binary);
        if (file) sample.assign(std::istreambuf_iterator<char>(file), {});
    }
    journal::Delivery delivery;
    delivery.integration = id;
    delivery.door = "http";
    delivery.contentType = manifest.contentTypes.empty() ? "application/json" : manifest.contentTypes.front();
    delivery.meta = "{\"trial\":true}";
    delivery.body = std::move(sample);
    if (integration->sample()) {
        delivery.contentType = integration->sample()->contentType;
        delivery.meta = metaOfTrial(integration->sample()->parameters);
        delivery.body = integration->sample()->body;
    } else if (manifest.tryCase.empty() || delivery.body.empty()) {
        return Problem{
            "no_sample", "", "",
            "there is no sample to try: a plugin names one of its cases as try_case, a mapping has its "
            "test file beside it"};
    }
    delivery.receivedAt = clock_.now();
    delivery.key = "trial:" + ids_.next().text();
    delivery.trial = true;
    const auto receipts = journal_->commit({std::move(delivery)});
    if (!receipts) return Problem{"storage", "", "", "the trial could not be kept in the journal"};
    return receipts->front().id.text();
}

std::string Gateway::versionJson() {
    return "{\"version\":\"" TREVO_VERSION "\",\"started_at\":\"" + formatRfc3339(startedAt_) +
           "\",\"pid\":" + std::to_string(::getpid()) + ",\"config\":" + jsonString(config_->path) +
           ",\"data_dir\":" + jsonString(config_->dataDir) + '}';
}

void Gateway::failed(std::string_view operation, std::string_view what) {
    log::error(
        "api.failed",
        "A request failed for a reason of the gateway's own. Check the disk; if it is well, report this.",
        {{"operation", operation}, {"reason", log::oneLine(what, 300)}});
}

std::string Gateway::metricsText() {
    return metrics_.text();
}

std::vector<std::string> Gateway::unreadyReasons() {
    std::vector<std::string> reasons;
    if (!journal_->stats().accepting) reasons.emplace_back("the journal takes nothing: disk full or failing");
    if (pipeline_->writer().failing()) reasons.emplace_back("the lead store can not be written");
    return reasons;
}

} // namespace trevo::app
