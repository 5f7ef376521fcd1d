#include "ingest/files/acknowledgement.hpp"

#include "formats/csv.hpp"
#include "integration/meta.hpp"

#include <nlohmann/json.hpp>

namespace trevo::files {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kStateKey = "files.unanswered";
constexpr int kPage = 500;
constexpr const char* kSameBytes = "the same bytes were taken before";

struct Refusal {
    std::string place, field, code, detail, receipt;
};

Refusal refusalOf(const journal::Envelope& envelope) {
    const Problem problem = envelope.reason ? envelope.reason->problem : Problem{};
    const std::string part = readMeta(envelope.meta).part;
    return {part.empty() ? problem.place : part, problem.field, problem.code, problem.detail,
            envelope.id.text()};
}

// What became of the rows of one receipt.
class Outcomes {
  public:
    Outcomes(const PendingAnswer& pending, const journal::Journal& journal, store::Reader& store)
        : pending_(pending), journal_(journal), store_(store) {}

    // `of`: the record that it repeats; empty unless the row is a duplicate.
    template <class Use>
    void eachRecord(Use use) const { // (row, of, reason)
        for (std::size_t i = 0; i < pending_.receipts.size(); ++i) {
            store::Filter filter;
            filter.envelope = pending_.receipts[i];
            store::Page page;
            page.limit = kPage;
            for (auto rows = store_.records(filter, page); !rows.empty();
                 rows = store_.records(filter, page)) {
                for (const auto& row : rows) {
                    if (pending_.again[i])
                        use(row, row.id, kSameBytes);
                    else
                        use(row, row.duplicateOf, row.duplicateReason);
                }
                page.after = rows.back().number;
            }
        }
    }

    template <class Use>
    void eachRefusal(Use use) const {
        for (const Uuid& receipt : pending_.receipts) {
            const auto envelope = journal_.find(receipt);
            if (!envelope) continue; // past its retention
            if (envelope->state == journal::State::Dead) use(refusalOf(*envelope));
            for (const auto& part : journal_.children(receipt)) {
                if (part.state == journal::State::Dead) use(refusalOf(part));
            }
        }
    }

  private:
    const PendingAnswer& pending_;
    const journal::Journal& journal_;
    store::Reader& store_;
};

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A list whose items come one by one.
class JsonList {
  public:
    JsonList(const Folder::Append& append, const char* name) : append_(append) {
        append_(std::string(",\n \"") + name + "\": [");
    }
    void add(const Json& item) {
        append_((first_ ? "\n  " : ",\n  ") + dumped(item));
        first_ = false;
    }
    ~JsonList() { append_("]"); }

  private:
    const Folder::Append& append_;
    bool first_ = true;
};

void writeJson(const PendingAnswer& pending, const Outcomes& outcomes, const Folder::Append& append) {
    append("{\"file\": " + dumped(pending.file) +
           ",\n \"taken_at\": " + dumped(formatRfc3339(pending.takenAt)) +
           ",\n \"repeated\": " + (pending.repeated ? "true" : "false"));
    {
        JsonList receipts(append, "receipts");
        for (const Uuid& receipt : pending.receipts)
            receipts.add(receipt.text());
    }
    {
        JsonList accepted(append, "accepted");
        outcomes.eachRecord([&](const auto& row, const std::string& of, const std::string&) {
            if (of.empty())
                accepted.add(
                    {{"record", row.id}, {"external_id", row.externalId}, {"revision", row.revision}});
        });
    }
    {
        JsonList duplicates(append, "duplicates");
        outcomes.eachRecord([&](const auto& row, const std::string& of, const std::string& reason) {
            if (!of.empty())
                duplicates.add(
                    {{"record", row.id}, {"external_id", row.externalId}, {"of", of}, {"reason", reason}});
        });
    }
    {
        JsonList refused(append, "refused");
        outcomes.eachRefusal([&](const Refusal& one) {
            refused.add({{"place", one.place},
                         {"field", one.field},
                         {"code", one.code},
                         {"detail", one.detail},
                         {"receipt", one.receipt}});
        });
    }
    append("}\n");
}

void writeCsv(const Outcomes& outcomes, const Folder::Append& append) {
    std::string line;
    const auto row = [&](std::initializer_list<std::string_view> cells) {
        line.clear();
        for (const auto cell : cells) {
            formats::appendCell(line, cell, ';');
            line += ';';
        }
        line.back() = '\r';
        append(line + '\n');
    };
    row({"outcome", "external_id", "record", "of", "place", "field", "code", "detail"});
    outcomes.eachRecord([&](const auto& one, const std::string& of, const std::string& reason) {
        row({of.empty() ? "accepted" : "duplicate", one.externalId, one.id, of, "", "", "", reason});
    });
    outcomes.eachRefusal([&](const Refusal& one) {
        row({"refused", "", one.receipt, "", one.place, one.field, one.code, one.detail});
    });
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
                              {},
                              {}};
        const std::string again = entry.value("again", "");
        for (const auto& receipt : entry.value("receipts", std::vector<std::string>{})) {
            if (const auto id = Uuid::parse(receipt)) pending.receipts.push_back(*id);
        }
        for (std::size_t i = 0; i < pending.receipts.size(); ++i)
            pending.again.push_back(pending.repeated || (i < again.size() && again[i] == '1'));
        pending_.push_back(std::move(pending));
    }
}

bool Acknowledgements::keep() const {
    Json list = Json::array();
    for (const PendingAnswer& pending : pending_) {
        Json receipts = Json::array();
        std::string again;
        for (const Uuid& receipt : pending.receipts)
            receipts.push_back(receipt.text());
        for (const bool one : pending.again)
            again += one ? '1' : '0';
        list.push_back({{"file", pending.file},
                        {"taken_at", pending.takenAt.micros},
                        {"repeated", pending.repeated},
                        {"again", again},
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

// Looks at no receipt twice: there may be thousands.
bool Acknowledgements::isOver(PendingAnswer& pending) const {
    for (; pending.over < pending.receipts.size(); ++pending.over) {
        const Uuid& receipt = pending.receipts[pending.over];
        const auto envelope = journal_.find(receipt);
        if (!envelope) continue; // past its retention
        if (envelope->state == journal::State::Ready) return false;
        for (const auto& part : journal_.children(receipt)) {
            if (part.state == journal::State::Ready) return false;
        }
    }
    return true;
}

Result<Done> Acknowledgements::writeFinished(const Folder& folder, AnswerForm form) {
    const std::size_t before = pending_.size();
    Result<Done> outcome = Done{};
    std::erase_if(pending_, [&](PendingAnswer& pending) {
        if (!outcome || !isOver(pending)) return false;
        const Outcomes outcomes(pending, journal_, store_);
        outcome = folder.write(kFolder, pending.file + (form == AnswerForm::Csv ? ".ack.csv" : ".ack.json"),
                               [&](const Folder::Append& append) {
                                   if (form == AnswerForm::Csv)
                                       writeCsv(outcomes, append);
                                   else
                                       writeJson(pending, outcomes, append);
                               });
        return outcome.ok();
    });
    // Should keeping fail, the next start writes the same answers once more.
    if (pending_.size() != before) keep();
    return outcome;
}

} // namespace trevo::files
