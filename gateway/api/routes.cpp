#include "api/route_table.hpp"

#include "base/utf8.hpp"
#include "model/record.hpp"

#include <algorithm>

namespace trevo::api {

namespace {

std::vector<Param> recordFilter() {
    return std::vector<Param>{kIntegration,
                              kDealer,
                              kPerson,
                              kSince,
                              kUntil,
                              kSearch,
                              kTrials,
                              {"negotiation", Type::Text, "Id of a negotiation, 'n3'.", 0, 0, {}},
                              word("state", "What the policy on duplicates made of it.",
                                   {"accepted", "duplicate", "refused"}),
                              {"external_id", Type::Text, "The partner's own id of the record.", 0, 0, {}},
                              {"receipt", Type::Text, "Receipt of the delivery that made it.", 0, 0, {}}} +
           paging();
}

std::vector<Param> anyKind() {
    std::vector<std::string> kinds;
    for (int kind = 0; kind < model::kKindCount; ++kind)
        kinds.emplace_back(model::name(static_cast<model::Kind>(kind)));
    return {word("kind", "Kind of record.", std::move(kinds))};
}

Route recordsOf(std::string_view path, std::string_view operation, std::string_view summary,
                std::string_view kind) {
    return {"GET", path,         operation, "read",           "",  summary, recordFilter(),
            "",    "RecordPage", 200,       reading::records, kind};
}

std::vector<Route> makeRoutes() {
    const Param receiptState = word("state", "State of the delivery.", {"ready", "done", "dead", "dropped"});
    return {
        {"GET", "/v1/records", "listRecords", "read", "", "Records, filtered and paged",
         anyKind() + recordFilter(), "", "RecordPage", 200, reading::records},
        {"POST",
         "/v1/records",
         "acceptRecords",
         "records:write",
         "",
         "Takes canonical records: one object, an array, or NDJSON",
         {},
         "Records",
         "Receipts",
         202},
        {"GET",
         "/v1/records/{id}",
         "getRecord",
         "read",
         "",
         "One record with its revisions",
         {},
         "",
         "RecordWithRevisions",
         200,
         reading::record},
        recordsOf("/v1/leads", "listLeads", "Records of kind lead", "lead"),
        recordsOf("/v1/calls", "listCalls", "Records of kind call", "call"),
        recordsOf("/v1/messages", "listMessages", "Records of kind message", "message"),
        recordsOf("/v1/sales", "listSales", "Records of kind sale", "sale"),
        {"GET", "/v1/negotiations", "listNegotiations", "read", "", "Negotiations, filtered and paged",
         std::vector<Param>{kDealer, kPerson, kSince, kUntil, kSearch, kTrials,
                            word("state", "State of the negotiation.", {"open", "closed"})} +
             paging(),
         "", "NegotiationPage", 200, reading::negotiations},
        {"GET",
         "/v1/negotiations/{id}",
         "getNegotiation",
         "read",
         "",
         "One negotiation",
         {},
         "",
         "Negotiation",
         200,
         reading::negotiation},
        {"GET",
         "/v1/receipts",
         "listReceipts",
         "operate",
         "",
         "Deliveries, newest first, without their bodies",
         {kIntegration, receiptState, kLimit, kCursor},
         "",
         "DeliveryPage",
         200,
         tracing::receipts},
        {"GET",
         "/v1/receipts/{id}",
         "getReceipt",
         "read",
         "records:write",
         "What became of a delivery: its state, its records, or the reason why there are none",
         {},
         "",
         "Receipt",
         200,
         tracing::receipt},
        {"GET",
         "/v1/events",
         "listEvents",
         "read",
         "",
         "The ordered change feed: a JSON page, or a resumable stream with Accept: text/event-stream",
         {{"after",
           Type::Integer,
           "Sequence of the last event seen; 0 begins at the first.",
           0,
           INT64_MAX,
           {}},
          kDealer,
          kLimit},
         "",
         "EventPage",
         200,
         feed::events},
        {"GET",
         "/v1/explain/{id}",
         "explain",
         "read",
         "",
         "Why a record belongs to its person, or a person is one: the decisions with their evidence",
         {},
         "",
         "Explanation",
         200,
         tracing::explain},
        {"GET",
         "/v1/trace/{id}",
         "trace",
         "operate",
         "",
         "From a receipt or record: the raw delivery, its records, their decisions and events",
         {},
         "",
         "Trace",
         200,
         tracing::trace},
        {"GET",
         "/v1/dead",
         "listDeadLetters",
         "operate",
         "",
         "Dead letters, newest first",
         {kIntegration, kLimit, kCursor},
         "",
         "DeliveryPage",
         200,
         letters::list},
        {"GET",
         "/v1/dead/{id}",
         "getDeadLetter",
         "operate",
         "",
         "One dead letter with its raw body",
         {},
         "",
         "Delivery",
         200,
         letters::show},
        {"POST",
         "/v1/dead/{id}/retry",
         "retryDeadLetter",
         "operate",
         "",
         "Puts a dead letter to work again; a body that is not empty replaces its bytes",
         {},
         "*",
         "DeliveryState",
         200,
         letters::retry},
        {"POST",
         "/v1/dead/{id}/drop",
         "dropDeadLetter",
         "operate",
         "",
         "Gives a dead letter up; it stays readable until its time is over",
         {},
         "",
         "DeliveryState",
         200,
         letters::drop},
        {"POST",
         "/v1/replay",
         "replay",
         "operate",
         "",
         "Decodes stored deliveries again with the present mappings",
         {},
         "Replay",
         "Replayed",
         200,
         letters::replay},
        {"GET",
         "/v1/tokens",
         "listTokens",
         "admin",
         "",
         "Tokens, without their secret",
         {},
         "",
         "TokenList",
         200,
         changing::tokens},
        {"POST",
         "/v1/tokens",
         "createToken",
         "admin",
         "",
         "Makes a token; the answer is the only time it is shown",
         {},
         "NewToken",
         "CreatedToken",
         201,
         changing::createToken},
        {"DELETE",
         "/v1/tokens/{id}",
         "revokeToken",
         "admin",
         "",
         "Revokes a token at once",
         {},
         "",
         "RevokedToken",
         200,
         changing::revokeToken},
        {"GET",
         "/v1/integrations",
         "listIntegrations",
         "read",
         "",
         "Integrations and how they fare",
         {},
         "",
         "IntegrationList",
         200,
         running::integrations},
        {"POST",
         "/v1/integrations/{id}/poll",
         "pollIntegration",
         "operate",
         "",
         "Asks the partner now instead of at the next interval",
         {},
         "",
         "Started",
         202,
         running::poll},
        {"POST",
         "/v1/integrations/{id}/try",
         "tryIntegration",
         "operate",
         "",
         "Sends the plugin's sample case through the live path, marked as a trial",
         {},
         "",
         "Tried",
         202,
         running::tryOut},
        {"GET",
         "/v1/status",
         "status",
         "read",
         "",
         "The daemon at a glance",
         {},
         "",
         "Status",
         200,
         running::status},
        {"GET", "/healthz", "healthz", "", "", "The process lives", {}, "", "text", 200, running::healthy},
        {"GET",
         "/readyz",
         "readyz",
         "",
         "",
         "Ready to take deliveries; 503 with the reasons when not",
         {},
         "",
         "Readiness",
         200,
         running::ready},
        {"GET",
         "/metrics",
         "metrics",
         "read",
         "",
         "Prometheus text format; open on loopback",
         {},
         "",
         "text",
         200,
         running::metrics,
         {},
         true},
        {"GET",
         "/openapi.json",
         "openapi",
         "",
         "",
         "This description",
         {},
         "",
         "OpenApi",
         200,
         running::openApi},
    };
}

// Matches one segment at a time; the only placeholder there is takes any segment that is not empty.
bool matches(std::string_view pattern, std::string_view path, std::string& id) {
    const std::size_t open = pattern.find('{');
    if (open == std::string_view::npos) return pattern == path;
    const std::string_view before = pattern.substr(0, open), after = pattern.substr(pattern.find('}') + 1);
    if (!path.starts_with(before)) return false;
    const std::string_view rest = path.substr(before.size());
    const std::size_t end = std::min(rest.find('/'), rest.size());
    if (end == 0 || rest.substr(end) != after) return false;
    id = rest.substr(0, end);
    return true;
}

} // namespace

const std::vector<Route>& routes() {
    static const std::vector<Route> all = [] {
        std::vector<Route> list = makeRoutes();
        for (auto& route : peopleRoutes())
            list.push_back(std::move(route));
        return list;
    }();
    return all;
}

Found findRoute(std::string_view method, std::string_view path) {
    Found found;
    std::string id;
    for (const Route& route : routes()) {
        if (!matches(route.path, path, id)) continue;
        if (route.method == method) return {&route, std::move(id), ""};
        found.allow += (found.allow.empty() ? "" : ", ") + std::string(route.method);
    }
    return found;
}

bool Call::accepts(std::string_view type) const {
    return lowerAscii(http::find(request.head.headers, "Accept")).find(type) != std::string::npos;
}

} // namespace trevo::api
