// The scalar types of the field table: each read by identity/, written to the body, and put into the typed
// record.
#include "base/json_text.hpp"
#include "base/suggest.hpp"
#include "base/utf8.hpp"
#include "canonical/reader.hpp"
#include "canonical/writer.hpp"
#include "identity/access_key.hpp"
#include "identity/date.hpp"
#include "identity/document.hpp"
#include "identity/email.hpp"
#include "identity/money.hpp"
#include "identity/name.hpp"
#include "identity/number.hpp"
#include "identity/phone.hpp"
#include "identity/place.hpp"
#include "identity/plate.hpp"
#include "identity/text.hpp"
#include "identity/vehicle_ids.hpp"

#include <algorithm>
#include <charconv>

namespace trevo::canonical {

namespace {

namespace dom = simdjson::dom;

bool longerThan(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return false;
    const auto characters =
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return static_cast<std::size_t>(characters) > limit;
}

// What date libraries and databases write for "no date".
bool isNoDate(std::string_view text) {
    return text.substr(0, 10) == "0000-00-00" || text.substr(0, 10) == "0001-01-01";
}

model::Phone phone(const identity::PhoneReading& reading) {
    return {reading.valid ? reading.normalised : reading.raw, reading.valid, reading.dddAssumed,
            reading.nineAdded};
}

bool isDecimal(std::string_view text) {
    if (!text.empty() && text.front() == '-') text.remove_prefix(1);
    const auto point = text.find('.');
    if (point == std::string_view::npos) return text.size() <= 18 && identity::allDigits(text);
    const std::string_view fraction = text.substr(point + 1);
    return point <= 18 && fraction.size() <= 18 && identity::allDigits(text.substr(0, point)) &&
           identity::allDigits(fraction);
}

} // namespace

std::optional<std::string_view> Reader::textOf(const Field& field, Element element, const Path& path,
                                               NumberText numbers) {
    std::string_view text;
    switch (element.type()) {
    case dom::element_type::NULL_VALUE: return text;
    case dom::element_type::STRING: {
        text = std::string_view(element);
        if (text.find('\0') !=
            std::string_view::npos) { // legal in JSON, an end of text to much that comes after
            scratch_ = text;
            std::erase(scratch_, '\0');
            text = scratch_;
        }
        text = trimAscii(text);
        break;
    }
    case dom::element_type::INT64:
        scratch_.clear();
        canonical::writeInteger(scratch_, std::int64_t(element));
        text = scratch_;
        break;
    case dom::element_type::UINT64:
        scratch_.clear();
        writeUnsigned(scratch_, std::uint64_t(element));
        text = scratch_;
        break;
    case dom::element_type::DOUBLE: {
        std::array<char, 1100> digits; // the longest fixed form of a double is some 1,080 characters
        const double value = double(element) == 0 ? 0.0 : double(element);
        const auto format =
            numbers == NumberText::Fixed ? std::chars_format::fixed : std::chars_format::general;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, format).ptr;
        scratch_.assign(digits.data(), end);
        text = scratch_;
        break;
    }
    default:
        report("wrong_type", path,
               std::string("expected a text, found ") + (element.is_bool()    ? "true or false"
                                                         : element.is_array() ? "a list"
                                                                              : "an object"));
        return std::nullopt;
    }
    if (numbers == NumberText::Shortest && longerThan(text, field.limit)) {
        report("text_too_long", path, "at most " + std::to_string(field.limit) + " characters");
        return std::nullopt;
    }
    return text;
}

bool Reader::writeScalar(const Field& field, Element element, const Path& path) {
    if (field.type == Type::Boolean) {
        if (!element.is_bool()) {
            report("wrong_type", path, "expected true or false");
            return false;
        }
        const bool value = element;
        record_.body += value ? "true" : "false";
        if (field.slot == Slot::Consent) record_.customer.consent.emplace(mapKey_, value);
        return true;
    }
    const bool number =
        field.type == Type::Money || field.type == Type::Integer || field.type == Type::Decimal;
    const auto text = textOf(field, element, path, number ? NumberText::Fixed : NumberText::Shortest);
    if (!text || text->empty()) return false;
    switch (field.type) {
    case Type::Name: return writeName(field, *text, path);
    case Type::Document: return writeDocument(field, *text, path);
    case Type::Phone: return writePhone(field, identity::readPhone(*text, ddd_), path);
    case Type::Email: return writeEmail(identity::readEmail(*text), path);
    case Type::Year: return writeYear(field, *text, path);
    case Type::Plate:
    case Type::Vin:
    case Type::Fipe:
    case Type::State:
    case Type::PostalCode:
    case Type::AccessKey:
    case Type::Url: return writeIdentity(field, *text, path);
    case Type::Date: return writeDate(field, *text, path);
    case Type::DateTime: return writeDateTime(field, *text, path);
    case Type::Money: return writeMoney(field, *text, path);
    case Type::Integer: return writeInteger(field, *text, path);
    case Type::Decimal: return writeDecimal(field, *text, path);
    case Type::Word: return writeWord(field, *text, path);
    default: break;
    }
    if (field.slot == Slot::Integration && !takeIntegration(*text, path)) return false;
    return writeText(field, *text);
}

