#include "gate.hpp"

#include "api/routes.hpp"
#include "api/schemas.hpp"

#include <set>

using namespace trevo;
using namespace trevo::api;
using namespace trevo::api::test;

namespace {

// Every member that comes is described, and every one that is required comes. Follows $ref and allOf; what
// may be null may be null.
void checkAgainst(const Json& schemas, const Json& schema, const Json& value, const std::string& where) {
    INFO(where);
    if (schema.contains("$ref")) {
        const std::string name = schema["$ref"];
        return checkAgainst(schemas, schemas.at(name.substr(name.rfind('/') + 1)), value, where);
    }
    if (schema.contains("allOf")) {
        Json merged = Json::object();
        for (const Json& part : schema["allOf"]) {
            const std::string name = part.value("$ref", "");
            merged.merge_patch(name.empty() ? part : schemas.at(name.substr(name.rfind('/') + 1)));
        }
        return checkAgainst(schemas, merged, value, where);
    }
    if (value.is_null()) {
        CHECK(schema.value("nullable", false));
        return;
    }
    const std::string type = schema.value("type", "");
    const std::string is = value.is_object()    ? "object"
                           : value.is_array()   ? "array"
                           : value.is_string()  ? "string"
                           : value.is_boolean() ? "boolean"
                                                : "integer";
    CHECK(type == is);
    if (value.is_array())
        for (const Json& item : value)
            checkAgainst(schemas, schema.at("items"), item, where + "/*");
    if (!value.is_object()) return;
    for (const auto& name : schema.value("required", Json::array()))
        CHECK(value.contains(name.get<std::string>()));
    for (const auto& [key, member] : value.items()) {
        INFO(key);
        const bool described = schema.contains("properties") && schema["properties"].contains(key);
        CHECK((described || schema.value("additionalProperties", false)));
        if (described) checkAgainst(schemas, schema["properties"][key], member, where + '/' + key);
    }
}

} // namespace

TEST_CASE("the OpenAPI document names every route with its parameters, and no other") {
    const Json document = Json::parse(Api::openApiDocument());
    std::set<std::string> operations;
    std::size_t described = 0;
    for (const auto& [path, methods] : document["paths"].items())
        described += methods.size();
    CHECK(described == routes().size());
    for (const Route& route : routes()) {
        INFO(route.operation);
        std::string method(route.method);
        std::transform(method.begin(), method.end(), method.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        const Json& operation = document["paths"][std::string(route.path)][method];
        CHECK(operation["operationId"] == route.operation);
        CHECK(operations.insert(std::string(route.operation)).second);
        std::set<std::string> named;
        for (const Json& parameter : operation.value("parameters", Json::array()))
            named.insert(parameter["name"].get<std::string>());
        for (const Param& param : route.query)
            CHECK(named.count(param.name) == 1);
        CHECK(operation.contains("security") == !route.scope.empty());
        CHECK(operation["responses"].contains(std::to_string(route.status)));
    }
}

TEST_CASE("every schema that the OpenAPI document refers to is there, and every one that is there is used") {
    const std::string text = Api::openApiDocument();
    const Json schemas = Json::parse(schemasJson());
    for (const auto& [name, schema] : schemas.items()) {
        INFO(name);
        CHECK(text.find("\"#/components/schemas/" + name + '"') != std::string::npos);
    }
    const std::string mark = "#/components/schemas/";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const auto from = at + mark.size();
        CHECK(schemas.contains(text.substr(from, text.find('"', from) - from)));
    }
}

