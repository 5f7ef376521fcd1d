#include "base/json_text.hpp"
#include "identity/name_key.hpp"
#include "match/json_text.hpp"
#include "match/match.hpp"

#include <algorithm>
#include <functional>

namespace trevo::match {
namespace {

// How far a kind of record is trusted with who somebody is: what the tax office saw, then what a seller
// checked, then what somebody typed.
int trust(model::Kind kind) {
    switch (kind) {
    case model::Kind::Invoice: return 5;
    case model::Kind::Sale: return 4;
    case model::Kind::Customer: return 3;
    case model::Kind::CreditOffer:
    case model::Kind::CreditSimulation:
    case model::Kind::WorkOrder: return 2;
    case model::Kind::Lead:
    case model::Kind::Appointment:
    case model::Kind::Prospect: return 1;
    case model::Kind::Call:
    case model::Kind::Message: return 0;
    }
    return 0;
}

using Members = std::vector<const Member*>; // best first

std::string recordId(const Member& member) {
    return "r" + std::to_string(member.record);
}

// A JSON array of distinct texts and, for each, the record that told it first in this order.
struct TextList {
    std::vector<std::string> values;
    std::string sources = "[";

    void add(const std::string& value, const Member& member) {
        if (value.empty() || std::find(values.begin(), values.end(), value) != values.end()) return;
        if (!values.empty()) sources += ',';
        appendJsonString(sources, recordId(member));
        values.push_back(value);
    }
    std::string json() const {
        std::string out = "[";
        for (const auto& value : values) {
            if (out.size() > 1) out += ',';
            appendJsonString(out, value);
        }
        return out + "]";
    }
    void write(JsonObject& golden, JsonObject& from, std::string_view name) const {
        if (values.empty()) return;
        golden.raw(name, json());
        from.raw(name, sources + "]");
    }
};

std::size_t filled(const model::Address& a) {
    const std::string* fields[] = {&a.street, &a.number, &a.complement, &a.district,
                                   &a.city,   &a.state,  &a.postalCode};
    return static_cast<std::size_t>(
        std::count_if(std::begin(fields), std::end(fields), [](const auto* text) { return !text->empty(); }));
}

std::string addressJson(const model::Address& a) {
    return JsonObject()
        .textIfAny("street", a.street)
        .textIfAny("number", a.number)
        .textIfAny("complement", a.complement)
        .textIfAny("district", a.district)
        .textIfAny("city", a.city)
        .textIfAny("state", a.state)
        .textIfAny("postal_code", a.postalCode)
        .str();
}

// A fiscal source's name; else the most frequent complete one, spellings of one name counted together and the
// most frequent spelling of it taken; else the latest.
const Member* nameSource(const Members& trusted, const Members& latest) {
    for (const Member* member : trusted) {
        const bool fiscal = trust(member->content->kind) >= 4 && member->content->customer.document &&
                            member->content->customer.document->valid;
        if (fiscal && !member->content->customer.name.empty()) return member;
    }
    std::map<std::vector<std::string>, int> seen;
    std::map<std::string_view, int> spelt;
    const Member* best = nullptr;
    std::tuple<bool, int, std::size_t, int, int> bestRank;
    for (const Member* member : latest) {
        if (member->content->customer.name.empty()) continue;
        ++seen[identity::nameKey(member->content->customer.name).tokens];
        ++spelt[member->content->customer.name];
    }
    for (const Member* member : latest) {
        if (member->content->customer.name.empty()) continue;
        const auto tokens = identity::nameKey(member->content->customer.name).tokens;
        const std::tuple rank(tokens.size() >= 2, seen[tokens], tokens.size(), trust(member->content->kind),
                              spelt[member->content->customer.name]);
        if (!best || rank > bestRank) {
            best = member;
            bestRank = rank;
        }
    }
    return best;
}

void writeScalars(const Members& trusted, const Members& latest, JsonObject& golden, JsonObject& from) {
    if (const Member* member = nameSource(trusted, latest)) {
        golden.text("name", member->content->customer.name);
        from.text("name", recordId(*member));
    }
    for (const Member* member : trusted) {
        const auto& document = member->content->customer.document;
        if (!document || !document->valid) continue;
        golden.text("document", document->number);
        from.text("document", recordId(*member));
        break;
    }
    for (const Member* member : trusted) {
        if (member->content->customer.birthDate.empty()) continue;
        golden.text("birth_date", member->content->customer.birthDate);
        from.text("birth_date", recordId(*member));
        break;
    }
    const Member* home = nullptr;
    for (const Member* member : latest) {
        const auto& address = member->content->customer.address;
        if (address && filled(*address) > (home ? filled(*home->content->customer.address) : 0))
            home = member;
    }
    if (home) {
        golden.raw("address", addressJson(*home->content->customer.address));
        from.text("address", recordId(*home));
    }
}

void writeContacts(const Members& latest, JsonObject& golden, JsonObject& from) {
    TextList phones, emails;
    // An area code that the sender gave comes before one that was assumed.
    for (const bool assumed : {false, true}) {
        for (const Member* member : latest) {
            const auto add = [&](const model::Phone& phone) {
                if (phone.valid && phone.dddAssumed == assumed) phones.add(phone.number, *member);
            };
            for (const auto& phone : member->content->customer.phones)
                add(phone);
            if (member->content->callPhone) add(*member->content->callPhone);
        }
    }
    for (const Member* member : latest) {
        for (const auto& email : member->content->customer.emails) {
            if (email.valid) emails.add(email.address, *member);
        }
    }
    phones.write(golden, from, "phones");
    emails.write(golden, from, "emails");
}

// The latest word counts per channel; of two of one instant, the no.
void writeConsent(const Members& latest, JsonObject& golden, JsonObject& from) {
    struct Word {
        bool granted;
        const Member* member;
    };
    std::map<std::string, Word> words;
    std::map<std::string, std::pair<std::string, const Member*>> handles;
    for (const Member* member : latest) {
        for (const auto& [channel, granted] : member->content->customer.consent) {
            const auto [at, fresh] = words.try_emplace(channel, Word{granted, member});
            if (!fresh && !granted && at->second.granted && at->second.member->at == member->at)
                at->second = {granted, member};
        }
        for (const auto& [platform, id] : member->content->customer.handles) {
            if (!id.empty()) handles.try_emplace(platform, id, member);
        }
    }
    JsonObject consent, consentFrom, handle, handleFrom;
    for (const auto& [channel, word] : words) {
        consent.boolean(channel, word.granted);
        consentFrom.text(channel, recordId(*word.member));
    }
    for (const auto& [platform, value] : handles) {
        handle.text(platform, value.first);
        handleFrom.text(platform, recordId(*value.second));
    }
    if (!consent.empty()) {
        golden.raw("consent", consent.str());
        from.raw("consent", consentFrom.str());
    }
    if (!handle.empty()) {
        golden.raw("handles", handle.str());
        from.raw("handles", handleFrom.str());
    }
}

} // namespace

std::string goldenRecord(const std::vector<Member>& members) {
    Members latest, trusted;
    for (const auto& member : members)
        latest.push_back(&member);
    std::sort(latest.begin(), latest.end(), [](const Member* a, const Member* b) {
        return std::tuple(a->at, a->record) > std::tuple(b->at, b->record);
    });
    trusted = latest;
    std::stable_sort(trusted.begin(), trusted.end(), [](const Member* a, const Member* b) {
        return trust(a->content->kind) > trust(b->content->kind);
    });

    JsonObject golden, from;
    writeScalars(trusted, latest, golden, from);
    writeContacts(latest, golden, from);
    writeConsent(latest, golden, from);
    golden.raw("sources", from.str());
    return golden.str();
}

} // namespace trevo::match