bool Reader::takeIntegration(std::string_view name, const Path& path) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    if (!context_.anyIntegration && name != context_.integration) {
        report("wrong_integration", path, "the record names another integration than the one that brings it");
        return false;
    }
    if (name.size() > 64 || name.find_first_not_of(kAllowed) != std::string_view::npos) {
        report("bad_integration", path,
               "an integration's id has letters, digits, '-', '_' and '.', at most 64");
        return false;
    }
    record_.source.integration = name;
    return true;
}

bool Reader::writeText(const Field& field, std::string_view text) {
    appendJsonString(record_.body, text);
    fill(field.slot, text);
    return true;
}

bool Reader::writeIdentity(const Field& field, std::string_view text, const Path& path) {
    const auto take = [&](const auto& reading) {
        if (reading.valid) return writeText(field, reading.normalised);
        flag(path, reading.why);
        // Other countries have postal codes too.
        if (field.type == Type::PostalCode) return writeText(field, text);
        appendJsonString(record_.body, text);
        return true;
    };
    switch (field.type) {
    case Type::Plate: return take(identity::readPlate(text));
    case Type::Vin: return take(identity::readVin(text));
    case Type::Fipe: return take(identity::readFipe(text));
    case Type::State: return take(identity::readState(text));
    case Type::PostalCode: return take(identity::readPostalCode(text));
    case Type::AccessKey: return take(identity::readAccessKey(text));
    default: break;
    }
    const std::string start = lowerAscii(text.substr(0, 8));
    if (start.substr(0, 7) != "http://" && start != "https://") flag(path, "url_scheme");
    appendJsonString(record_.body, text);
    return true;
}

bool Reader::writeName(const Field& field, std::string_view text, const Path& path) {
    auto reading = identity::readName(text);
    if (!reading.valid) {
        flag(path, reading.why);
        appendJsonString(record_.body, text);
        return true;
    }
    // A display form must read as itself, or the body would change each time it is read. Only odd text takes
    // a second turn.
    if (!identity::isAscii(text) || text.find(',') != std::string_view::npos) {
        for (int turn = 0; turn < 3; ++turn) {
            auto again = identity::readName(reading.normalised);
            if (again.valid && again.normalised == reading.normalised &&
                !longerThan(again.normalised, field.limit))
                return writeText(field, again.normalised);
            reading = std::move(again);
        }
        flag(path, "name_unstable");
        return writeText(field, text);
    }
    return writeText(field, reading.normalised);
}

bool Reader::writeDocument(const Field& field, std::string_view text, const Path& path) {
    const auto reading = identity::readDocument(text);
    if (!reading.valid) flag(path, reading.why);
    const std::string_view number = reading.valid ? std::string_view(reading.normalised) : text;
    appendJsonString(record_.body, number);
    if (field.slot == Slot::CustomerDocument) {
        record_.customer.document =
            model::Document{std::string(number), reading.kind == identity::DocumentKind::Cnpj, reading.valid};
    }
    return true;
}

bool Reader::writePhone(const Field& field, const identity::PhoneReading& reading, const Path& path) {
    model::Phone value = phone(reading);
    if (!reading.valid) flag(path, reading.why);
    // The body has the full number; that its area code was only assumed is in the flags, and stays known that
    // way.
    value.dddAssumed = value.valid && (value.dddAssumed || flagged(path, "phone_ddd_assumed"));
    value.nineAdded = value.valid && (value.nineAdded || flagged(path, "phone_nine_added"));
    if (value.dddAssumed) flag(path, "phone_ddd_assumed");
    if (value.nineAdded) flag(path, "phone_nine_added");
    appendJsonString(record_.body, value.number);
    if (field.slot == Slot::CustomerPhone)
        record_.customer.phones.push_back(std::move(value));
    else if (field.slot == Slot::CallFrom)
        callFrom_ = std::move(value);
    else if (field.slot == Slot::CallTo)
        callTo_ = std::move(value);
    return true;
}

