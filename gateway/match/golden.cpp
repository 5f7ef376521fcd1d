#include "base/json_text.hpp"
#include "identity/email.hpp"
#include "identity/name_key.hpp"
#include "identity/phone.hpp"
#include "identity/text.hpp"
#include "match/json_text.hpp"
#include "match/match.hpp"

#include <algorithm>
#include <functional>

namespace trevo::match {
namespace {

using Rule = Survivorship::Rule;
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

// By which somebody got in touch. The other kinds are written in the office, often from old papers.
bool contact(model::Kind kind) {
    using Kind = model::Kind;
    return kind != Kind::Customer && kind != Kind::Sale && kind != Kind::Invoice && kind != Kind::WorkOrder;
}

// The members in the orders in which they are asked.
struct Told {
    Members latest, trusted, contacts;

    Told(const std::vector<Member>& members, const std::vector<model::Kind>& trust) {
        for (const auto& member : members)
            latest.push_back(&member);
        std::sort(latest.begin(), latest.end(), [](const Member* a, const Member* b) {
            return std::tuple(a->at, a->record) > std::tuple(b->at, b->record);
        });
        trusted = latest;
        const auto rank = [&](const Member* member) {
            return std::find(trust.begin(), trust.end(), member->content->kind) - trust.begin();
        };
        std::stable_sort(trusted.begin(), trusted.end(),
                         [&](const Member* a, const Member* b) { return rank(a) < rank(b); });
        contacts = latest;
        std::stable_partition(contacts.begin(), contacts.end(),
                              [](const Member* member) { return contact(member->content->kind); });
    }
    const Members& ordered(Rule rule) const {
        if (rule == Rule::Contact) return contacts;
        return rule == Rule::Trusted ? trusted : latest;
    }
};

// One field of the golden record.
struct Asked {
    std::function<std::string(const Member&)> value; // empty: does not say
    std::function<std::size_t(const Member&)> fullness;
    // What is the same although it is spelt differently.
    std::function<std::string(const Member&)> meaning;
};

// Of the most frequent meaning the most frequent spelling; complete ones first.
const Member* mostFrequent(const Members& trusted, const Asked& asked) {
    std::map<std::string, int> meanings, spellings;
    for (const Member* member : trusted) {
        const std::string value = asked.value(*member);
        if (value.empty()) continue;
        ++meanings[asked.meaning(*member)];
        ++spellings[value];
    }
    const Member* best = nullptr;
    std::tuple<bool, int, std::size_t> bestRank;
    int bestSpelling = 0;
    for (const Member* member : trusted) {
        const std::string value = asked.value(*member);
        if (value.empty()) continue;
        const std::size_t fullness = asked.fullness(*member);
        const std::tuple rank(fullness >= 2, meanings[asked.meaning(*member)], fullness);
        if (!best || rank > bestRank ||
            (rank == bestRank && best->content->kind == member->content->kind &&
             spellings[value] > bestSpelling)) {
            best = member;
            bestRank = rank;
            bestSpelling = spellings[value];
        }
    }
    return best;
}

const Member* choose(Rule rule, const Told& told, const Asked& asked) {
    if (rule == Rule::Fiscal) {
        for (const Member* member : told.trusted) {
            const auto& [kind, document] =
                std::pair(member->content->kind, member->content->customer.document);
            if ((kind == model::Kind::Invoice || kind == model::Kind::Sale) && document && document->valid &&
                !asked.value(*member).empty())
                return member;
        }
    }
    if (rule == Rule::Fiscal || rule == Rule::Frequent) return mostFrequent(told.trusted, asked);
    const Member* best = nullptr;
    for (const Member* member : told.ordered(rule)) {
        if (asked.value(*member).empty()) continue;
        if (rule != Rule::Fullest) return member;
        if (!best || asked.fullness(*member) > asked.fullness(*best)) best = member;
    }
    return best;
}

std::string nameMeaning(const Member& member) {
    std::string key;
    for (const auto& token : identity::nameKey(member.content->customer.name).tokens)
        key += token + ' ';
    return key;
}

void writeScalars(const Told& told, const Survivorship& rules, JsonObject& golden, JsonObject& from) {
    const auto one = [](const Member&) { return std::size_t{1}; };
    const auto write = [&](const char* field, Rule rule, const Asked& asked, bool raw = false) {
        const Member* member = choose(rule, told, asked);
        if (!member) return;
        if (raw)
            golden.raw(field, asked.value(*member));
        else
            golden.text(field, asked.value(*member));
        from.text(field, recordId(*member));
    };
    write(
        "name", rules.name,
        {[](const Member& member) { return member.content->customer.name; },
         [](const Member& member) { return identity::nameKey(member.content->customer.name).tokens.size(); },
         nameMeaning});
    const auto document = [](const Member& member) {
        const auto& said = member.content->customer.document;
        return said && said->valid ? said->number : std::string();
    };
    write("document", rules.document, {document, one, document});
    const auto birth = [](const Member& member) { return member.content->customer.birthDate; };
    write("birth_date", rules.birthDate, {birth, one, birth});
    const auto fullness = [](const Member& member) {
        const auto& address = member.content->customer.address;
        return address ? filled(*address) : std::size_t{0};
    };
    const auto address = [&](const Member& member) {
        return fullness(member) == 0 ? std::string() : addressJson(*member.content->customer.address);
    };
    write("address", rules.address,
          {address, fullness, [&](const Member& member) { return identity::folded(address(member)); }}, true);
}

// Values in the order of their members, those of a higher rank after all of a lower one.
class Ranked {
  public:
    void add(int rank, const std::string& value, const Member& member) {
        ranks_[rank].emplace_back(value, &member);
    }
    TextList list() const {
        TextList all;
        for (const auto& [rank, values] : ranks_) {
            for (const auto& [value, member] : values)
                all.add(value, *member);
        }
        return all;
    }

