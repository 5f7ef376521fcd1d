#include "mapping/readers.hpp"

#include "base/utf8.hpp"
#include "formats/html_text.hpp"
#include "formats/mail.hpp"
#include "identity/date.hpp"
#include "identity/money.hpp"
#include "identity/number.hpp"

#include <algorithm>
#include <array>

namespace trevo::mapping {

namespace {

using identity::DateFormat;

bool digit(char c) {
    return c >= '0' && c <= '9';
}

bool anyDigit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), digit);
}

bool accept(Type type, std::string text, Reading& out) {
    out.type = type;
    out.buffer = std::move(text);
    out.text = out.buffer;
    return true;
}

bool asText(const Value& in, const ReadOptions&, Reading& out) {
    out.type = Type::Text;
    out.text = in.text;
    return true;
}

bool withDigits(const Value& in, const ReadOptions& options, Reading& out) {
    return anyDigit(in.text) && asText(in, options, out);
}

// A document that came as a number has lost its leading zeros.
template <std::size_t Length>
bool padded(const Value& in, const ReadOptions& options, Reading& out) {
    if (in.type == Type::Number && in.text.size() < Length &&
        std::all_of(in.text.begin(), in.text.end(), digit))
        return accept(Type::Text, std::string(Length - in.text.size(), '0') + std::string(in.text), out);
    return withDigits(in, options, out);
}

bool asEmail(const Value& in, const ReadOptions& options, Reading& out) {
    return in.text.find('@') != std::string_view::npos && asText(in, options, out);
}

template <identity::NumberFormat Format>
bool asInteger(const Value& in, const ReadOptions&, Reading& out) {
    const auto reading = identity::readInteger(in.text, Format);
    return reading.valid && accept(Type::Number, std::to_string(reading.value), out);
}

template <identity::MoneyFormat Format>
bool asMoney(const Value& in, const ReadOptions&, Reading& out) {
    const auto reading = identity::readMoney(in.text, Format);
    return reading.valid && accept(Type::Number, identity::formatDecimal(reading.cents), out);
}

// A JSON number means itself, whatever marks the sender's texts have.
bool asMoneyBr(const Value& in, const ReadOptions& options, Reading& out) {
    return in.type == Type::Number ? asMoney<identity::MoneyFormat::Decimal>(in, options, out)
                                   : asMoney<identity::MoneyFormat::Brazilian>(in, options, out);
}

bool asIntegerBr(const Value& in, const ReadOptions& options, Reading& out) {
    return in.type == Type::Number ? asInteger<identity::NumberFormat::Plain>(in, options, out)
                                   : asInteger<identity::NumberFormat::Brazilian>(in, options, out);
}

bool asMoneyReais(const Value& in, const ReadOptions&, Reading& out) {
    const auto reading = identity::readInteger(in.text, identity::NumberFormat::Plain);
    constexpr std::int64_t kLimit = 10'000'000'000'000;
    if (!reading.valid || reading.value > kLimit || reading.value < -kLimit) return false;
    return accept(Type::Number, std::to_string(reading.value) + ".00", out);
}

template <bool Build>
bool asYearOfPair(const Value& in, const ReadOptions&, Reading& out) {
    const auto reading = identity::readYearPair(in.text);
    const int year = Build ? reading.build : reading.model;
    return reading.valid && year > 0 && accept(Type::Number, std::to_string(year), out);
}

bool asYear(const Value& in, const ReadOptions&, Reading& out) {
    if (in.text.size() != 4) return false;
    const auto reading = identity::readInteger(in.text, identity::NumberFormat::Plain);
    return reading.valid && reading.value >= 1900 && reading.value <= 2100 &&
           accept(Type::Number, std::to_string(reading.value), out);
}

bool asBoolean(const Value& in, const ReadOptions&, Reading& out) {
    static constexpr std::array<std::string_view, 14> kYes = {
        "true",       "1",      "sim", "s",  "yes",      "y",       "on",
        "verdadeiro", "aceito", "x",   "ok", "concordo", "checked", "t"};
    static constexpr std::array<std::string_view, 9> kNo = {"false", "0",     "nao",    "n", "no",
                                                            "off",   "falso", "recuso", "f"};
    const std::string word = foldKey(in.text);
    const bool yes = std::find(kYes.begin(), kYes.end(), word) != kYes.end();
    if (!yes && std::find(kNo.begin(), kNo.end(), word) == kNo.end()) return false;
    out.type = Type::Boolean;
    out.text = yes ? "true" : "false";
    return true;
}

