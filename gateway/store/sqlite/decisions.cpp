#include "store/sqlite/decisions.hpp"

#include "base/json_text.hpp"
#include "match/json_text.hpp"
#include "store/sqlite/codec.hpp"

namespace trevo::store::sqlite {
namespace {

template <class Items, class Write>
std::string array(const Items& items, Write write) {
    std::string out = "[";
    for (const auto& item : items) {
        if (out.size() > 1) out += ',';
        write(out, item);
    }
    return out + "]";
}

std::string_view name(match::Zone zone) {
    switch (zone) {
    case match::Zone::Link: return "link";
    case match::Zone::Review: return "review";
    case match::Zone::New: return "new";
    }
    return "new";
}

std::string evidenceOf(const match::Candidate& candidate) {
    return array(candidate.evidence, [](std::string& out, const match::Evidence& evidence) {
        out += match::JsonObject()
                   .text("feature", evidence.feature)
                   .decimal("weight", evidence.weight)
                   .textIfAny("note", evidence.note)
                   .str();
    });
}

} // namespace

std::string_view name(DecisionKind kind) {
    switch (kind) {
    case DecisionKind::Assign: return "assign";
    case DecisionKind::Merge: return "merge";
    case DecisionKind::Split: return "split";
    case DecisionKind::CannotLink: return "cannot_link";
    case DecisionKind::MustLink: return "must_link";
    case DecisionKind::Generic: return "generic_value";
    }
    return "assign";
}

std::string evidenceJson(const match::Candidate& candidate) {
    match::JsonObject json;
    json.text("person", personId(candidate.person)).decimal("score", candidate.score);
    json.raw("evidence", evidenceOf(candidate));
    if (!candidate.guards.empty()) json.raw("guards", array(candidate.guards, appendJsonString));
    return json.str();
}

std::string evidenceJson(const match::Decision& decision, std::string_view grouping) {
    match::JsonObject json;
    json.text("zone", name(decision.zone));
    if (!decision.candidates.empty()) {
        json.raw("candidates",
                 array(decision.candidates, [](std::string& out, const match::Candidate& candidate) {
                     out += evidenceJson(candidate);
                 }));
    }
    if (decision.disputed) json.boolean("disputed", true);
    json.textIfAny("negotiation", grouping);
    return json.str();
}

Decisions::Decisions(const Database& db)
    : insert_(
          db.prepare("INSERT INTO decision(kind, record, person, other, at, actor, reason, model, evidence) "
                     "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)")) {}

void Decisions::add(const StoredDecision& d) {
    insert_.run(static_cast<int>(d.kind), d.record, d.person, d.other, d.at, d.actor, d.reason, d.model,
                d.evidence);
}

} // namespace trevo::store::sqlite
