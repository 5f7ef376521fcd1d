#include "canonical/schema.hpp"

#include "canonical/fields.hpp"

#include <nlohmann/json.hpp>

namespace trevo::canonical {

namespace {

using Json = nlohmann::ordered_json;

Json types(std::initializer_list<const char*> names) {
    Json out = Json::array();
    for (const char* name : names)
        out.push_back(name);
    out.push_back("null"); // counts as absent everywhere
    return out;
}

Json fieldSchema(const Field& field);

Json properties(const Block& block) {
    Json out = Json::object();
    for (const Field& field : block.fields)
        out[std::string(field.name)] = fieldSchema(field);
    return out;
}

Json fieldSchema(const Field& field) {
    Json schema = Json::object();
    switch (field.type) {
    case Type::Object:
        schema["type"] = types({"object"});
        schema["properties"] = properties(*field.block);
        break;
    case Type::Map:
        schema["type"] = types({"object"});
        schema["maxProperties"] = field.limit;
        schema["additionalProperties"] = fieldSchema(field.block->fields.front());
        break;
    case Type::List: {
        const Field& item = field.block->fields.front();
        const bool alone =
            item.type == Type::Phone || item.type == Type::Email; // one text, perhaps of several
        schema["type"] = alone ? types({"array", "string", "integer"}) : types({"array"});
        schema["maxItems"] = field.limit;
        schema["items"] = fieldSchema(item);
        break;
    }
    case Type::Word: {
        Json words = Json::array();
        for (const std::string_view word : field.words)
            words.push_back(std::string(word));
        words.push_back(nullptr);
        schema["enum"] = std::move(words);
        break;
    }
    case Type::Boolean: schema["type"] = types({"boolean"}); break;
    case Type::Any: schema["type"] = types({"object"}); break;
    case Type::Date:
        schema["type"] = types({"string"});
        schema["pattern"] = "^$|^\\s*\\d{4}-\\d{2}-\\d{2}";
        break;
    case Type::DateTime:
        schema["type"] = types({"string"});
        schema["pattern"] = "^$|^\\s*\\d{4}-\\d{2}-\\d{2}([Tt ]\\d{2}:\\d{2}|\\s*$)";
        break;
    case Type::Money:
        schema["type"] = types({"number", "string"});
        schema["pattern"] = "^\\s*(-?\\s*\\d+(\\.\\d{1,2}0*)?)?\\s*$";
        break;
    case Type::Integer:
        schema["type"] = types({"integer", "string"});
        schema["pattern"] = "^\\s*(-?\\d+(\\.0+)?)?\\s*$";
        break;
    case Type::Decimal:
        schema["type"] = types({"number", "string"});
        schema["pattern"] = "^\\s*(-?\\d+(\\.\\d+)?)?\\s*$";
        break;
    default:
        schema["type"] = types({"string", "number"});
        schema["maxLength"] = field.limit;
        break;
    }
    schema["description"] = std::string(field.description);
    return schema;
}

} // namespace

std::string jsonSchema(model::Kind kind) {
    const std::string name(model::name(kind));
    Json schema = Json::object();
    schema["$schema"] = "http://json-schema.org/draft-07/schema#";
    schema["$id"] = "urn:trevo:schema:" + name;
    schema["title"] = "Trevo canonical record: " + name;
    schema["type"] = "object";
    schema["required"] = {"kind"};
    Json fields = Json::object();
    for (const Field& field : root().fields) {
        if ((field.kinds & only(kind)) == 0) continue;
        fields[std::string(field.name)] = fieldSchema(field);
        if (field.slot == Slot::Kind)
            fields["kind"] = {{"const", name}, {"description", std::string(field.description)}};
    }
    schema["properties"] = std::move(fields);
    return schema.dump(2) + "\n";
}

} // namespace trevo::canonical
