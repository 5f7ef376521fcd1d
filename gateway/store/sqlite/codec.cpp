#include "store/sqlite/codec.hpp"

#include <charconv>
#include <stdexcept>

namespace trevo::store::sqlite {
namespace {

// A sequence of (tag, length, bytes). Tags are never reused; a reader skips those it does not know.
enum class Tag : char {
    Document = 1,
    Phone,
    WeakPhone,
    Email,
    Handle,
    Name, // tokens, blank between
    Suffix,
    BirthDate,
    Plate,
    Vin,
    Ad,
    Stock,
    Brand,
    Model,
    Year,
    Company,
    BadDocument,
    DisputedDocument,
    City,
    PostalCode,
    Street,
    Kind,
    Time, // seconds
    Dealer,
    Visit, // time, year, length of the dealer, dealer, model
};

void putVarint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}

std::uint64_t takeVarint(std::string_view& in) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (in.empty()) break;
        const auto byte = static_cast<unsigned char>(in.front());
        in.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7fU} << shift;
        if (byte < 0x80) return value;
    }
    throw std::runtime_error("the store holds a row that is cut short");
}

void put(std::string& out, Tag tag, std::string_view text) {
    out += static_cast<char>(tag);
    putVarint(out, text.size());
    out += text;
}
// Signed: before 1970 there were people too.
void putSigned(std::string& out, std::int64_t number) {
    putVarint(out, (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}
std::int64_t takeSigned(std::string_view& in) {
    const std::uint64_t folded = takeVarint(in);
    return static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
}
void putNumber(std::string& out, Tag tag, std::int64_t number) {
    std::string bytes;
    putSigned(bytes, number);
    put(out, tag, bytes);
}
std::int64_t takeNumber(std::string_view bytes) {
    return takeSigned(bytes);
}
void putIfAny(std::string& out, Tag tag, std::string_view text) {
    if (!text.empty()) put(out, tag, text);
}
void putAll(std::string& out, Tag tag, const std::set<std::string>& values) {
    for (const auto& value : values)
        put(out, tag, value);
}

std::string joined(const std::vector<std::string>& tokens) {
    std::string text;
    for (const auto& token : tokens) {
        if (!text.empty()) text += ' ';
        text += token;
    }
    return text;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> tokens;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        tokens.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return tokens;
}

std::string encode(const match::Visit& visit) {
    std::string out;
    putSigned(out, visit.at);
    putSigned(out, visit.modelYear);
    putVarint(out, visit.dealer.size());
    out += visit.dealer;
    out += visit.model;
    return out;
}

match::Visit decodeVisit(std::string_view in) {
    match::Visit visit;
    visit.at = takeSigned(in);
    visit.modelYear = static_cast<int>(takeSigned(in));
    const auto dealer = static_cast<std::size_t>(takeVarint(in));
    if (dealer > in.size()) throw std::runtime_error("the store holds a row that is cut short");
    visit.dealer = in.substr(0, dealer);
    visit.model = in.substr(dealer);
    return visit;
}

template <class Take>
void eachField(std::string_view in, Take take) {
    while (!in.empty()) {
        const auto tag = static_cast<Tag>(in.front());
        in.remove_prefix(1);
        const auto length = static_cast<std::size_t>(takeVarint(in));
        if (length > in.size()) throw std::runtime_error("the store holds a row that is cut short");
        take(tag, in.substr(0, length));
        in.remove_prefix(length);
    }
}

} // namespace

std::string encode(const match::Features& f) {
    std::string out;
    putIfAny(out, Tag::Document, f.document);
    putAll(out, Tag::Phone, f.phones);
    putAll(out, Tag::WeakPhone, f.weakPhones);
    putAll(out, Tag::Email, f.emails);
    putAll(out, Tag::Handle, f.handles);
    putIfAny(out, Tag::Name, joined(f.nameTokens));
    putIfAny(out, Tag::Suffix, f.nameSuffix);
    putIfAny(out, Tag::BirthDate, f.birthDate);
    putIfAny(out, Tag::Plate, f.plate);
    putIfAny(out, Tag::Vin, f.vin);
    putIfAny(out, Tag::Ad, f.adId);
    putIfAny(out, Tag::Stock, f.stockId);
    putIfAny(out, Tag::Brand, f.brand);
    putIfAny(out, Tag::Model, f.model);
    if (f.modelYear) put(out, Tag::Year, std::to_string(*f.modelYear));
    if (f.company) put(out, Tag::Company, "");
    putIfAny(out, Tag::BadDocument, f.badDocument);
    putIfAny(out, Tag::DisputedDocument, f.disputedDocument);
    putIfAny(out, Tag::City, f.city);
    putIfAny(out, Tag::PostalCode, f.postalCode);
    putIfAny(out, Tag::Street, f.street);
    if (f.kind != model::Kind::Lead) put(out, Tag::Kind, std::string(1, static_cast<char>(f.kind)));
    if (f.at != 0) putNumber(out, Tag::Time, f.at);
    putIfAny(out, Tag::Dealer, f.dealer);
    return out;
}

bool disputesDocument(std::string_view features) {
    bool disputes = false;
    eachField(features,
              [&](Tag tag, std::string_view) { disputes = disputes || tag == Tag::DisputedDocument; });
    return disputes;
}

match::Features decodeFeatures(std::string_view bytes) {
    match::Features f;
    eachField(bytes, [&](Tag tag, std::string_view text) {
        switch (tag) {
        case Tag::Document: f.document = text; break;
        case Tag::Phone: f.phones.emplace(text); break;
        case Tag::WeakPhone: f.weakPhones.emplace(text); break;
        case Tag::Email: f.emails.emplace(text); break;
        case Tag::Handle: f.handles.emplace(text); break;
        case Tag::Name: f.nameTokens = split(text); break;
        case Tag::Suffix: f.nameSuffix = text; break;
        case Tag::BirthDate: f.birthDate = text; break;
        case Tag::Plate: f.plate = text; break;
        case Tag::Vin: f.vin = text; break;
        case Tag::Ad: f.adId = text; break;
        case Tag::Stock: f.stockId = text; break;
        case Tag::Brand: f.brand = text; break;
        case Tag::Model: f.model = text; break;
        case Tag::Year: {
            int year = 0;
            std::from_chars(text.data(), text.data() + text.size(), year);
            f.modelYear = year;
            break;
        }
        case Tag::Company: f.company = true; break;
        case Tag::BadDocument: f.badDocument = text; break;
        case Tag::DisputedDocument: f.disputedDocument = text; break;
        case Tag::City: f.city = text; break;
        case Tag::PostalCode: f.postalCode = text; break;
        case Tag::Street: f.street = text; break;
        case Tag::Kind: f.kind = static_cast<model::Kind>(text.empty() ? 0 : text.front()); break;
        case Tag::Time: f.at = takeNumber(text); break;
        case Tag::Dealer: f.dealer = text; break;
        case Tag::Visit: break;
        }
    });
    return f;
}

std::string encode(const match::Profile& p) {
    std::string out;
    putAll(out, Tag::Document, p.documents);
    putAll(out, Tag::Phone, p.phones);
    putAll(out, Tag::WeakPhone, p.weakPhones);
    putAll(out, Tag::Email, p.emails);
    putAll(out, Tag::Handle, p.handles);
    putAll(out, Tag::BirthDate, p.birthDates);
    putAll(out, Tag::Suffix, p.suffixes);
    for (const auto& name : p.names)
        put(out, Tag::Name, joined(name));
    putAll(out, Tag::Plate, p.plates);
    putAll(out, Tag::Vin, p.vins);
    putAll(out, Tag::Ad, p.adIds);
    if (p.company) put(out, Tag::Company, "");
    putAll(out, Tag::BadDocument, p.badDocuments);
    putAll(out, Tag::City, p.cities);
    putAll(out, Tag::PostalCode, p.postalCodes);
    putAll(out, Tag::Street, p.streets);
    putAll(out, Tag::Stock, p.stockIds);
    for (const match::Visit& visit : p.visits)
        put(out, Tag::Visit, encode(visit));
    return out;
}

match::Profile decodeProfile(std::string_view bytes) {
    match::Profile p;
    eachField(bytes, [&](Tag tag, std::string_view text) {
        switch (tag) {
        case Tag::Document: p.documents.emplace(text); break;
        case Tag::Phone: p.phones.emplace(text); break;
        case Tag::WeakPhone: p.weakPhones.emplace(text); break;
        case Tag::Email: p.emails.emplace(text); break;
        case Tag::Handle: p.handles.emplace(text); break;
        case Tag::Name: p.names.insert(split(text)); break;
        case Tag::Suffix: p.suffixes.emplace(text); break;
        case Tag::BirthDate: p.birthDates.emplace(text); break;
        case Tag::Plate: p.plates.emplace(text); break;
        case Tag::Vin: p.vins.emplace(text); break;
        case Tag::Ad: p.adIds.emplace(text); break;
        case Tag::Company: p.company = true; break;
        case Tag::BadDocument: p.badDocuments.emplace(text); break;
        case Tag::City: p.cities.emplace(text); break;
        case Tag::PostalCode: p.postalCodes.emplace(text); break;
        case Tag::Street: p.streets.emplace(text); break;
        case Tag::Stock: p.stockIds.emplace(text); break;
        case Tag::Time: p.visits.insert({takeNumber(text), {}, {}, 0}); break; // of an older store
        case Tag::Visit: p.visits.insert(decodeVisit(text)); break;
        case Tag::Dealer:
        case Tag::DisputedDocument:
        case Tag::Kind:
        case Tag::Brand:
        case Tag::Model:
        case Tag::Year: break;
        }
    });
    return p;
}

std::string encode(const std::vector<Made>& made) {
    std::string out;
    for (const auto& one : made) {
        putVarint(out, static_cast<std::uint64_t>(one.record));
        putVarint(out, static_cast<std::uint64_t>(one.revision) * 2 + (one.changed ? 1 : 0));
    }
    return out;
}

std::vector<Made> decodeMade(std::string_view bytes) {
    std::vector<Made> made;
    while (!bytes.empty()) {
        const auto record = static_cast<std::int64_t>(takeVarint(bytes));
        const std::uint64_t rest = takeVarint(bytes);
        made.push_back({record, static_cast<int>(rest / 2), rest % 2 == 1});
    }
    return made;
}

std::optional<std::int64_t> numberOf(std::string_view id, char prefix) {
    if (id.size() < 2 || id.size() > 19 || id.front() != prefix) return std::nullopt;
    std::int64_t number = 0;
    const char* end = id.data() + id.size();
    const auto [at, error] = std::from_chars(id.data() + 1, end, number);
    if (error != std::errc() || at != end || number <= 0) return std::nullopt;
    return number;
}

} // namespace trevo::store::sqlite
