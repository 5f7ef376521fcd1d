// A partner's push: from a complete request to the journal.
#include "ingest/checked.hpp"
#include "ingest/intake.hpp"

#include "integration/meta.hpp"

namespace trevo::ingest {

namespace {

// The sender's own id of this delivery, strongest first. Without one the bytes themselves are the key.
void setKey(journal::Delivery& delivery, const http::Head& head, const Integration& integration,
            const std::optional<std::string>& mapped) {
    using Type = config::Authentication::Type;
    if (const auto key = http::find(head.headers, "Idempotency-Key"); !key.empty()) {
        delivery.key = "idempotency:" + std::string(key);
        delivery.keyBindsContent = true;
        return;
    }
    if (integration.settings().authentication.type == Type::StandardWebhooks) {
        delivery.key = "webhook:" + std::string(Authenticator::deliveryId(head));
        return;
    }
    if (mapped && !mapped->empty()) {
        delivery.key = "id:" + *mapped;
        return;
    }
    delivery.keyWindow = integration.settings().keyWindowHours * kHour;
}

// 400 for what can not be read at all, 422 for a document that can and lacks something.
int statusOf(const Problems& problems) {
    return isUnreadable(problems.front().code) ? 400 : 422;
}

http::Response refusalOf(const Problems& problems) {
    const int status = statusOf(problems);
    return http::problem(status, problems.front().code,
                         status == 400 ? "the body can not be read" : "the body lacks what a lead needs",
                         problems);
}

} // namespace

void Intake::handle(http::Request request, http::Responder respond) {
    const UtcTime now = clock_.now();
    const Route found = route(request.head);
    if (!found.integration) { // a reload took it away between head and body
        respond(http::problem(404, "unknown_integration",
                              "there is no integration of this name that takes deliveries"));
        return;
    }
    const Integration& integration = *found.integration;
    if (auto passed = integration.authenticator().checkBody(request.head, request.body, now); !passed) {
        metrics_.refused.add();
        respond(http::problem(401, passed.error().code, passed.error().detail, {passed.error()}));
        return;
    }

    if (auto* runner = integration.canAuthenticate() ? found.set->runner(integration.id()) : nullptr) {
        authenticateByPlugin(*runner, found.integration, std::string(found.subPath), std::move(request),
                             respond);
        return;
    }
    commit(found.integration, found.subPath, std::move(request), std::move(respond));
}

// The partner's own scheme, checked by its plugin on the integration's thread: a slow one holds up nobody
// else's answer.
void Intake::authenticateByPlugin(plugin::Runner& runner,
                                  const std::shared_ptr<const Integration>& integration,
                                  const std::string& subPath, http::Request request,
                                  const http::Responder& respond) {
    const auto shared = std::make_shared<http::Request>(std::move(request));
    const auto busy = [respond] {
        respond(http::problem(503, "authentication_busy",
                              "the sender can not be checked now; send again later", {}, 5));
    };
    const auto check = [this, integration, subPath, shared, respond](plugin::Instance& instance) {
        const plugin::Verdict verdict =
            instance.authenticate({metaWithSecrets(shared->head, subPath), shared->body});
        if (verdict.status == plugin::Status::Ok) {
            commit(integration, subPath, std::move(*shared), respond);
            return;
        }
        metrics_.refused.add();
        const bool refused =
            verdict.status == plugin::Status::Auth || verdict.status == plugin::Status::Reject;
        if (!refused) integration->health().failed(verdict.problem);
        respond(refused ? http::problem(401, verdict.problem.code, verdict.problem.detail, {verdict.problem})
                        : http::problem(503, "authentication_failed", "the sender can not be checked now", {},
                                        30));
    };
    const auto done = [busy](bool finished) {
        if (!finished) busy();
    };
    if (!runner.submit(check, done)) busy();
}

// From a sender that is known to the journal, whose callback answers.
void Intake::commit(std::shared_ptr<const Integration> shared, std::string_view subPath,
                    http::Request request, http::Responder respond) {
    const UtcTime now = clock_.now();
    const Integration& integration = *shared;
    journal::Delivery delivery;
    delivery.integration = integration.id();
    delivery.door = "http";
    delivery.contentType = http::find(request.head.headers, "Content-Type");
    if (delivery.contentType.empty()) delivery.contentType = integration.settings().format;
    delivery.meta = metaOfPush(request.head, subPath, integration.authenticator());
    delivery.receivedAt = now;

    delivery.body = std::move(request.body);
    const CheckedDelivery checked = check(integration, delivery);
    std::optional<http::Response> refusal;
    if (!checked.problems.empty()) refusal = refusalOf(checked.problems);
    setKey(delivery, request.head, integration, checked.deliveryKey);

    journal_.append(std::move(delivery), [this, respond = std::move(respond), integration = std::move(shared),
                                          refusal = std::move(refusal), now](const auto& result) mutable {
        if (!result.ok()) {
            metrics_.unavailable.add();
            respond(unavailable(result.error()));
            return;
        }
        const journal::Receipt& receipt = result.value();
        integration->health().delivered(now);
        if (refusal) {
            metrics_.dead.add();
            respond(withReceipt(std::move(*refusal), receipt.id.text()));
            return;
        }
        (receipt.repeated ? metrics_.repeated : metrics_.accepted).add();
        const int status = integration->successStatus();
        metrics_.answer.observe(static_cast<double>(clock_.now() - now) / 1e6);
        respond(http::json(status, status == 204 ? std::string() : integration->answerBody(receipt.id)));
    });
}

} // namespace trevo::ingest
