// POST /v1/records: canonical records from a site or any client. One envelope and one receipt a record.
#include "ingest/intake.hpp"

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "integration/records.hpp"

#include <algorithm>
#include <simdjson.h>

namespace trevo::ingest {

namespace {

constexpr std::size_t kInlineBytes = 64 * 1024; // larger bodies leave the listener's thread
constexpr std::size_t kMaxRecords = 100'000;

struct Item {
    std::string_view text;
    std::size_t line = 0; // NDJSON: from 1; 0 otherwise
};

// The texts of the single records; the Problem is of the body as a whole.
Result<std::vector<Item>> split(std::string_view contentType, std::string_view body, int maxDepth) {
    std::vector<Item> items;
    const std::string type = lowerAscii(trimAscii(contentType.substr(0, contentType.find(';'))));
    if (type == "application/x-ndjson" || type == "application/ndjson" || type == "application/jsonl") {
        std::size_t line = 0;
        while (!body.empty()) {
            const auto end = body.find('\n');
            const auto text = trimAscii(body.substr(0, end));
            ++line;
            if (!text.empty()) items.push_back({text, line});
            if (items.size() > kMaxRecords)
                return Problem{"too_many_records", "", "", "at most 100000 records a request"};
            body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
        }
        if (items.empty()) return Problem{"malformed_json", "", "", "the body holds no record"};
        return items;
    }
    const auto text = trimAscii(body);
    if (text.empty()) return Problem{"malformed_json", "", "", "the body is empty"};
    if (text.front() != '[') {
        items.push_back({text, 0});
        return items;
    }
    // The raw text of each element, so that every envelope keeps the sender's own bytes.
    simdjson::ondemand::parser parser;
    const simdjson::padded_string padded(text);
    simdjson::ondemand::document document;
    simdjson::ondemand::array array;
    auto failed = parser.allocate(text.size(), static_cast<std::size_t>(maxDepth));
    if (!failed) failed = parser.iterate(padded).get(document);
    if (!failed) failed = document.get_array().get(array);
    if (!failed) {
        for (auto element : array) {
            simdjson::ondemand::value value;
            std::string_view raw;
            if ((failed = element.get(value))) break;
            simdjson::ondemand::json_type kind;
            if ((failed = value.type().get(kind))) break;
            if (kind == simdjson::ondemand::json_type::object) {
                simdjson::ondemand::object object;
                if ((failed = value.get_object().get(object)) || (failed = object.raw_json().get(raw))) break;
            } else {
                raw = value.raw_json_token();
            }
            const auto offset = static_cast<std::size_t>(raw.data() - padded.data());
            items.push_back({text.substr(offset, raw.size()), 0});
            if (items.size() > kMaxRecords)
                return Problem{"too_many_records", "", "", "at most 100000 records a request"};
        }
    }
    if (!failed && document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        failed = simdjson::TAPE_ERROR;
    if (failed)
        return Problem{"malformed_json", "", "",
                       std::string("not a JSON array: ") + simdjson::error_message(failed)};
    if (items.empty()) return Problem{"malformed_json", "", "", "the array is empty"};
    return items;
}

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
    auto items = split(contentType, request.body, limits_.maxDepth);
    if (!items) {
        metrics_.refused.add();
        respond(http::problem(400, items.error().code, items.error().detail, {items.error()}));
        return;
    }

    const auto idempotency = http::find(request.head.headers, "Idempotency-Key");
    RecordContext context{set->config(), nullptr, source, "", true, now};
    if (dealers && dealers->size() == 1) context.dealer = dealers->front();
    std::vector<Verdict> verdicts(items->size());
    std::vector<journal::Delivery> deliveries;
    deliveries.reserve(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
        const Item& item = (*items)[i];
        journal::Delivery delivery;
        delivery.integration = source;
        delivery.door = "records";
        delivery.contentType = "application/json";
        delivery.receivedAt = now;
        delivery.keyWindow = kDay;
        delivery.body = item.text;
        delivery.meta = context.dealer.empty() ? "{}" : "{\"dealer\":" + jsonString(context.dealer) + '}';

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
        for (auto& problem : verdicts[i].problems) {
            if (item.line > 0 && problem.place.empty()) problem.place = "line " + std::to_string(item.line);
        }
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

    const bool single = items->size() == 1 && (*items)[0].line == 0 && trimAscii(request.body).front() == '{';
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

} // namespace trevo::ingest
