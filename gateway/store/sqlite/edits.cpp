#include "store/sqlite/edits.hpp"

#include "base/json_text.hpp"
#include "match/json_text.hpp"
#include "store/sqlite/stored_body.hpp"

#include <algorithm>
#include <set>

namespace trevo::store::sqlite {
namespace {

// The part of the customer that a field names; what it says about who somebody is.
model::Record only(const model::Record& all, const std::string& field) {
    model::Record one;
    one.kind = model::Kind::Customer;
    const model::Customer& from = all.customer;
    if (field == "name") one.customer.name = from.name;
    if (field == "document") one.customer.document = from.document;
    if (field == "phones") one.customer.phones = from.phones;
    if (field == "emails") one.customer.emails = from.emails;
    if (field == "birth_date") one.customer.birthDate = from.birthDate;
    return one;
}

std::string lines(const std::vector<std::string>& values) {
    std::string text;
    for (const auto& value : values)
        text += value + "\n";
    return text;
}

} // namespace

// Two people never hold one valid document: the other one is to be merged, not copied.
std::optional<Problem> Edits::forbidden(std::int64_t person, std::int64_t group,
                                        const match::Features& features) {
    if (features.document.empty()) return std::nullopt;
    const auto hash = indexHash(match::keyOf(match::KeyKind::Document, features.document), group);
    for (const std::int64_t holder : tables_.people.holders(hash, 2, false)) {
        if (holder == person) continue;
        return Problem{"document_of_another", "/document", "",
                       "this document is that of " + personId(holder) + "; merge the two instead"};
    }
    return std::nullopt;
}

Result<std::string> Edits::edit(const std::string& id, const Edit& edit, const Actor& actor, UtcTime now) {
    const auto number = numberOf(id, 'p');
    const auto person = number ? tables_.people.resolve(*number) : std::nullopt;
    if (!person) return Problem{"unknown_person", "/person", "", "there is no person with this id"};
    const match::Features said = applier_.featuresOf(only(edit.values, "document"), now);
    if (auto problem = forbidden(person->number, person->group, said)) return std::move(*problem);

    const std::vector<StoredPin> held = tables_.pins.of(person->number);
    for (const std::string& field : edit.released) {
        const bool pinned =
            std::any_of(held.begin(), held.end(), [&](const StoredPin& pin) { return pin.field == field; });
        if (!pinned) return Problem{"not_pinned", "/" + field, "", "the field is not pinned"};
    }
    std::vector<match::Features> before;
    for (const StoredPin& pin : held)
        before.push_back(decodeFeatures(pin.features));
    std::string changed;
    const auto note = [&](const std::string& field) {
        changed += changed.empty() ? "" : ",";
        appendJsonString(changed, field);
    };
    for (const std::string& field : edit.released) {
        tables_.pins.remove(person->number, field);
        note(field);
    }
    for (const auto& [field, value] : edit.fields) {
        StoredPin pin{person->number,
                      field,
                      now,
                      tables_.names.number(actor.name),
                      actor.reason,
                      lines(edit.dealers),
                      value,
                      encode(applier_.featuresOf(only(edit.values, field), now))};
        tables_.pins.put(pin);
        note(field);
    }
    applier_.projection().rebuild(person->number, before);
    std::set<std::int64_t> dealers;
    for (const auto& member : tables_.records.ofPerson(person->number))
        dealers.insert(member.dealer);
    for (const std::int64_t dealer : dealers)
        tables_.events.add(EventType::PersonChanged, now, person->number, dealer,
                           match::JsonObject().raw("edited", "[" + changed + "]").str());
    return personId(person->number);
}

} // namespace trevo::store::sqlite