// Whether an ISO time says its offset.
bool namesZone(std::string_view text) {
    if (text.size() <= 10) return false;
    if (text.back() == 'Z' || text.back() == 'z') return true;
    return text.find_first_of("+-", 10) != std::string_view::npos;
}

// "2026-11-21T8:47:50" and "…-08:0": a missing zero is put back; an offset that is no offset is cut, so that
// the time is read as a local one.
std::string repairedIso(std::string_view text) {
    std::string out(text);
    if (out.size() > 12 && (out[10] == 'T' || out[10] == ' ') && digit(out[11]) && out[12] == ':')
        out.insert(11, "0");
    if (out.size() > 10) {
        const auto sign = out.find_first_of("+-", 10);
        if (sign != std::string::npos) {
            const auto offset = std::string_view(out).substr(sign + 1);
            const auto digits = std::count_if(offset.begin(), offset.end(), digit);
            const bool sound = (offset.size() == 5 && offset[2] == ':' && digits == 4) ||
                               ((offset.size() == 4 || offset.size() == 2) &&
                                static_cast<std::size_t>(digits) == offset.size());
            if (!sound) out.resize(sign);
        }
    }
    return out;
}

std::string twoDigits(int value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

// The local time `at` (read as if it were UTC), with the zone's offset when a zone is known.
std::string localText(UtcTime at, const std::string& zone) {
    std::string text = formatRfc3339(at);
    text.pop_back(); // 'Z'
    if (zone.empty()) return text;
    const int offset = zoneOffsetSeconds(zone, toCivil(at, 0)).value_or(0);
    const int minutes = std::abs(offset) / 60;
    return text + (offset < 0 ? '-' : '+') + twoDigits(minutes / 60) + ':' + twoDigits(minutes % 60);
}

bool readTime(std::string_view text, TimeFormat format, const std::string& zone, Reading& out) {
    switch (format) {
    case TimeFormat::IsoLoose: {
        const std::string repaired = repairedIso(text);
        // The buffer is taken only by what the reader below accepts.
        Reading inner;
        if (!readTime(repaired, TimeFormat::Iso, zone, inner)) return false;
        return accept(Type::Text, std::string(inner.text), out);
    }
    case TimeFormat::Iso: {
        const auto reading = identity::readDateTime(text, DateFormat::Iso, "UTC");
        if (!reading.valid) return false;
        if (!namesZone(text)) return accept(Type::Text, localText(reading.at, zone), out);
        out.type = Type::Text;
        out.text = text;
        return true;
    }
    case TimeFormat::Brazilian:
    case TimeFormat::Compact:
    case TimeFormat::Excel: {
        const auto local = format == TimeFormat::Brazilian ? DateFormat::Brazilian
                           : format == TimeFormat::Compact ? DateFormat::Compact
                                                           : DateFormat::ExcelSerial;
        const auto reading = identity::readDateTime(text, local, "UTC");
        return reading.valid && accept(Type::Text, localText(reading.at, zone), out);
    }
    case TimeFormat::EpochSeconds:
    case TimeFormat::EpochMillis: {
        const auto epoch =
            format == TimeFormat::EpochSeconds ? DateFormat::EpochSeconds : DateFormat::EpochMillis;
        const auto reading = identity::readDateTime(text, epoch, "UTC");
        return reading.valid && accept(Type::Text, formatRfc3339(reading.at), out);
    }
    case TimeFormat::Mail: {
        const auto time = formats::readMailDate(text);
        return time && accept(Type::Text, formatRfc3339(*time), out);
    }
    }
    return false;
}

template <class Try>
bool anyFormat(const ReadOptions& options, Try attempt) {
    if (options.formats.empty()) return attempt(TimeFormat::Iso);
    return std::any_of(options.formats.begin(), options.formats.end(), attempt);
}

bool asDateTime(const Value& in, const ReadOptions& options, Reading& out) {
    return anyFormat(options,
                     [&](TimeFormat format) { return readTime(in.text, format, options.zone, out); });
}

bool asDate(const Value& in, const ReadOptions& options, Reading& out) {
    return anyFormat(options, [&](TimeFormat format) {
        switch (format) {
        case TimeFormat::EpochSeconds:
        case TimeFormat::EpochMillis:
        case TimeFormat::Mail:
            if (!readTime(in.text, format, {}, out)) return false;
            return accept(Type::Text, std::string(out.text.substr(0, 10)), out);
        case TimeFormat::Iso:
        case TimeFormat::IsoLoose:
        case TimeFormat::Brazilian:
        case TimeFormat::Compact:
        case TimeFormat::Excel: break;
        }
        const auto known = format == TimeFormat::Brazilian ? DateFormat::Brazilian
                           : format == TimeFormat::Compact ? DateFormat::Compact
                           : format == TimeFormat::Excel   ? DateFormat::ExcelSerial
                                                           : DateFormat::Iso;
        auto reading = identity::readDate(in.text, known);
        return reading.valid && accept(Type::Text, std::move(reading.normalised), out);
    });
}

bool asHtmlText(const Value& in, const ReadOptions&, Reading& out) {
    std::string plain = formats::htmlToText(in.text, formats::LineEnds::Kept);
    return !plain.empty() && accept(Type::Text, std::move(plain), out);
}

using identity::MoneyFormat;
using identity::NumberFormat;

constexpr Reader kReaders[] = {
    {"text", asText, "a text"},
    {"html_text", asHtmlText, "a text with or without HTML tags"},
    {"cpf", padded<11>, "a CPF"},
    {"cnpj", padded<14>, "a CNPJ"},
    {"document", withDigits, "a CPF or CNPJ"},
    {"phone", withDigits, "a phone number"},
    {"email", asEmail, "an e-mail address"},
    {"plate", asText, "a licence plate"},
    {"vin", asText, "a chassis number"},
    {"integer", asInteger<NumberFormat::Plain>, "a whole number such as 31000"},
    {"integer_br", asIntegerBr, "a whole number such as 31.000"},
    {"money", asMoney<MoneyFormat::Decimal>, "an amount such as 68500.00"},
    {"money_br", asMoneyBr, "an amount such as R$ 68.500,00"},
    {"money_cents", asMoney<MoneyFormat::Cents>, "an amount in cents, digits only"},
    {"money_reais", asMoneyReais, "an amount in whole reais, digits only"},
    {"datetime", asDateTime, "a time in one of the formats of the mapping", true, true},
    {"date", asDate, "a date in one of the formats of the mapping", true},
    {"year", asYear, "a year of four digits"},
    {"build_year", asYearOfPair<true>, "years such as 2021/2022"},
    {"model_year", asYearOfPair<false>, "years such as 2021/2022"},
    {"boolean", asBoolean, "yes or no"},
};

struct NamedFormat {
    std::string_view name;
    TimeFormat format;
};
constexpr NamedFormat kFormats[] = {
    {"iso", TimeFormat::Iso},
    {"iso_loose", TimeFormat::IsoLoose},
    {"br", TimeFormat::Brazilian},
    {"yyyyMMdd", TimeFormat::Compact},
    {"epoch_s", TimeFormat::EpochSeconds},
    {"epoch_ms", TimeFormat::EpochMillis},
    {"excel", TimeFormat::Excel},
    {"rfc2822", TimeFormat::Mail},
};

template <class Table>
std::vector<std::string> namesOf(const Table& table) {
    std::vector<std::string> names;
    for (const auto& entry : table)
        names.emplace_back(entry.name);
    return names;
}

} // namespace

const Reader* findReader(std::string_view name) {
    for (const Reader& reader : kReaders) {
        if (reader.name == name) return &reader;
    }
    return nullptr;
}

std::span<const std::string> readerNames() {
    static const auto names = namesOf(kReaders);
    return names;
}

const TimeFormat* findTimeFormat(std::string_view name) {
    for (const NamedFormat& known : kFormats) {
        if (known.name == name) return &known.format;
    }
    return nullptr;
}

std::span<const std::string> timeFormatNames() {
    static const auto names = namesOf(kFormats);
    return names;
}

} // namespace trevo::mapping
