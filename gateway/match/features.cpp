#include "base/hash.hpp"
#include "identity/email.hpp"
#include "identity/name_key.hpp"
#include "identity/phone.hpp"
#include "identity/place.hpp"
#include "identity/text.hpp"
#include "identity/vehicle_text.hpp"
#include "match/match.hpp"
#include "match/names.hpp"

#include <algorithm>

namespace trevo::match {
namespace {

// A number whose area code nobody gave, or that is of another country, still has its last eight digits.
std::string localCore(const std::string& number) {
    const std::string digits = identity::digitsOf(number);
    if (digits.size() < 8 || digits.size() > 15) return {};
    const bool local = digits.size() == 8 || (digits.size() == 9 && digits[0] == '9');
    if (local && digits[digits.size() - 8] < '2') return {};
    std::string core = digits.substr(digits.size() - 8);
    return identity::allEqual(core) ? std::string() : core;
}

void addPhone(Features& features, const model::Phone& phone) {
    std::string key = phone.valid ? identity::phoneMatchKey(phone.number) : localCore(phone.number);
    if (key.empty()) return;
    if (phone.dddAssumed || !phone.valid)
        features.weakPhones.insert(std::move(key));
    else
        features.phones.insert(std::move(key));
}

// What a typing error left of a document. One digit repeated, or all in a row, is nobody's.
std::string badDocument(const std::string& number) {
    const std::string digits = identity::digitsOf(number);
    if (digits.size() < 5 || digits.size() > 15) return {};
    const std::string_view most(digits.data(), std::min<std::size_t>(digits.size(), 9));
    if (identity::allEqual(most)) return {};
    bool row = true;
    for (std::size_t i = 1; i < most.size(); ++i)
        row = row && (most[i] - most[i - 1] + 10) % 10 == 1;
    return row ? std::string() : digits;
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

std::string postalCode(const std::string& text) {
    std::string out;
    for (const char c : identity::folded(text))
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) out += c;
    return out.size() < 4 || out.size() > 10 || identity::allEqual(out) ? std::string() : out;
}

void readAddress(Features& features, const model::Address& address) {
    features.city = identity::cityMatchKey(address.city);
    features.postalCode = postalCode(address.postalCode);
    const std::string number = identity::digitsOf(address.number);
    if (!address.street.empty())
        features.street = identity::folded(address.street) + (number.empty() ? "" : " " + number);
}

std::string mailbox(const std::string& email) {
    std::string local = email.substr(0, email.find('@'));
    return local.size() >= 6 ? local : std::string();
}

} // namespace

Features featuresOf(const model::Record& record) {
    Features features;
    features.kind = record.kind;
    features.dealer = record.dealer;
    if (record.source.occurredAt) features.at = record.source.occurredAt->at.micros / kSecond;
    const model::Customer& customer = record.customer;
    if (customer.document && customer.document->valid) {
        features.document = customer.document->number;
        features.company = customer.document->company;
    } else if (customer.document) {
        features.badDocument = badDocument(customer.document->number);
    }
    // The digits in a row that anybody types to get past a form; their check digits hold.
    if (features.document == "12345678909") features.document.clear();
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
    if (customer.address) readAddress(features, *customer.address);
    if (record.vehicle) {
        const model::Vehicle& vehicle = *record.vehicle;
        features.plate = vehicle.plate;
        features.vin = vehicle.vin;
        features.adId = vehicle.adId;
        features.stockId = vehicle.stockId;
        identity::VehicleText said = identity::readVehicleText(vehicle.brand, vehicle.model, vehicle.text);
        features.brand = std::move(said.brand);
        features.model = std::move(said.model);
        features.modelYear = vehicle.modelYear ? vehicle.modelYear : said.modelYear;
    }
    return features;
}

bool saleWithoutName(const Features& features) {
    return (features.kind == model::Kind::Sale || features.kind == model::Kind::Invoice) &&
           features.nameTokens.empty() && !features.document.empty();
}

bool nameless(const Features& features) {
    return features.nameTokens.empty() && features.document.empty() && features.disputedDocument.empty();
}

std::string addressOf(const Features& features) {
    const std::string& street = features.street;
    const bool numbered = !street.empty() && street.back() >= '0' && street.back() <= '9';
    const std::string& place = features.postalCode.empty() ? features.city : features.postalCode;
    return numbered && !place.empty() ? street + "|" + place : std::string();
}

Key keyOf(KeyKind kind, std::string_view value) {
    return {kind, hash64(value, static_cast<std::uint64_t>(kind))};
}

std::vector<Key> keysOf(const Features& features) {
    std::vector<Key> keys;
    const auto add = [&](KeyKind kind, std::string_view value) {
        if (!value.empty()) keys.push_back(keyOf(kind, value));
    };
    add(KeyKind::Document, features.document);
    add(KeyKind::BadDocument, features.badDocument);
    const std::string& number = features.document.empty() ? features.badDocument : features.document;
    if (number.size() >= 6) {
        // Of one length whether or not a digit is missing.
        const std::size_t half = number.size() >= 9 ? 6 : 4;
        add(KeyKind::DocumentHalf, "<" + number.substr(0, half));
        add(KeyKind::DocumentHalf, ">" + number.substr(number.size() - half));
    }
    for (const auto* phones : {&features.phones, &features.weakPhones}) {
        for (const auto& phone : *phones) {
            if (phone.size() > 8) add(KeyKind::Phone, phone);
            if (phone.size() >= 8)
                add(KeyKind::PhoneNoArea, std::string_view(phone).substr(phone.size() - 8));
        }
    }
    for (const auto& email : features.emails) {
        add(KeyKind::Email, email);
        add(KeyKind::EmailLocal, mailbox(email));
    }
    for (const auto& handle : features.handles)
        add(KeyKind::Handle, handle);
    for (const auto& token : features.nameTokens)
        add(KeyKind::NameToken, token);
    add(KeyKind::Plate, features.plate);
    add(KeyKind::Vin, features.vin);
    add(KeyKind::Address, addressOf(features));
    if (features.nameTokens.empty()) return keys;

    const std::string first = soundOf(features.nameTokens.front());
    const std::string last =
        features.nameTokens.size() < 2 ? std::string() : soundOf(features.nameTokens.back());
    const std::string* surest = nullptr; // of what names the car
    for (const auto* car : {&features.plate, &features.vin, &features.stockId, &features.adId}) {
        if (car->empty()) continue;
        add(KeyKind::AdFirst, *car + "|" + first);
        if (!surest) surest = car;
    }
    // A nickname, an initial or a slip in the first name hides it; the last name finds it then.
    if (surest && !last.empty()) add(KeyKind::AdLast, *surest + "|" + last);
    if (!features.birthDate.empty()) add(KeyKind::BirthFirst, features.birthDate + "|" + first);
    if (!features.street.empty()) add(KeyKind::NamePlace, first + "||" + features.street);
    if (features.nameTokens.size() < 2) return keys;
    if (!features.birthDate.empty()) add(KeyKind::BirthFirst, features.birthDate + "|" + last);
    const std::string name = first + "|" + last + "|";
    if (!features.city.empty()) add(KeyKind::NamePlace, name + features.city);
    std::string area;
    for (const auto& phone : features.phones) {
        if (phone.size() != 10 || phone.substr(0, 2) == area) continue;
        area = phone.substr(0, 2);
        add(KeyKind::NamePlace, name + area);
    }
    if (const auto visits = visitKeys(features); !visits.empty()) keys.push_back(visits.front());
    return keys;
}

void absorb(Profile& profile, const Features& features) {
    addText(profile.documents, features.document);
    addText(profile.badDocuments, features.badDocument);
    addAll(profile.phones, features.phones);
    addAll(profile.weakPhones, features.weakPhones);
    addAll(profile.emails, features.emails);
    addAll(profile.handles, features.handles);
    addText(profile.birthDates, features.birthDate);
    addText(profile.cities, features.city);
    addText(profile.postalCodes, features.postalCode);
    addText(profile.streets, features.street);
    if (features.nameTokens.size() >= 2 || !features.nameSuffix.empty())
        addCapped(profile.suffixes, features.nameSuffix);
    if (!features.nameTokens.empty()) addCapped(profile.names, features.nameTokens);
    addText(profile.plates, features.plate);
    addText(profile.vins, features.vin);
    addText(profile.adIds, features.adId);
    addText(profile.stockIds, features.stockId);
    if (features.at != 0) {
        profile.visits.insert(visitOf(features));
        if (profile.visits.size() > kProfileVisits) profile.visits.erase(profile.visits.begin());
    }
    profile.company = profile.company || features.company;
}

} // namespace trevo::match
