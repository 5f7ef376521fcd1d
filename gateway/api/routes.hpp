// Every route of the API, once. The dispatcher and the OpenAPI document are made from this table.
#pragma once

#include "api/access.hpp"
#include "api/api.hpp"
#include "api/query.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::api {

class EventStreams;

// What handlers work on. One per Api; everything in it is thread-safe.
struct Services {
    store::Reader& reader;
    journal::Journal& journal;
    Operations& operations;
    const Clock& clock;
    Access& access;
    EventStreams& streams;
    std::mutex& replaying; // held by the one replay that may run
};

using Answer = http::Responder::Answer;

struct Call;

struct Route {
    std::string_view method;
    std::string_view path;      // template: "/v1/people/{id}/merge"
    std::string_view operation; // operationId, unique
    std::string_view scope;     // empty: open to everybody
    std::string_view orScope;   // another scope that will do, or empty
    std::string_view summary;
    std::vector<Param> query;
    std::string_view request; // schema of a JSON body, "*" for bytes of any kind, or empty
    std::string_view answer;  // schema of a JSON answer, or "text"
    int status = 200;         // of success
    // Null: the body goes to Api::AcceptRecords.
    Answer (*handle)(Services&, const Call&) = nullptr;
    std::string_view kind = {}; // the record kind that a per-kind path fixes
    bool openOnLoopback = false;
};

// A request that passed routing, access and the parameter checks.
struct Call {
    const Route& route;
    const http::Request& request;
    const Principal& principal;
    Query query;
    std::string id; // the {id} of the path

    bool accepts(std::string_view type) const; // named in Accept
};

const std::vector<Route>& routes();

struct Found {
    const Route* route = nullptr;
    std::string id;
    std::string allow; // path known, method not: the value of the Allow header
};
Found findRoute(std::string_view method, std::string_view path);

// The handlers, by the file they live in.
namespace reading { // reading.cpp
Answer records(Services&, const Call&);
Answer record(Services&, const Call&);
Answer people(Services&, const Call&);
Answer person(Services&, const Call&);
Answer negotiations(Services&, const Call&);
Answer negotiation(Services&, const Call&);
} // namespace reading
namespace tracing { // tracing.cpp
Answer receipt(Services&, const Call&);
Answer receipts(Services&, const Call&);
Answer trace(Services&, const Call&);
Answer explain(Services&, const Call&);
} // namespace tracing
namespace letters { // letters.cpp
Answer list(Services&, const Call&);
Answer show(Services&, const Call&);
Answer retry(Services&, const Call&);
Answer drop(Services&, const Call&);
Answer replay(Services&, const Call&);
} // namespace letters
namespace matching { // matches.cpp
Answer list(Services&, const Call&);
Answer show(Services&, const Call&);
Answer accept(Services&, const Call&);
Answer reject(Services&, const Call&);
} // namespace matching
namespace editing { // editing.cpp
Answer edit(Services&, const Call&);
Answer pins(Services&, const Call&);
Answer release(Services&, const Call&);
} // namespace editing
namespace lgpd { // lgpd.cpp
Answer exportPerson(Services&, const Call&);
Answer erase(Services&, const Call&);
} // namespace lgpd
namespace changing { // changing.cpp
Answer merge(Services&, const Call&);
Answer unmerge(Services&, const Call&);
Answer tokens(Services&, const Call&);
Answer createToken(Services&, const Call&);
Answer revokeToken(Services&, const Call&);
} // namespace changing
namespace running { // running.cpp
Answer integrations(Services&, const Call&);
Answer poll(Services&, const Call&);
Answer pause(Services&, const Call&);
Answer resume(Services&, const Call&);
Answer examine(Services&, const Call&);
Answer tryOut(Services&, const Call&);
Answer status(Services&, const Call&);
Answer healthy(Services&, const Call&);
Answer ready(Services&, const Call&);
Answer metrics(Services&, const Call&);
Answer openApi(Services&, const Call&);
} // namespace running
namespace feed { // events.cpp
Answer events(Services&, const Call&);
} // namespace feed

} // namespace trevo::api
