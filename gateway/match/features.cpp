#include "base/hash.hpp"
#include "identity/email.hpp"
#include "identity/name_key.hpp"
#include "identity/phone.hpp"
#include "identity/text.hpp"
#include "match/match.hpp"

namespace trevo::match {
namespace {

void addPhone(Features& features, const model::Phone& phone) {
    if (!phone.valid) return;
    std::string key = identity::phoneMatchKey(phone.number);
    if (key.empty()) return;
    if (phone.dddAssumed)
        features.weakPhones.insert(std::move(key));
    else
        features.phones.insert(std::move(key));
}

template <class Set, class Value>
void addCapped(Set& set, const Value& value) {
    if (!set.insert(value).second || set.size() <= kProfileValues) return;
    set.erase(std::prev(set.end()));
}

template <class Set>
void addAll(Set& set, const std::set<std::string>& values) {
    for (const auto& value : values)
        addCapped(set, value);
}

void addText(std::set<std::string>& set, const std::string& value) {
    if (!value.empty()) addCapped(set, value);
}

} // namespace

Features featuresOf(const model::Record& record) {
    Features features;
    const model::Customer& customer = record.customer;
    if (customer.document && customer.document->valid) {
        features.document = customer.document->number;
        features.company = customer.document->company;
    }
    for (const auto& phone : customer.phones)
        addPhone(features, phone);
    if (record.callPhone) addPhone(features, *record.callPhone);
    for (const auto& phone : features.phones)
        features.weakPhones.erase(phone);
    for (const auto& email : customer.emails) {
        if (email.valid) features.emails.insert(identity::emailMatchKey(email.address));
    }
    for (const auto& [platform, id] : customer.handles) {
        if (!id.empty()) features.handles.insert(platform + ":" + id);
    }
    if (!customer.name.empty()) {
        identity::NameKey name = identity::nameKey(customer.name);
        features.nameTokens = std::move(name.tokens);
        features.nameSuffix = std::move(name.suffix);
        // A CPF outranks a company mark in the name: a sole trader is a person.
        if (features.document.empty()) features.company = name.company;
    }
    features.birthDate = customer.birthDate;
    if (record.vehicle) {
        const model::Vehicle& vehicle = *record.vehicle;
        features.plate = vehicle.plate;
        features.vin = vehicle.vin;
        features.adId = vehicle.adId;
        features.stockId = vehicle.stockId;
        features.brand = identity::folded(vehicle.brand);
        features.model = identity::folded(vehicle.model);
        features.modelYear = vehicle.modelYear;
    }
    return features;
}

Key keyOf(KeyKind kind, std::string_view value) {
    return {kind, hash64(value, static_cast<std::uint64_t>(kind))};
}

std::vector<Key> keysOf(const Features& features) {
    std::vector<Key> keys;
    const auto add = [&](KeyKind kind, const std::string& value) {
        if (!value.empty()) keys.push_back(keyOf(kind, value));
    };
    add(KeyKind::Document, features.document);
    for (const auto& phone : features.phones)
        add(KeyKind::Phone, phone);
    for (const auto& phone : features.weakPhones)
        add(KeyKind::Phone, phone);
    for (const auto& email : features.emails)
        add(KeyKind::Email, email);
    for (const auto& handle : features.handles)
        add(KeyKind::Handle, handle);
    for (const auto& token : features.nameTokens)
        add(KeyKind::NameToken, token);
    add(KeyKind::Plate, features.plate);
    add(KeyKind::Vin, features.vin);
    return keys;
}

void absorb(Profile& profile, const Features& features) {
    addText(profile.documents, features.document);
    addAll(profile.phones, features.phones);
    addAll(profile.weakPhones, features.weakPhones);
    addAll(profile.emails, features.emails);
    addAll(profile.handles, features.handles);
    addText(profile.birthDates, features.birthDate);
    if (features.nameTokens.size() >= 2 || !features.nameSuffix.empty())
        addCapped(profile.suffixes, features.nameSuffix);
    if (!features.nameTokens.empty()) addCapped(profile.names, features.nameTokens);
    addText(profile.plates, features.plate);
    addText(profile.vins, features.vin);
    addText(profile.adIds, features.adId);
    profile.company = profile.company || features.company;
}

} // namespace trevo::match