TEST_CASE("answers are what the OpenAPI document says") {
    Gate gate;
    const Uuid good = gate.deliver("{\"a\":1}");
    const Uuid dead = gate.deliver("\xff\xfe bad", "olx", true);
    gate.addRecord(1, "centro", "lead", good);
    gate.addRecord(2, "sul", "call");
    gate.store.addEvent("centro");
    gate.addMatch(1, "r1", "p1", "centro", {"p2"});
    const Json schemas = Json::parse(schemasJson());
    const std::map<std::string, std::string> ids = {{"getRecord", "r1"},
                                                    {"getPerson", "p1"},
                                                    {"mergePeople", "p1"},
                                                    {"unmergePerson", "p1"},
                                                    {"getMatch", "m1"},
                                                    {"editPerson", "p1"},
                                                    {"listPins", "p1"},
                                                    {"exportPerson", "p1"},
                                                    {"erasePerson", "p1"},
                                                    {"acceptMatch", "m1"},
                                                    {"rejectMatch", "m1"},
                                                    {"getNegotiation", "n1"},
                                                    {"getReceipt", good.text()},
                                                    {"explain", "r1"},
                                                    {"trace", good.text()},
                                                    {"getDeadLetter", dead.text()},
                                                    {"retryDeadLetter", dead.text()},
                                                    {"revokeToken", "t_reader"},
                                                    {"pollIntegration", "olx"},
                                                    {"pauseIntegration", "olx"},
                                                    {"resumeIntegration", "olx"},
                                                    {"examineIntegration", "adf"},
                                                    {"tryIntegration", "olx"}};
    const std::map<std::string, std::string> bodies = {{"mergePeople", R"({"with":"p2","reason":"same"})"},
                                                       {"acceptMatch", R"({"with":"p2","reason":"same"})"},
                                                       {"editPerson", R"({"name":"Zoë Reis"})"},
                                                       {"replay", R"({"state":"done","dry_run":true})"},
                                                       {"createToken", R"({"name":"x","scopes":["read"]})"}};
    int checked = 0;
    for (const Route& route : routes()) {
        // Delegated, refused by the fakes, or already gone by the row before.
        const std::set<std::string_view> elsewhere = {"acceptRecords",   "unmergePerson",
                                                      "pollIntegration", "resumeIntegration",
                                                      "dropDeadLetter",  "releasePin"};
        if (elsewhere.count(route.operation) != 0 || route.answer == "text") continue;
        INFO(route.operation);
        std::string path(route.path);
        if (const auto at = path.find("{id}"); at != std::string::npos)
            path.replace(at, 4, ids.at(std::string(route.operation)));
        const auto body = bodies.find(std::string(route.operation));
        const auto answer =
            gate.ask(std::string(route.method), path, "admin", body == bodies.end() ? "" : body->second);
        INFO(answer.body);
        REQUIRE(answer.status == route.status);
        checkAgainst(schemas, schemas.at(std::string(route.answer)), Json::parse(answer.body),
                     std::string(route.operation));
        ++checked;
    }
    CHECK(checked > 20);
}

TEST_CASE("an unknown path is 404, and a wrong method 405 that says what is allowed") {
    Gate gate;
    CHECK(gate.ask("GET", "/v1/record").status == 404);
    CHECK(gate.ask("GET", "/v1/records/").status == 404);
    CHECK(gate.ask("GET", "/v1/records/r1/x").status == 404);
    const auto answer = gate.ask("DELETE", "/v1/records");
    CHECK(answer.status == 405);
    CHECK(http::find(answer.headers, "Allow") == "GET, POST");
}

TEST_CASE("a parameter that is wrong is named, with the nearest one that is right") {
    Gate gate;
    const std::pair<const char*, const char*> rows[] = {
        {"/v1/records?limit=0", "limit"},
        {"/v1/records?limit=1001", "limit"},
        {"/v1/records?limit=ten", "limit"},
        {"/v1/records?cursor=%21", "cursor"},
        {"/v1/records?since=yesterday", "since"},
        {"/v1/records?kind=leed", "kind"},
        {"/v1/records?trials=1", "trials"},
        {"/v1/records?receipt=7", "receipt"},
        {"/v1/records?dealer=a&dealer=b", "dealer"},
        {"/v1/records?deeler=a", "deeler"},
        {"/v1/calls?kind=lead", "kind"},
        {"/v1/events?after=-1", "after"},
        {"/v1/people?search=%zz", "search"},
    };
    for (const auto& [target, name] : rows) {
        INFO(target);
        const auto answer = gate.ask("GET", target);
        CHECK(answer.status == 400);
        CHECK(Json::parse(answer.body)["errors"][0]["field"] == name);
    }
    CHECK(gate.ask("GET", "/v1/records?deeler=a").body.find("'dealer'") != std::string::npos);
}

TEST_CASE("a failing storage is a 500 that tells the caller nothing of it and the log all") {
    Gate gate;
    gate.store.broken = true;
    const auto answer = gate.ask("GET", "/v1/records");
    CHECK(answer.status == 500);
    CHECK(answer.body.find("disk I/O") == std::string::npos);
    CHECK(gate.daemon.failures == std::vector<std::string>{"listRecords disk I/O error"});
}

TEST_CASE("records for the gateway go to the door that takes them, under the name of their token") {
    Gate gate;
    CHECK(gate.ask("POST", "/v1/records", "sender", "one").status == 202);
    CHECK(gate.ask("POST", "/v1/records", "sender", "two").status == 202); // the remembered token's way
    CHECK(gate.accepted == std::vector<std::string>{"sender one", "sender two"});
}