  private:
    std::map<int, std::vector<std::pair<std::string, const Member*>>> ranks_;
};

// An area code that the sender gave comes before one that was assumed, and what many people have comes last.
void writeContacts(const Told& told, const Survivorship& rules, const TellsNothing& tellsNothing,
                   JsonObject& golden, JsonObject& from) {
    const auto generic = [&](KeyKind kind, const std::string& value) {
        return tellsNothing && tellsNothing(keyOf(kind, value));
    };
    Ranked phones, emails;
    for (const Member* member : told.ordered(rules.phones)) {
        const auto add = [&](const model::Phone& phone) {
            if (!phone.valid) return;
            const bool many = generic(KeyKind::Phone, identity::phoneMatchKey(phone.number));
            phones.add(many ? 2 : phone.dddAssumed ? 1 : 0, phone.number, *member);
        };
        for (const auto& phone : member->content->customer.phones)
            add(phone);
        if (member->content->callPhone) add(*member->content->callPhone);
    }
    for (const Member* member : told.ordered(rules.emails)) {
        for (const auto& email : member->content->customer.emails) {
            if (!email.valid) continue;
            const bool many = generic(KeyKind::Email, identity::emailMatchKey(email.address));
            emails.add(many ? 1 : 0, email.address, *member);
        }
    }
    phones.list().write(golden, from, "phones");
    emails.list().write(golden, from, "emails");
}

// Who said no to one sender is not asked again because another sender, who may know nothing of it, says yes:
// the no holds until its own source or a human takes it back.
void writeConsent(const Members& latest, JsonObject& golden, JsonObject& from) {
    struct Word {
        bool granted;
        const Member* member;
    };
    std::map<std::pair<std::string, std::int64_t>, Word> words; // by channel and source
    for (const Member* member : latest) {
        for (const auto& [channel, granted] : member->content->customer.consent) {
            const auto [at, fresh] = words.try_emplace({channel, member->source}, Word{granted, member});
            if (!fresh && !granted && at->second.granted && at->second.member->at == member->at)
                at->second = {granted, member};
        }
    }
    std::map<std::string, Word> strictest;
    for (const auto& [place, word] : words) {
        const auto [at, fresh] = strictest.try_emplace(place.first, word);
        Word& held = at->second;
        const auto rank = [](const Word& one) {
            return std::tuple(!one.granted, one.member->at, one.member->record);
        };
        if (!fresh && rank(word) > rank(held)) held = word;
    }
    JsonObject consent, consentFrom;
    for (const auto& [channel, word] : strictest) {
        consent.boolean(channel, word.granted);
        consentFrom.text(channel, recordId(*word.member));
    }
    if (consent.empty()) return;
    golden.raw("consent", consent.str());
    from.raw("consent", consentFrom.str());
}

void writeHandles(const Members& latest, JsonObject& golden, JsonObject& from) {
    std::map<std::string, std::pair<std::string, const Member*>> handles;
    for (const Member* member : latest) {
        for (const auto& [platform, id] : member->content->customer.handles) {
            if (!id.empty()) handles.try_emplace(platform, id, member);
        }
    }
    JsonObject handle, handleFrom;
    for (const auto& [platform, value] : handles) {
        handle.text(platform, value.first);
        handleFrom.text(platform, recordId(*value.second));
    }
    if (handle.empty()) return;
    golden.raw("handles", handle.str());
    from.raw("handles", handleFrom.str());
}

} // namespace

// Filled one by one: GCC 12 takes a list of so small values for uninitialised ones.
std::vector<model::Kind> usualTrust() {
    using Kind = model::Kind;
    std::vector<Kind> trust;
    for (const Kind kind :
         {Kind::Invoice, Kind::Sale, Kind::Customer, Kind::CreditOffer, Kind::CreditSimulation,
          Kind::WorkOrder, Kind::Lead, Kind::Appointment, Kind::Prospect})
        trust.push_back(kind);
    return trust;
}

std::string goldenRecord(const std::vector<Member>& members, const Survivorship& rules,
                         const TellsNothing& tellsNothing) {
    const Told told(members, rules.trust);
    JsonObject golden, from;
    writeScalars(told, rules, golden, from);
    writeContacts(told, rules, tellsNothing, golden, from);
    writeConsent(told.latest, golden, from);
    writeHandles(told.latest, golden, from);
    golden.raw("sources", from.str());
    return golden.str();
}

} // namespace trevo::match
