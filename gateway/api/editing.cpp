// Edits of people: values that a human fixes, read by the same rules as those of a record.
#include "api/rows.hpp"

#include "base/suggest.hpp"
#include "canonical/read.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::api::editing {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxReason = 500;

const std::vector<std::string>& editable() {
    static const std::vector<std::string> fields = {"name",       "document", "phones", "emails",
                                                    "birth_date", "address",  "consent"};
    return fields;
}

struct Wanted {
    store::Edit edit;
    std::string reason, fields; // fields: for the audit trail
};

Problem unknown(const std::string& field) {
    std::vector<std::string> known = editable();
    known.emplace_back("reason");
    const std::string shown = field.substr(0, 40);
    return {"unknown_field", '/' + shown, "", "No such member here" + suggestion(shown, known)};
}

// "/customer/phones/0" of a canonical record is "/phones/0" of the body.
std::string fieldOfBody(const std::string& field) {
    constexpr std::string_view kCustomer = "/customer";
    return field.starts_with(kCustomer) ? field.substr(kCustomer.size()) : field;
}

Result<Wanted> read(const std::string& text) {
    const Json body = Json::parse(text, nullptr, false);
    if (!body.is_object()) return Problem{"bad_json", "", "", "The body is not a JSON object."};
    Wanted wanted;
    Json customer = Json::object();
    for (const auto& [key, value] : body.items()) {
        if (value.is_null()) continue;
        if (key == "reason") {
            if (!value.is_string() || value.get_ref<const std::string&>().size() > kMaxReason)
                return Problem{"wrong_type", "/reason", "", "Expected a text of at most 500 bytes."};
            wanted.reason = value.get<std::string>();
        } else if (std::find(editable().begin(), editable().end(), key) == editable().end()) {
            return unknown(key);
        } else {
            customer[key] = value;
        }
    }
    if (customer.empty()) return Problem{"missing_field", "", "", "There is nothing to edit."};

    canonical::Context context;
    context.integration = "edit";
    context.dealerOptional = true;
    context.resolveDealer = [](std::string_view) { return std::string(); };
    context.dealerZone = [](std::string_view) { return std::string("America/Sao_Paulo"); };
    context.dealerDdd = [](std::string_view) { return std::string(); };
    auto record = canonical::read(Json{{"kind", "customer"}, {"customer", customer}}.dump(), context);
    if (!record) {
        Problem problem = record.error().front();
        problem.field = fieldOfBody(problem.field);
        return problem;
    }
    // A record is taken with its mistakes; what a human fixes has none.
    if (!record->flags.empty()) {
        const auto& flag = record->flags.front();
        return Problem{flag.code, fieldOfBody(flag.field), "",
                       "The value is not one that can be kept as fact."};
    }
    const Json normal = Json::parse(record->body).value("customer", Json::object());
    for (const auto& [key, value] : customer.items()) {
        if (!normal.contains(key))
            return Problem{"empty_value", '/' + key, "", "The value says nothing; release the pin instead."};
        wanted.fields += (wanted.fields.empty() ? "" : ",") + key;
        if (key != "consent") {
            wanted.edit.fields[key] = normal.at(key).dump();
            continue;
        }
        for (const auto& [channel, granted] : normal.at(key).items())
            wanted.edit.fields["consent." + channel] = granted.dump();
    }
    wanted.edit.values = std::move(*record);
    return wanted;
}

Answer changed(Services& services, const Call& call, const store::Edit& edit, const store::Actor& actor) {
    const auto person = services.operations.edit(call.id, edit, actor);
    if (!person) return refused(person.error());
    services.operations.audit(actor, call.route.operation, *person);
    const auto row = personSeen(services, call.principal, *person);
    if (!row) return notFound("person", call.id);
    JsonWriter out;
    write(out, *row);
    return ok(200, out);
}

} // namespace

Answer edit(Services& services, const Call& call) {
    auto wanted = read(call.request.body);
    if (!wanted) return badRequest(wanted.error());
    if (!personSeen(services, call.principal, call.id)) return notFound("person", call.id);
    wanted->edit.dealers = call.principal.dealers.value_or(std::vector<std::string>{});
    const std::string reason = wanted->fields + (wanted->reason.empty() ? "" : ": " + wanted->reason);
    return changed(services, call, wanted->edit, actorOf(call.principal, reason));
}

Answer pins(Services& services, const Call& call) {
    const auto person = personSeen(services, call.principal, call.id);
    if (!person) return notFound("person", call.id);
    services.operations.audit(actorOf(call.principal), call.route.operation, person->id);
    store::Filter filter;
    filter.person = call.id;
    filter.dealers = call.principal.dealers;
    JsonWriter out;
    out.beginObject().key("items").beginArray();
    for (const store::PinRow& pin : services.reader.pins(filter))
        write(out, pin);
    out.endArray().endObject();
    return ok(200, out);
}

Answer release(Services& services, const Call& call) {
    const std::string field = call.query.text("field");
    if (field.empty())
        return badRequest({"missing_field", "field", "query", "Which field is to be released?"});
    if (!personSeen(services, call.principal, call.id)) return notFound("person", call.id);
    store::Filter filter;
    filter.person = call.id;
    filter.dealers = call.principal.dealers;
    const auto pins = services.reader.pins(filter);
    const bool seen =
        std::any_of(pins.begin(), pins.end(), [&](const auto& pin) { return pin.field == field; });
    if (!seen) return notFound("pin", field);
    store::Edit edit;
    edit.released = {field};
    return changed(services, call, edit, actorOf(call.principal, field));
}

} // namespace trevo::api::editing
