// The daemon itself: integrations, status, health.
#include "api/events.hpp"
#include "api/rows.hpp"

#include <algorithm>

namespace trevo::api::running {

namespace {

bool visible(const Call& call, const IntegrationStatus& status) {
    return !call.principal.dealers ||
           std::any_of(status.dealers.begin(), status.dealers.end(),
                       [&](const auto& dealer) { return sees(call.principal, dealer); });
}

std::optional<IntegrationStatus> integration(Services& services, const Call& call) {
    for (IntegrationStatus& status : services.operations.integrations())
        if (status.id == call.id && visible(call, status)) return std::move(status);
    return std::nullopt;
}

void writeIntegrations(JsonWriter& out, Services& services, const Call& call) {
    out.beginArray();
    for (IntegrationStatus& status : services.operations.integrations()) {
        if (!visible(call, status)) continue;
        std::erase_if(status.dealers, [&](const auto& dealer) { return !sees(call.principal, dealer); });
        write(out, status);
    }
    out.endArray();
}

} // namespace

Answer integrations(Services& services, const Call& call) {
    JsonWriter out;
    out.beginObject().key("items");
    writeIntegrations(out, services, call);
    out.endObject();
    return ok(200, out);
}

Answer poll(Services& services, const Call& call) {
    if (!integration(services, call)) return notFound("integration", call.id);
    const auto started = services.operations.pollNow(call.id);
    if (!started) return refused(started.error());
    services.operations.audit(actorOf(call.principal), call.route.operation, call.id);
    JsonWriter out;
    out.beginObject().member("integration", call.id).flag("started", true).endObject();
    return ok(202, out);
}

namespace {

Answer switched(Services& services, const Call& call, bool pause) {
    if (!integration(services, call)) return notFound("integration", call.id);
    const auto done = pause ? services.operations.pause(call.id) : services.operations.resume(call.id);
    if (!done) return refused(done.error());
    services.operations.audit(actorOf(call.principal), call.route.operation, call.id);
    JsonWriter out;
    out.beginObject().member("integration", call.id).flag("paused", pause).endObject();
    return ok(200, out);
}

} // namespace

Answer pause(Services& services, const Call& call) {
    return switched(services, call, true);
}

Answer resume(Services& services, const Call& call) {
    return switched(services, call, false);
}

Answer examine(Services& services, const Call& call) {
    const auto known = integration(services, call);
    if (!known) return notFound("integration", call.id);
    const auto checks = services.operations.examine(call.id);
    if (!checks) return refused(checks.error());
    services.operations.audit(actorOf(call.principal), call.route.operation, call.id);
    const bool good = std::none_of(checks->begin(), checks->end(),
                                   [](const IntegrationCheck& check) { return check.state == "failed"; });
    JsonWriter out;
    out.beginObject().member("integration", call.id).flag("ok", good).key("checks").beginArray();
    for (const IntegrationCheck& check : *checks) {
        if (!check.dealer.empty() && !sees(call.principal, check.dealer)) continue;
        out.beginObject()
            .member("name", check.name)
            .member("state", check.state)
            .maybe("dealer", check.dealer)
            .member("detail", check.detail)
            .maybe("advice", check.advice)
            .endObject();
    }
    out.endArray().endObject();
    return ok(200, out);
}

Answer tryOut(Services& services, const Call& call) {
    if (!integration(services, call)) return notFound("integration", call.id);
    const auto receipt = services.operations.tryIntegration(call.id);
    if (!receipt) return refused(receipt.error());
    services.operations.audit(actorOf(call.principal), call.route.operation, call.id);
    JsonWriter out;
    out.beginObject().member("receipt", *receipt).endObject();
    return ok(202, out);
}

Answer status(Services& services, const Call& call) {
    const auto reasons = services.operations.unreadyReasons();
    const journal::Stats journal = services.journal.stats();
    const auto counts = services.reader.counts();
    JsonWriter out;
    out.beginObject().key("daemon").raw(services.operations.versionJson());
    out.flag("ready", reasons.empty()).member("reasons", reasons);
    out.key("journal")
        .beginObject()
        .flag("accepting", journal.accepting)
        .count("ready", journal.ready)
        .count("ready_bytes", journal.readyBytes)
        .count("dead", journal.dead)
        .count("appended", journal.appended)
        .count("repeated", journal.repeated)
        .count("refused", journal.refused)
        .count("commits", journal.commits)
        .count("oldest_ready_seconds", journal.oldestReadyMicros / kSecond)
        .endObject();
    out.key("store")
        .beginObject()
        .count("records", counts.records)
        .count("people", counts.people)
        .count("negotiations", counts.negotiations)
        .count("last_event", services.reader.lastEvent())
        .endObject();
    out.count("event_streams", static_cast<std::int64_t>(services.streams.open()));
    out.key("integrations");
    writeIntegrations(out, services, call);
    out.endObject();
    return ok(200, out);
}

Answer healthy(Services&, const Call&) {
    return http::Response{200, {{"Content-Type", "text/plain; charset=utf-8"}}, "ok\n"};
}

Answer ready(Services& services, const Call&) {
    const auto reasons = services.operations.unreadyReasons();
    JsonWriter out;
    out.beginObject().flag("ready", reasons.empty()).member("reasons", reasons).endObject();
    return ok(reasons.empty() ? 200 : 503, out);
}

Answer metrics(Services& services, const Call&) {
    return http::Response{200,
                          {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
                          services.operations.metricsText()};
}

Answer openApi(Services&, const Call&) {
    static const std::string document = Api::openApiDocument();
    return http::json(200, document);
}

} // namespace trevo::api::running
