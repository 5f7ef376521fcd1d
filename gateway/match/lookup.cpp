#include "match/lookup.hpp"

#include <algorithm>

namespace trevo::match {
namespace {

class Finder {
  public:
    Finder(Lookup& lookup, const Settings& settings, CandidateSource& source)
        : lookup_(lookup), model_(*settings.model), source_(source) {}

    // A value that names one person or a household; beyond `most` holders it is generic.
    void value(std::vector<Value>& values, KeyKind kind, const std::string& text, std::size_t most) {
        Holders holders = source_.personsWith(keyOf(kind, text), most + 1);
        const bool generic =
            model_.guards.genericValues && (holders.generic || holders.persons.size() > most);
        values.push_back({text, std::max(holders.count, holders.persons.size()), generic});
        if (generic && holders.persons.size() > recent())
            holders.persons.erase(holders.persons.begin(),
                                  holders.persons.end() - static_cast<std::ptrdiff_t>(recent()));
        take(holders.persons);
    }

    // Finds people and says nothing more.
    void hint(const Key& key) {
        const auto most = static_cast<std::size_t>(model_.limits.keyPeople);
        const Holders holders = source_.personsWith(key, most + 1);
        if (holders.persons.size() <= most) take(holders.persons);
    }

  private:
    std::size_t recent() const { return static_cast<std::size_t>(model_.limits.recentPeople); }

    void take(const std::vector<PersonId>& persons) {
        const auto most = static_cast<std::size_t>(model_.limits.candidates);
        for (const PersonId person : persons) {
            if (lookup_.persons.size() >= most) return;
            if (std::find(lookup_.persons.begin(), lookup_.persons.end(), person) == lookup_.persons.end())
                lookup_.persons.push_back(person);
        }
    }

    Lookup& lookup_;
    const Model& model_;
    CandidateSource& source_;
};

} // namespace

Lookup lookUpValues(const Features& features, const Settings& settings, CandidateSource& source) {
    Lookup lookup;
    Finder finder(lookup, settings, source);
    const auto many = static_cast<std::size_t>(settings.model->limits.keyPeople);
    const std::size_t household = settings.genericPersons;
    if (!features.document.empty())
        finder.value(lookup.documents, KeyKind::Document, features.document, many);
    for (const auto& handle : features.handles)
        finder.value(lookup.handles, KeyKind::Handle, handle, household);
    for (const auto& phone : features.phones)
        finder.value(lookup.phones, KeyKind::Phone, phone, household);
    for (const auto& email : features.emails)
        finder.value(lookup.emails, KeyKind::Email, email, household);
    if (const std::string address = addressOf(features); !address.empty())
        finder.value(lookup.addresses, KeyKind::Address, address, many);
    for (const auto* phones : {&features.phones, &features.weakPhones}) {
        for (const auto& phone : *phones) {
            if (phone.size() >= 8)
                finder.value(lookup.weakPhones, KeyKind::PhoneNoArea, phone.substr(phone.size() - 8),
                             household);
        }
    }
    lookup.keys = keysOf(features);
    // Beside a value, too: the record may prove that whom the value names and whom the car names are one.
    for (const auto& key : lookup.keys)
        if (key.kind == KeyKind::AdFirst || key.kind == KeyKind::BirthFirst) finder.hint(key);
    if (saleWithoutName(features)) {
        // Whoever asked for the car may have bought it: a question for a human.
        for (const auto& key : lookup.keys)
            if (key.kind == KeyKind::Plate || key.kind == KeyKind::Vin) finder.hint(key);
    }
    return lookup;
}

void lookUpHints(Lookup& lookup, const Features& features, const Settings& settings,
                 CandidateSource& source) {
    Finder finder(lookup, settings, source);
    const std::size_t household = settings.genericPersons;
    if (!features.badDocument.empty())
        finder.value(lookup.badDocuments, KeyKind::BadDocument, features.badDocument, household);
    if (nameless(features)) return;
    for (const auto& key : lookup.keys)
        if (key.kind == KeyKind::DocumentHalf || key.kind == KeyKind::NamePlace ||
            key.kind == KeyKind::AdLast)
            finder.hint(key);
    for (const auto& key : visitKeys(features))
        finder.hint(key);
    for (const auto& email : features.emails) {
        const std::string local = email.substr(0, email.find('@'));
        if (local.size() >= 6) finder.value(lookup.mailboxes, KeyKind::EmailLocal, local, household);
    }
}

} // namespace trevo::match