std::size_t Reader::writePhones(const Field& item, std::string_view text, const Path& list, std::size_t input,
                                std::size_t output) {
    std::size_t written = 0;
    for (const auto& reading : identity::readPhones(text, ddd_, 64)) {
        auto& known = record_.customer.phones;
        const auto same = std::find_if(known.begin(), known.end(), [&](const model::Phone& other) {
            return other.valid && reading.valid && other.number == reading.normalised;
        });
        if (same != known.end()) {
            if (same->dddAssumed && !reading.dddAssumed) { // the second spelling proves the first's area code
                same->dddAssumed = false;
                const auto at = static_cast<std::size_t>(same - known.begin());
                std::erase(record_.flags,
                           model::Flag{outputPointer(list.listItem(0, at)), "phone_ddd_assumed"});
            }
            continue;
        }
        if (output + written > 0) record_.body += ',';
        writePhone(item, reading, list.listItem(input, output + written));
        ++written;
    }
    return written;
}

bool Reader::writeEmail(const identity::EmailReading& reading, const Path& path) {
    if (!reading.valid) flag(path, reading.why);
    model::Email value{reading.wellFormed ? reading.normalised : reading.raw, reading.valid};
    appendJsonString(record_.body, value.address);
    record_.customer.emails.push_back(std::move(value));
    return true;
}

std::size_t Reader::writeEmails(const Field&, std::string_view text, const Path& list, std::size_t input,
                                std::size_t output) {
    std::size_t written = 0;
    for (const auto& reading : identity::readEmails(text, 64)) {
        const auto& known = record_.customer.emails;
        const bool again =
            reading.wellFormed && std::any_of(known.begin(), known.end(), [&](const model::Email& other) {
                return other.address == reading.normalised;
            });
        if (again) continue;
        if (output + written > 0) record_.body += ',';
        writeEmail(reading, list.listItem(input, output + written));
        ++written;
    }
    return written;
}

bool Reader::writeYear(const Field& field, std::string_view text, const Path& path) {
    const auto reading = identity::readYearPair(text);
    if (!reading.valid) {
        flag(path, reading.why);
        appendJsonString(record_.body, text);
        return true;
    }
    const int year = field.slot == Slot::BuildYear && reading.build != 0 ? reading.build : reading.model;
    canonical::writeInteger(record_.body, year);
    if (vehicle_ && field.slot == Slot::ModelYear) vehicle_->modelYear = year;
    if (vehicle_ && field.slot == Slot::BuildYear) vehicle_->buildYear = year;
    return true;
}

bool Reader::writeDate(const Field& field, std::string_view text, const Path& path) {
    if (isNoDate(text)) {
        flag(path, "date_placeholder");
        return false;
    }
    auto reading = identity::readDate(text, identity::DateFormat::Iso);
    const bool birth = field.slot == Slot::BirthDate;
    if (birth && text.size() == 8 && reading.why == "date_format")
        reading = identity::readDate(text, identity::DateFormat::Compact);
    if (!reading.valid && birth) {
        // What people type of themselves is no reason to refuse them.
        flag(path, reading.why == "date_range" ? "date_no_such_day" : "date_unreadable");
        appendJsonString(record_.body, text);
        return true;
    }
    if (!reading.valid) {
        report("unreadable_date", path, "expected a day of the years 1900 to 2199 as YYYY-MM-DD");
        return false;
    }
    return writeText(field, reading.normalised);
}

bool Reader::writeDateTime(const Field& field, std::string_view text, const Path& path) {
    if (isNoDate(text)) {
        flag(path, "date_placeholder");
        return false;
    }
    const auto reading = identity::readDateTime(text, identity::DateFormat::Iso, zone_);
    if (!reading.valid) {
        if (!problems_.empty() && record_.dealer.empty())
            return false; // without a dealer there is no zone to read it in
        report("unreadable_date", path,
               "expected a time of the years 1900 to 2199 as 2026-11-22T10:00:00-03:00");
        return false;
    }
    appendJsonString(record_.body, formatRfc3339(reading.at));
    if (field.slot != Slot::OccurredAt) return true;
    record_.source.occurredAt = model::Timestamp{reading.at, std::string(text)};
    if (context_.receivedAt.micros != 0 && reading.at - context_.receivedAt > kDay)
        flag(path, "time_in_future");
    return true;
}

