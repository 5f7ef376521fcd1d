// POST /v1/records: canonical records from a site or any client. One envelope and one receipt a record.
#include "ingest/intake.hpp"

#include "base/json_text.hpp"
#include "canonical/batch.hpp"
#include "integration/records.hpp"

#include <algorithm>

namespace trevo::ingest {

namespace {

constexpr std::size_t kInlineBytes = 64 * 1024; // larger bodies leave the listener's thread

struct Verdict {
    Problems problems; // empty: accepted
};

void appendProblem(std::string& out, const Problem& problem) {
    out += "{\"code\":" + jsonString(problem.code) + ",\"field\":" + jsonString(problem.field) +
           ",\"place\":" + jsonString(problem.place) + ",\"detail\":" + jsonString(problem.detail) + '}';
}

// The answer to a batch: an entry a record, in order.
http::Response batchAnswer(const std::vector<Verdict>& verdicts,
                           const std::vector<journal::Receipt>& receipts) {
    std::string body = "{\"receipts\":[";
    std::size_t refused = 0;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        if (i > 0) body += ',';
        const bool ok = verdicts[i].problems.empty();
        refused += ok ? 0 : 1;
        body += "{\"receipt\":\"" + receipts[i].id.text() + "\",\"status\":\"";
        body += ok ? (receipts[i].repeated ? "repeated" : "accepted") : "refused";
        body += '"';
        if (!ok) {
            body += ",\"errors\":[";
            for (std::size_t k = 0; k < verdicts[i].problems.size(); ++k) {
                if (k > 0) body += ',';
                appendProblem(body, verdicts[i].problems[k]);
            }
            body += ']';
        }
        body += '}';
    }
    body += "],\"accepted\":" + std::to_string(verdicts.size() - refused) +
            ",\"refused\":" + std::to_string(refused) + '}';
    return http::json(refused == verdicts.size() ? 422 : 202, std::move(body));
}

} // namespace

void Intake::acceptRecords(const std::string& source, const std::optional<std::vector<std::string>>& dealers,
                           http::Request request, http::Responder respond) {
    if (request.body.size() <= kInlineBytes) {
        readRecords(source, dealers, request, respond);
        return;
    }
    const auto shared = std::make_shared<http::Request>(std::move(request));
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || large_.size() >= 64) {
            respond(
                unavailable(stopping_ ? journal::AppendError::Stopped : journal::AppendError::Overloaded));
            return;
        }
        large_.push_back(
            [this, source, dealers, shared, respond] { readRecords(source, dealers, *shared, respond); });
    }
    arrived_.notify_one();
}

void Intake::readRecords(const std::string& source, const std::optional<std::vector<std::string>>& dealers,
                         const http::Request& request, const http::Responder& respond) {
    const UtcTime now = clock_.now();
    const auto set = directory_.snapshot();
    const auto contentType = http::find(request.head.headers, "Content-Type");
    RecordContext context{set->config(), nullptr, source, "", true, now};
    if (dealers && dealers->size() == 1) context.dealer = dealers->front();
    const std::string meta =
        context.dealer.empty() ? "{}" : "{\"dealer\":" + jsonString(context.dealer) + '}';

    const auto items = canonical::splitBatch(contentType, request.body, limits_.maxDepth);
    if (!items) {
        keepUnreadable(source, meta, request, items.error(), respond);
        return;
    }

    const auto idempotency = http::find(request.head.headers, "Idempotency-Key");
    std::vector<Verdict> verdicts(items->size());
    std::vector<journal::Delivery> deliveries;
    deliveries.reserve(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
        const canonical::BatchItem& item = (*items)[i];
        journal::Delivery delivery;
        delivery.integration = source;
        delivery.door = "records";
        delivery.contentType = "application/json";
        delivery.receivedAt = now;
        delivery.keyWindow = kDay;
        delivery.body = item.text;
        delivery.meta = meta;

        auto record = readRecord(item.text, context);
        if (record && dealers &&
            std::find(dealers->begin(), dealers->end(), record->dealer) == dealers->end()) {
            verdicts[i].problems = {
                {"dealer_not_allowed", "/dealer", "", "this token may not write for that dealer"}};
        } else if (!record) {
            verdicts[i].problems = record.error();
        } else {
            delivery.integration = record->source.integration;
        }
        for (auto& problem : verdicts[i].problems)
            problem.place = item.placeInBody(problem.place);
        if (!verdicts[i].problems.empty()) {
            delivery.dead = journal::Reason{verdicts[i].problems.front(), "ingest"};
        } else if (!idempotency.empty()) {
            delivery.key = "idempotency:" + std::string(idempotency) +
                           (items->size() > 1 ? "#" + std::to_string(i) : "");
            delivery.keyBindsContent = true;
            delivery.keyWindow = 90 * kDay;
        }
        deliveries.push_back(std::move(delivery));
    }

    const bool single = items->size() == 1 && (*items)[0].line == 0 && (*items)[0].number == 0;
    journal_.append(
        std::move(deliveries), {},
        [this, respond, single, verdicts = std::move(verdicts), now](const auto& result) mutable {
            if (!result.ok()) {
                metrics_.unavailable.add();
                respond(unavailable(result.error()));
                return;
            }
            const auto& receipts = result.value();
            for (std::size_t i = 0; i < receipts.size(); ++i) {
                const bool ok = verdicts[i].problems.empty();
                (!ok ? metrics_.dead : receipts[i].repeated ? metrics_.repeated : metrics_.accepted).add();
            }
            metrics_.answer.observe(static_cast<double>(clock_.now() - now) / 1e6);
            if (!single) {
                respond(batchAnswer(verdicts, receipts));
            } else if (verdicts[0].problems.empty()) {
                respond(http::json(202, "{\"receipt\":\"" + receipts[0].id.text() + "\"}"));
            } else {
                const auto& problems = verdicts[0].problems;
                const int status = isUnreadable(problems.front().code) ? 400 : 422;
                respond(withReceipt(http::problem(status, problems.front().code,
                                                  "the record can not be taken as it is", problems),
                                    receipts[0].id.text()));
            }
        });
}

// A body that can not be told apart into records is kept whole, so that it can be corrected and taken.
void Intake::keepUnreadable(const std::string& source, const std::string& meta, const http::Request& request,
                            const Problem& problem, const http::Responder& respond) {
    journal::Delivery delivery;
    delivery.integration = source;
    delivery.door = "records";
    delivery.contentType = http::find(request.head.headers, "Content-Type");
    delivery.receivedAt = clock_.now();
    delivery.keyWindow = kDay;
    delivery.body = request.body;
    delivery.meta = meta;
    delivery.dead = journal::Reason{problem, "ingest"};
    journal_.append(std::move(delivery), [this, respond, problem](const auto& result) {
        if (!result.ok()) {
            metrics_.unavailable.add();
            respond(unavailable(result.error()));
            return;
        }
        metrics_.dead.add();
        respond(withReceipt(http::problem(400, problem.code, problem.detail, {problem}),
                            result.value().id.text()));
    });
}

} // namespace trevo::ingest
