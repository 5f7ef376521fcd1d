#include "ingest/intake.hpp"

#include "base/json_text.hpp"
#include "base/thread_name.hpp"
#include "integration/handshake.hpp"

#include <algorithm>

namespace trevo::ingest {

namespace {

constexpr std::size_t kMaxAddresses = 65'536;
constexpr std::string_view kPrefix = "/in/";

} // namespace

IntakeMetrics::IntakeMetrics(metrics::Registry& registry)
    : accepted(
          registry.counter("trevo_deliveries_total", "Deliveries by outcome.", {{"outcome", "accepted"}})),
      repeated(registry.counter("trevo_deliveries_total", "", {{"outcome", "repeated"}})),
      refused(registry.counter("trevo_deliveries_total", "", {{"outcome", "refused"}})),
      dead(registry.counter("trevo_deliveries_total", "", {{"outcome", "dead"}})),
      unavailable(registry.counter("trevo_deliveries_total", "", {{"outcome", "unavailable"}})),
      answer(registry.histogram("trevo_answer_seconds", "From a complete request to its answer.")) {}

Intake::Intake(const IntegrationDirectory& directory, const config::Limits& limits, journal::Journal& journal,
               const Clock& clock, metrics::Registry& registry)
    : directory_(directory),
      journal_(journal),
      clock_(clock),
      metrics_(registry),
      limits_(limits),
      perAddress_(makeRateLimiter(limits.perAddress, kMaxAddresses)),
      failures_(makeRateLimiter(limits.failuresPerAddress, kMaxAddresses)),
      worker_([this] { runLargeBatches(); }) {}

Intake::~Intake() {
    stop();
}

void Intake::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        stopping_ = true;
    }
    arrived_.notify_all();
    worker_.join();
}

Intake::Route Intake::route(const http::Head& head) const {
    Route route{directory_.snapshot(), nullptr, {}};
    std::string_view rest = head.path;
    if (!rest.starts_with(kPrefix)) return route;
    rest.remove_prefix(kPrefix.size());
    const auto slash = rest.find('/');
    route.integration = route.set->find(rest.substr(0, slash));
    if (slash != std::string_view::npos) route.subPath = rest.substr(slash + 1);
    return route;
}

// Refused attempts are counted by address.
http::Response Intake::refuseSender(const http::Head& head, const Problem& problem, int status) {
    if (failures_) {
        if (const auto wait = failures_->take(head.remoteAddress, clock_)) {
            return http::problem(429, "too_many_failures", "too many refused attempts from this address", {},
                                 *wait);
        }
    }
    return http::problem(status, problem.code, problem.detail, {problem});
}

http::Response Intake::handshake(const http::Head& head, const Integration& integration) {
    auto challenge = answerHandshake(*integration.settings().handshake, head.query);
    if (!challenge) {
        metrics_.refused.add();
        return refuseSender(head, challenge.error(), 403);
    }
    http::Response response;
    response.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"X-Content-Type-Options", "nosniff"}};
    response.body = std::move(*challenge);
    return response;
}

// Every check that needs only the head, cheapest first.
std::optional<http::Response> Intake::refuse(const http::Head& head, const Route& route) {
    const auto later = [](std::string_view code, std::string_view detail, int seconds) {
        return http::problem(429, code, detail, {}, seconds);
    };
    if (perAddress_) {
        if (const auto wait = perAddress_->take(head.remoteAddress, clock_)) {
            return later("rate_of_address", "this address sends more than is agreed", *wait);
        }
    }
    if (!route.integration || !route.integration->acceptsPush()) {
        return http::problem(404, "unknown_integration",
                             "there is no integration of this name that takes deliveries");
    }
    const Integration& integration = *route.integration;
    const bool asks = integration.settings().handshake && head.method == "GET";
    if (head.method != "POST" && !asks) {
        auto response = http::problem(405, "method_not_allowed", "deliveries are posted");
        response.headers.emplace_back("Allow", integration.settings().handshake ? "GET, POST" : "POST");
        return response;
    }
    if (const auto wait = integration.takeRate(clock_)) {
        return later("rate_of_integration", "this integration sends more than is agreed", *wait);
    }
    if (auto passed = integration.authenticator().checkHead(head, route.subPath); !passed) {
        const bool forbidden = passed.error().code.ends_with("_not_allowed");
        auto response = refuseSender(head, passed.error(), forbidden ? 403 : 401);
        if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return response;
    }
    if (asks) return std::nullopt;
    if (const auto coding = http::find(head.headers, "Content-Encoding");
        !coding.empty() && coding != "identity") {
        return http::problem(415, "content_encoding", "send the body without a content coding");
    }
    std::string_view contentType = http::find(head.headers, "Content-Type");
    if (contentType.empty()) contentType = integration.settings().format;
    if (!contentType.empty() && !integration.acceptsContentType(contentType)) {
        return http::problem(415, "content_type", "this integration does not take that content type");
    }
    return std::nullopt;
}

http::Admission Intake::admit(const http::Head& head) {
    const Route found = route(head);
    http::Admission admission;
    admission.refusal = refuse(head, found);
    if (admission.refusal) {
        metrics_.refused.add();
        return admission;
    }
    if (head.method == "GET") {
        admission.refusal = handshake(head, *found.integration);
        return admission;
    }
    const int own = found.integration->settings().maxBodyBytes;
    admission.maxBodyBytes = static_cast<std::size_t>(own > 0 ? own : limits_.maxBodyBytes);
    admission.bodyTimeoutSeconds = limits_.bodyTimeoutSeconds;
    return admission;
}

void Intake::runLargeBatches() {
    nameThisThread("batches");
    std::unique_lock lock(mutex_);
    while (true) {
        arrived_.wait(lock, [&] { return stopping_ || !large_.empty(); });
        if (large_.empty()) return;
        auto job = std::move(large_.front());
        large_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

bool isUnreadable(std::string_view code) {
    static constexpr std::string_view kCodes[] = {
        "malformed_json", "not_utf8", "not_an_object", "too_deep",    "too_large",       "bad_json",
        "bad_xml",        "bad_csv",  "bad_form",      "bad_charset", "too_many_values", "xml_doctype"};
    return std::find(std::begin(kCodes), std::end(kCodes), code) != std::end(kCodes);
}

http::Response withReceipt(http::Response response, const std::string& receipt) {
    if (response.body.ends_with('}')) {
        response.body.pop_back();
        response.body += ",\"receipt\":" + jsonString(receipt) + '}';
    }
    return response;
}

http::Response unavailable(journal::AppendError error) {
    using journal::AppendError;
    switch (error) {
    case AppendError::KeyConflict:
        return http::problem(
            422, "idempotency_key_reused",
            "this Idempotency-Key came before with another body; use a new key for new content");
    case AppendError::Overloaded:
        return http::problem(503, "overloaded", "too much waits to be worked off; send again later", {}, 5);
    case AppendError::DiskFull:
        return http::problem(503, "disk_full", "nothing can be kept now; send again later", {}, 30);
    case AppendError::Stopped:
        return http::problem(503, "stopping", "the gateway restarts; send again", {}, 5);
    case AppendError::Failed: break;
    }
    return http::problem(503, "storage", "the delivery could not be kept; send again later", {}, 30);
}

} // namespace trevo::ingest