bool Reader::writeMoney(const Field& field, std::string_view text, const Path& path) {
    const auto reading = identity::readMoney(text, identity::MoneyFormat::Decimal);
    if (!reading.valid) {
        const bool decimals = reading.why == "money_decimals";
        report("unreadable_money", path,
               decimals ? "an amount has at most two decimals"
                        : "expected an amount as a number or decimal text: 68500.00, up to ten trillion");
        return false;
    }
    record_.body += identity::formatDecimal(reading.cents);
    if (vehicle_ && field.slot == Slot::Price) vehicle_->price = model::Money{reading.cents};
    return true;
}

bool Reader::writeInteger(const Field& field, std::string_view text, const Path& path) {
    const auto reading = identity::readInteger(text, identity::NumberFormat::Plain);
    if (!reading.valid) {
        report("unreadable_integer", path, "expected a whole number");
        return false;
    }
    canonical::writeInteger(record_.body, reading.value);
    if (vehicle_ && field.slot == Slot::Km) vehicle_->km = reading.value;
    return true;
}

bool Reader::writeDecimal(const Field&, std::string_view text, const Path& path) {
    if (!isDecimal(text)) {
        report("unreadable_decimal", path, "expected a decimal number: 1.99");
        return false;
    }
    appendJsonString(record_.body, text);
    return true;
}

bool Reader::writeWord(const Field& field, std::string_view text, const Path& path) {
    const std::string lower = lowerAscii(text);
    const auto found = std::find(field.words.begin(), field.words.end(), lower);
    if (found == field.words.end()) {
        const std::vector<std::string> known(field.words.begin(), field.words.end());
        std::string detail = "expected one of";
        for (const std::string& word : known)
            detail += (&word == &known.front() ? " " : ", ") + word;
        report("unknown_word", path, detail + suggestion(lower.substr(0, 64), known));
        return false;
    }
    appendJsonString(record_.body, *found);
    if (field.slot == Slot::CallDirection) callDirection_ = *found;
    return true;
}

void Reader::fill(Slot slot, std::string_view text) {
    if (slot == Slot::None) return;
    const auto address = [&]() -> model::Address& {
        if (!record_.customer.address) record_.customer.address.emplace();
        return *record_.customer.address;
    };
    switch (slot) {
    case Slot::ExternalId: record_.source.externalId = text; return;
    case Slot::Channel: record_.source.channel = text; return;
    case Slot::OccurredAtOriginal:
        originalGiven_ = true;
        if (record_.source.occurredAt) record_.source.occurredAt->original = text;
        return;
    case Slot::CustomerName: record_.customer.name = text; return;
    case Slot::BirthDate: record_.customer.birthDate = text; return;
    case Slot::Street: address().street = text; return;
    case Slot::Number: address().number = text; return;
    case Slot::Complement: address().complement = text; return;
    case Slot::District: address().district = text; return;
    case Slot::City: address().city = text; return;
    case Slot::State: address().state = text; return;
    case Slot::PostalCode: address().postalCode = text; return;
    case Slot::Handle: record_.customer.handles.emplace(mapKey_, text); return;
    default: break;
    }
    if (vehicle_) fillVehicle(slot, text);
}

void Reader::fillVehicle(Slot slot, std::string_view text) {
    switch (slot) {
    case Slot::Plate: vehicle_->plate = text; return;
    case Slot::Vin: vehicle_->vin = text; return;
    case Slot::Fipe: vehicle_->fipe = text; return;
    case Slot::Brand: vehicle_->brand = text; return;
    case Slot::Model: vehicle_->model = text; return;
    case Slot::Version: vehicle_->version = text; return;
    case Slot::Color: vehicle_->color = text; return;
    case Slot::AdId: vehicle_->adId = text; return;
    case Slot::StockId: vehicle_->stockId = text; return;
    case Slot::VehicleText: vehicle_->text = text; return;
    default: return;
    }
}

} // namespace trevo::canonical
