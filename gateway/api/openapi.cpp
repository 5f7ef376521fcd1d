// The OpenAPI document, made from the route table.
#include "api/api.hpp"
#include "api/routes.hpp"
#include "api/schemas.hpp"

#include <nlohmann/json.hpp>

namespace trevo::api {

namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson schemaOf(const Param& param) {
    switch (param.type) {
    case Param::Type::Integer: {
        OrderedJson schema{{"type", "integer"}, {"minimum", param.min}};
        if (param.max != INT64_MAX) schema["maximum"] = param.max;
        return schema;
    }
    case Param::Type::Word: return {{"type", "string"}, {"enum", param.words}};
    case Param::Type::Time: return {{"type", "string"}, {"format", "date-time"}};
    case Param::Type::Flag: return {{"type", "boolean"}};
    case Param::Type::Text:
    case Param::Type::Cursor: break;
    }
    return {{"type", "string"}};
}

OrderedJson reference(std::string_view schema) {
    return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

OrderedJson content(std::string_view schema) {
    if (schema == "text") return {{"text/plain", {{"schema", {{"type", "string"}}}}}};
    if (schema == "*")
        return {{"application/octet-stream", {{"schema", {{"type", "string"}, {"format", "binary"}}}}}};
    OrderedJson types{{"application/json", {{"schema", reference(schema)}}}};
    if (schema == "Records" || schema == "RecordPage" || schema == "PersonPage" ||
        schema == "NegotiationPage" || schema == "MatchPage")
        types["application/x-ndjson"] = {{"schema", {{"type", "string"}}}};
    if (schema == "EventPage") types["text/event-stream"] = {{"schema", {{"type", "string"}}}};
    return types;
}

OrderedJson refusal(std::string_view why) {
    return {{"description", why},
            {"content", {{"application/problem+json", {{"schema", reference("Problem")}}}}}};
}

OrderedJson operationOf(const Route& route) {
    OrderedJson operation{{"operationId", route.operation}, {"summary", route.summary}};
    OrderedJson parameters = OrderedJson::array();
    if (route.path.find("{id}") != std::string_view::npos)
        parameters.push_back(
            {{"name", "id"}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    for (const Param& param : route.query)
        parameters.push_back({{"name", param.name},
                              {"in", "query"},
                              {"description", param.help},
                              {"schema", schemaOf(param)}});
    if (route.answer == "EventPage")
        parameters.push_back({{"name", "Last-Event-ID"},
                              {"in", "header"},
                              {"description", "Where a broken stream goes on; outranks 'after'."},
                              {"schema", {{"type", "string"}}}});
    if (!parameters.empty()) operation["parameters"] = std::move(parameters);
    if (!route.request.empty()) operation["requestBody"] = {{"content", content(route.request)}};

    OrderedJson responses;
    responses[std::to_string(route.status)] = {{"description", "Done"}, {"content", content(route.answer)}};
    if (!route.query.empty() || !route.request.empty())
        responses["400"] = refusal("A parameter or the body is wrong; 'errors' names it.");
    if (!route.scope.empty()) {
        responses["401"] = refusal("No token, or one that is unknown, expired or revoked.");
        responses["403"] = refusal("The token lacks the scope.");
        std::string scopes(route.scope);
        if (!route.orScope.empty()) scopes += " or " + std::string(route.orScope);
        operation["security"] = OrderedJson::array({{{"token", OrderedJson::array()}}});
        operation["x-trevo-scope"] = scopes;
    }
    if (route.path.find("{id}") != std::string_view::npos)
        responses["404"] = refusal("There is none, or it is not for this token.");
    if (route.operation == "readyz")
        responses["503"] = {{"description", "Not ready"}, {"content", content(route.answer)}};
    operation["responses"] = std::move(responses);
    return operation;
}

} // namespace

std::string Api::openApiDocument() {
    OrderedJson document{
        {"openapi", "3.0.3"},
        {"info",
         {{"title", "Trevo"},
          {"version", "1"},
          {"description", "Leads, calls, messages and sales of car dealerships: one record per customer and "
                          "negotiation, with its history and why."},
          {"license", {{"name", "Apache-2.0"}}}}},
        {"paths", OrderedJson::object()},
        {"components",
         {{"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}},
          {"schemas", OrderedJson::parse(schemasJson())}}},
    };
    for (const Route& route : routes()) {
        std::string method(route.method);
        for (char& c : method)
            c = static_cast<char>(c - 'A' + 'a');
        document["paths"][std::string(route.path)][method] = operationOf(route);
    }
    return document.dump(1);
}

} // namespace trevo::api
