#include "identity/name.hpp"

#include "base/utf8.hpp"
#include "identity/name_key.hpp"
#include "identity/text.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <optional>

namespace trevo::identity {

namespace {

constexpr std::array<std::string_view, 34> kNoNames = {"CLIENTE",
                                                       "CLIENTE SEM NOME",
                                                       "SEM NOME",
                                                       "NAO INFORMADO",
                                                       "NAO INFORMADA",
                                                       "NAO INFORMOU",
                                                       "NAO IDENTIFICADO",
                                                       "NAO CONSTA",
                                                       "NAO TEM",
                                                       "DESCONHECIDO",
                                                       "ANONIMO",
                                                       "TESTE",
                                                       "TEST",
                                                       "TESTE TESTE",
                                                       "WHATSAPP",
                                                       "WHATSAPP WEB",
                                                       "FACEBOOK",
                                                       "INSTAGRAM",
                                                       "NULL",
                                                       "UNDEFINED",
                                                       "NONE",
                                                       "N A",
                                                       "N/A",
                                                       "NOME",
                                                       "NOME COMPLETO",
                                                       "SEU NOME",
                                                       "CONSUMIDOR",
                                                       "CONSUMIDOR FINAL",
                                                       "USUARIO",
                                                       "VISITANTE",
                                                       "LEAD",
                                                       "CONTATO",
                                                       "ASDF",
                                                       "UNKNOWN"};
// "Cliente OLX", "Lead Webmotors", "Usuario do Facebook": a role, then where it came from.
constexpr std::array<std::string_view, 7> kRoles = {"CLIENTE",   "LEAD",      "CONTATO",    "USUARIO",
                                                    "VISITANTE", "COMPRADOR", "INTERESSADO"};
constexpr std::array<std::string_view, 15> kOrigins = {
    "OLX",  "WEBMOTORS", "ICARROS", "WHATSAPP", "FACEBOOK", "INSTAGRAM", "SITE",  "MERCADOLIVRE",
    "META", "GOOGLE",    "NOVO",    "TESTE",    "PORTAL",   "TELEFONE",  "BALCAO"};
constexpr std::array<std::string_view, 8> kTitles = {"SR",  "SRA",   "SRTA",  "DR",
                                                     "DRA", "SR(A)", "SR(A)", "SRS"};
// Kept in capitals in the display form.
constexpr std::array<std::string_view, 9> kCapitals = {"LTDA", "S/A",    "S.A.", "SA", "ME",
                                                       "EPP",  "EIRELI", "MEI",  "S/S"};

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void append(std::string& out, UChar32 code) {
    std::array<std::uint8_t, 4> bytes;
    std::int32_t length = 0;
    UBool failed = false;
    U8_APPEND(bytes.data(), length, static_cast<std::int32_t>(bytes.size()), code, failed);
    if (!failed) out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

// The byte that Windows-1252 (and Latin-1 where that has none) would have shown as this character.
std::optional<char> latinByte(UChar32 code) {
    static constexpr std::array<UChar32, 32> kHigh = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    if (code >= 0 && code <= 0xFF) return static_cast<char>(code);
    const auto at = std::find(kHigh.begin(), kHigh.end(), code);
    if (at == kHigh.end()) return std::nullopt;
    return static_cast<char>(0x80 + (at - kHigh.begin()));
}

std::optional<std::string> unmade(std::string_view text) {
    std::string bytes;
    const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t i = 0; i < size;) {
        UChar32 code = 0;
        U8_NEXT(data, i, size, code);
        const auto byte = code < 0 ? std::nullopt : latinByte(code);
        if (!byte) return std::nullopt;
        bytes += *byte;
    }
    if (isAscii(bytes) || !isUtf8(bytes)) return std::nullopt;
    return bytes;
}

// One blank between words, none around; control and invisible characters are blanks or nothing.
std::string collapsed(std::string_view text) {
    std::string out;
    bool gap = false;
    const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t i = 0; i < size;) {
        UChar32 code = 0;
        U8_NEXT(data, i, size, code);
        if (code == 0xFEFF || code == 0xAD || (code >= 0x200B && code <= 0x200F) ||
            (code >= 0x202A && code <= 0x202E))
            continue;
        if (code <= 0x20 || (code >= 0x7F && code <= 0xA0) || (code > 0xA0 && u_isUWhiteSpace(code))) {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        append(out, code);
    }
    return out;
}

// Title case of one word; each part after a hyphen or an apostrophe begins anew. "McDonald" stays as it is.
std::string titled(std::string_view word) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(word.data());
    const auto size = static_cast<std::int32_t>(word.size());
    bool lowerSeen = false;
    bool mixed = false;
    for (std::int32_t i = 0; i < size;) {
        UChar32 code = 0;
        U8_NEXT(data, i, size, code);
        if (u_islower(code))
            lowerSeen = true;
        else if (u_isupper(code) && lowerSeen)
            mixed = true;
        else if (!u_isalpha(code))
            lowerSeen = false;
    }
    if (mixed) return std::string(word);
    std::string out;
    bool first = true;
    for (std::int32_t i = 0; i < size;) {
        UChar32 code = 0;
        U8_NEXT(data, i, size, code);
        append(out, first ? u_totitle(code) : u_tolower(code));
        first = code == '-' || code == '\'' || code == 0x2019 || code == '.' || code == '(' || code == '/';
    }
    return out;
}

bool isTitle(std::string_view word) {
    std::string upper = folded(word);
    if (!upper.empty() && upper.back() == '.') upper.pop_back();
    return among(kTitles, upper);
}

// "Souza, Maria" -> "Maria Souza"; "Maria Souza, Filho" only loses its comma.
std::string inReadingOrder(std::string text) {
    const auto comma = text.find(',');
    if (comma == std::string::npos || text.find(',', comma + 1) != std::string::npos) return text;
    const std::string left(trimAscii(std::string_view(text).substr(0, comma)));
    const std::string right(trimAscii(std::string_view(text).substr(comma + 1)));
    if (left.empty() || right.empty()) return left + right;
    if (std::any_of(text.begin(), text.end(), isDigit)) return text;
    const std::vector<std::string> words = nameWords(right);
    std::vector<std::string> joined = nameWords(left);
    joined.insert(joined.end(), words.begin(), words.end());
    const bool appendix = words.size() == 1 && (!nameSuffix(words.front()).empty() || isCompany(joined));
    return appendix ? left + ' ' + right : right + ' ' + left;
}

std::string_view noNameReason(std::string_view text) {
    if (text.find('@') != std::string_view::npos) return "name_email";
    const std::vector<std::string> words = nameWords(text);
    std::string joined;
    bool letters = false;
    for (const std::string& word : words) {
        if (!joined.empty()) joined += ' ';
        joined += word;
        letters = letters || !std::all_of(word.begin(), word.end(),
                                          [](char c) { return isDigit(c) || c == '&' || c == '/'; });
    }
    if (!letters) return "name_no_letters";
    if (among(kNoNames, joined) || allEqual(joined)) return "name_placeholder";
    if (among(kRoles, words.front()) && words.size() <= 4) {
        const auto tells = [](const std::string& word) {
            return among(kOrigins, word) || isNameParticle(word) || among(kRoles, word) || allDigits(word);
        };
        if (std::all_of(words.begin() + 1, words.end(), tells)) return "name_placeholder";
    }
    return {};
}

// Titles are dropped only ahead of a name; a title alone is kept.
std::string_view withoutTitles(std::string_view text) {
    while (true) {
        const auto blank = text.find(' ');
        if (blank == std::string_view::npos || !isTitle(text.substr(0, blank))) return text;
        text.remove_prefix(blank + 1);
    }
}

std::string displayed(std::string_view text, bool company) {
    std::string out;
    while (!text.empty()) {
        const auto blank = text.find(' ');
        const std::string_view word = text.substr(0, blank);
        text = blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
        if (!out.empty()) out += ' ';
        const std::string upper = isAscii(word) ? folded(word) : std::string();
        if (company && (among(kCapitals, upper)))
            out += upper;
        else if (out.size() > 1 && isNameParticle(upper))
            out += lowerAscii(word);
        else
            out += titled(word);
    }
    return out;
}

} // namespace

std::string repairedMojibake(std::string_view text) {
    std::string best(text);
    // Each repair makes the text shorter, so this ends.
    while (!isAscii(best)) {
        auto shorter = unmade(best);
        if (!shorter) break;
        best = std::move(*shorter);
    }
    return best;
}

NameReading readName(std::string_view raw) {
    NameReading reading;
    const std::string utf8 = isAscii(raw) ? std::string(raw) : repairedMojibake(guessUtf8(raw));
    const std::string ordered = inReadingOrder(composed(collapsed(utf8)));
    const std::string_view text = withoutTitles(ordered);
    if (text.empty()) {
        reading.why = "name_empty";
        return reading;
    }
    reading.why = noNameReason(text);
    if (!reading.why.empty()) return reading;
    reading.company = nameKey(text).company;
    reading.normalised = displayed(text, reading.company);
    reading.valid = true;
    return reading;
}

} // namespace trevo::identity
