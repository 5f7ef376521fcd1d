#include "ingest/files/acknowledgement.hpp"

#include "integration/meta.hpp"

#include <nlohmann/json.hpp>

namespace trevo::files {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kStateKey = "files.unanswered";
constexpr const char* kFolder = "acknowledged";

Json refusalOf(const journal::Envelope& envelope) {
    const Problem problem = envelope.reason ? envelope.reason->problem : Problem{};
    const std::string part = readMeta(envelope.meta).part;
    return Json{{"place", part.empty() ? problem.place : part},
                {"field", problem.field},
                {"code", problem.code},
                {"detail", problem.detail},
                {"receipt", envelope.id.text()}};
}

bool isOver(journal::State state) {
    return state != journal::State::Ready;
}

} // namespace

Acknowledgements::Acknowledgements(std::string integration, journal::Journal& journal, store::Reader& store)
    : integration_(std::move(integration)), journal_(journal), store_(store) {
    const auto kept = Json::parse(journal_.state(integration_, kStateKey).value_or("[]"), nullptr, false);
    if (!kept.is_array()) return;
    for (const Json& entry : kept) {
        PendingAnswer pending{entry.value("file", ""),
                              UtcTime{entry.value("taken_at", std::int64_t{0})},
                              entry.value("repeated", false),
                              {}};
        for (const auto& receipt : entry.value("receipts", std::vector<std::string>{})) {
            if (const auto id = Uuid::parse(receipt)) pending.receipts.push_back(*id);
        }
        pending_.push_back(std::move(pending));
    }
}

bool Acknowledgements::keep() const {
    Json list = Json::array();
    for (const PendingAnswer& pending : pending_) {
        Json receipts = Json::array();
        for (const Uuid& receipt : pending.receipts)
            receipts.push_back(receipt.text());
        list.push_back({{"file", pending.file},
                        {"taken_at", pending.takenAt.micros},
                        {"repeated", pending.repeated},
                        {"receipts", std::move(receipts)}});
    }
    return journal_
        .commit({}, {{integration_, kStateKey,
                      list.empty() ? "" : list.dump(-1, ' ', false, Json::error_handler_t::replace)}})
        .ok();
}

bool Acknowledgements::expect(PendingAnswer answer) {
    pending_.push_back(std::move(answer));
    if (keep()) return true;
    pending_.pop_back();
    return false;
}

std::optional<std::string> Acknowledgements::answerOf(const PendingAnswer& pending) const {
    Json receipts = Json::array();
    Json accepted = Json::array();
    Json refused = Json::array();
    for (const Uuid& receipt : pending.receipts) {
        receipts.push_back(receipt.text());
        const auto envelope = journal_.find(receipt);
        if (!envelope) continue; // past its retention
        if (!isOver(envelope->state)) return std::nullopt;
        if (envelope->state == journal::State::Dead) refused.push_back(refusalOf(*envelope));
        for (const auto& part : journal_.children(receipt)) {
            if (!isOver(part.state)) return std::nullopt;
            if (part.state == journal::State::Dead) refused.push_back(refusalOf(part));
        }
        store::Filter filter;
        filter.envelope = receipt;
        store::Page page;
        page.limit = 500;
        for (auto rows = store_.records(filter, page); !rows.empty(); rows = store_.records(filter, page)) {
            for (const auto& row : rows)
                accepted.push_back({{"record", row.id}, {"external_id", row.externalId}});
            page.after = rows.back().number;
        }
    }
    return Json{{"file", pending.file},
                {"taken_at", formatRfc3339(pending.takenAt)},
                {"receipts", std::move(receipts)},
                {"repeated", pending.repeated},
                {"accepted", std::move(accepted)},
                {"refused", std::move(refused)}}
               .dump(2, ' ', false, Json::error_handler_t::replace) +
           '\n';
}

Result<Done> Acknowledgements::writeFinished(const Folder& folder) {
    const std::size_t before = pending_.size();
    Result<Done> outcome = Done{};
    std::erase_if(pending_, [&](const PendingAnswer& pending) {
        const auto text = outcome ? answerOf(pending) : std::nullopt;
        if (!text) return false;
        outcome = folder.write(kFolder, pending.file + ".ack.json", *text);
        return outcome.ok();
    });
    // Should keeping fail, the next start writes the same answers once more.
    if (pending_.size() != before) keep();
    return outcome;
}

} // namespace trevo::files
