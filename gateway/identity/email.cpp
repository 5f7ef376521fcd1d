#include "identity/email.hpp"

#include "base/utf8.hpp"
#include "identity/text.hpp"

#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace trevo::identity {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 34> kDomainTypos = {{
    {"gmial.com", "gmail.com"},      {"gmai.com", "gmail.com"},       {"gamil.com", "gmail.com"},
    {"gmal.com", "gmail.com"},       {"gmaill.com", "gmail.com"},     {"gmil.com", "gmail.com"},
    {"gnail.com", "gmail.com"},      {"gmail.com.br", "gmail.com"},   {"gmail.co", "gmail.com"},
    {"gmail.cm", "gmail.com"},       {"gmail.br", "gmail.com"},       {"gmeil.com", "gmail.com"},
    {"gemail.com", "gmail.com"},     {"ggmail.com", "gmail.com"},     {"hotmial.com", "hotmail.com"},
    {"hotmal.com", "hotmail.com"},   {"hotmai.com", "hotmail.com"},   {"hotmil.com", "hotmail.com"},
    {"hotamil.com", "hotmail.com"},  {"hotmaill.com", "hotmail.com"}, {"hormail.com", "hotmail.com"},
    {"hotmail.co", "hotmail.com"},   {"hotmail.cm", "hotmail.com"},   {"homail.com", "hotmail.com"},
    {"outlok.com", "outlook.com"},   {"outloo.com", "outlook.com"},   {"outlook.co", "outlook.com"},
    {"otlook.com", "outlook.com"},   {"yaho.com", "yahoo.com"},       {"yahooo.com", "yahoo.com"},
    {"yahoo.com.b", "yahoo.com.br"}, {"iclod.com", "icloud.com"},     {"icloud.co", "icloud.com"},
    {"icloud.com.br", "icloud.com"},
}};
constexpr std::array<Pair, 9> kEndTypos = {{
    {".con", ".com"},
    {".comm", ".com"},
    {".cpm", ".com"},
    {".vom", ".com"},
    {".xom", ".com"},
    {".con.br", ".com.br"},
    {".com.be", ".com.br"},
    {".com.bt", ".com.br"},
    {".com.brr", ".com.br"},
}};

// Compared with dots, hyphens and underscores left out of the local part.
constexpr std::array<std::string_view, 22> kPlaceholderLocals = {
    "nao",       "naotem",  "naotenho",       "naopossui",   "naoinformado", "naoinformou",
    "naoconsta", "naoquis", "sememail",       "semmail",     "sem",          "teste",
    "test",      "xxx",     "xxxx",           "aaa",         "asdf",         "naoteminformado",
    "nt",        "fulano",  "naopossuiemail", "naotememail",
};
// Placeholders only together with a domain that says the same.
constexpr std::array<std::string_view, 6> kEchoLocals = {"email", "a", "x", "cliente", "exemplo", "example"};
constexpr std::array<std::string_view, 10> kNoReplyLocals = {
    "noreply",    "donotreply",   "naoresponda",     "naoresponder", "nao-responda",
    "postmaster", "mailerdaemon", "naorespondaeste", "noresponder",  "norespond"};
// A domain label that holds one of these belongs to a service that stands between the two parties.
constexpr std::array<std::string_view, 7> kRelayMarks = {"relay",   "masked",     "anonym",  "proxymail",
                                                         "noreply", "users-mask", "mailmask"};
constexpr std::array<std::string_view, 8> kRelayDomains = {"chat.olx.com.br",
                                                           "contato.olx.com.br",
                                                           "mail.mercadolibre.com",
                                                           "mail.mercadolivre.com",
                                                           "mail.mercadolivre.com.br",
                                                           "mozmail.com",
                                                           "duck.com",
                                                           "reply.facebook.com"};

bool isAtext(char c) {
    return isAsciiLetter(c) || isDigit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool isLocal(std::string_view local) {
    if (local.empty() || local.size() > 64 || local.front() == '.' || local.back() == '.') return false;
    for (std::size_t i = 0; i < local.size(); ++i) {
        if (local[i] == '.' ? local[i - 1] == '.' : !isAtext(local[i])) return false;
    }
    return true;
}

bool isDomain(std::string_view domain) {
    if (domain.size() > 253) return false;
    std::size_t labels = 0;
    std::string_view last;
    while (true) {
        const auto dot = domain.find('.');
        const std::string_view label = domain.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        if (!std::all_of(label.begin(), label.end(),
                         [](char c) { return isAsciiLetter(c) || isDigit(c) || c == '-'; }))
            return false;
        ++labels;
        last = label;
        if (dot == std::string_view::npos) break;
        domain.remove_prefix(dot + 1);
    }
    return labels >= 2 && last.size() >= 2 && !isDigit(last.front());
}

std::string asciiDomain(std::string_view domain) {
    if (isAscii(domain)) return lowerAscii(domain);
    static const std::unique_ptr<UIDNA, void (*)(UIDNA*)> idna = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<UIDNA, void (*)(UIDNA*)>(
            uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI, &status), &uidna_close);
    }();
    if (!idna || domain.size() > 253) return {};
    std::array<char, 512> out;
    UErrorCode status = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    const std::int32_t length =
        uidna_nameToASCII_UTF8(idna.get(), domain.data(), static_cast<std::int32_t>(domain.size()),
                               out.data(), static_cast<std::int32_t>(out.size()), &info, &status);
    if (U_FAILURE(status) || info.errors != 0 || length > static_cast<std::int32_t>(out.size())) return {};
    return lowerAscii(std::string_view(out.data(), static_cast<std::size_t>(length)));
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool endsWith(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string_view standsForNobody(std::string_view local, std::string_view domain) {
    std::string bare;
    for (const char c : local) {
        if (c != '.' && c != '-' && c != '_') bare += c;
    }
    const std::string_view firstLabel = domain.substr(0, domain.find('.'));
    if (among(kNoReplyLocals, bare)) return "email_no_reply";
    if (among(kPlaceholderLocals, bare)) return "email_placeholder";
    if (bare == firstLabel && (among(kEchoLocals, bare) || allEqual(bare))) return "email_placeholder";
    for (const std::string_view start : {"nao", "sem"}) { // naotem@tem.com, sem@sememail.com
        if (bare.rfind(start, 0) == 0 &&
            (firstLabel == "tem" || firstLabel == "email" || firstLabel == "sememail" ||
             firstLabel == "naotem" || firstLabel == "possui"))
            return "email_placeholder";
    }
    if (firstLabel == "teste" || firstLabel == "test" || firstLabel == "naotem" || firstLabel == "sememail")
        return "email_placeholder";
    for (const std::string_view relay : kRelayDomains) {
        if (domain == relay || (endsWith(domain, relay) && domain[domain.size() - relay.size() - 1] == '.'))
            return "email_relay";
    }
    for (const std::string_view mark : kRelayMarks) {
        if (domain.find(mark) != std::string_view::npos) return "email_relay";
    }
    return {};
}

std::string suggestedDomain(std::string_view domain) {
    for (const auto& [typo, meant] : kDomainTypos) {
        if (domain == typo) return std::string(meant);
    }
    for (const auto& [typo, meant] : kEndTypos) {
        if (!endsWith(domain, typo)) continue;
        std::string fixed = std::string(domain.substr(0, domain.size() - typo.size())).append(meant);
        for (const auto& [wrong, right] : kDomainTypos) {
            if (fixed == wrong) return std::string(right);
        }
        return fixed;
    }
    return {};
}

} // namespace

EmailReading readEmail(std::string_view raw) {
    EmailReading reading;
    reading.raw = raw;
    if (raw.size() > 1000) {
        reading.why = "email_length";
        return reading;
    }
    const std::string text = plain(raw);
    std::string_view address = text;
    if (const auto open = address.find('<'); open != std::string_view::npos) { // Maria <maria@example.com>
        const auto close = address.find('>', open);
        if (close != std::string_view::npos) address = address.substr(open + 1, close - open - 1);
    }
    if (address.size() > 7 && equalsIgnoreCase(address.substr(0, 7), "mailto:")) address.remove_prefix(7);
    address = trimAscii(address);
    while (!address.empty() && std::string_view(".,;:").find(address.back()) != std::string_view::npos)
        address.remove_suffix(1);
    if (address.empty()) {
        reading.why = "email_empty";
        return reading;
    }
    const auto at = address.rfind('@');
    const std::string local =
        at == std::string_view::npos ? std::string() : lowerAscii(address.substr(0, at));
    const std::string domain =
        at == std::string_view::npos ? std::string() : asciiDomain(address.substr(at + 1));
    if (!isLocal(local) || !isDomain(domain)) {
        reading.why = "email_format";
        return reading;
    }
    reading.normalised = local + '@' + domain;
    if (reading.normalised.size() > 254) {
        reading.normalised.clear();
        reading.why = "email_length";
        return reading;
    }
    reading.wellFormed = true;
    reading.why = standsForNobody(local, domain);
    reading.valid = reading.why.empty();
    if (const std::string meant = suggestedDomain(domain); !meant.empty())
        reading.suggestion = local + '@' + meant;
    return reading;
}

std::vector<EmailReading> readEmails(std::string_view raw, std::size_t most) {
    std::vector<EmailReading> readings;
    const auto eachPart = [](std::string_view text, std::string_view marks, auto visit) {
        while (!text.empty()) {
            const auto end = text.find_first_of(marks);
            const std::string_view part = trimAscii(text.substr(0, end));
            text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
            if (!part.empty()) visit(part);
        }
    };
    const auto add = [&](std::string_view part) {
        if (readings.size() < most) readings.push_back(readEmail(part));
    };
    constexpr std::string_view kBlanks = " \t\r\n";
    eachPart(raw, ";,", [&](std::string_view chunk) {
        // A blank separates addresses only; it may also belong to a display name or be a slip within one
        // address.
        bool addresses = true;
        eachPart(chunk, kBlanks, [&](std::string_view part) {
            addresses = addresses && part.find('@') != std::string_view::npos &&
                        part.find('<') == std::string_view::npos;
        });
        if (addresses)
            eachPart(chunk, kBlanks, add);
        else
            add(chunk);
    });
    return readings;
}

std::string emailMatchKey(std::string_view normalised) {
    const auto at = normalised.rfind('@');
    if (at == std::string_view::npos) return {};
    std::string_view domain = normalised.substr(at + 1);
    std::string_view local = normalised.substr(0, at);
    if (const auto plus = local.find('+'); plus != std::string_view::npos && plus > 0)
        local = local.substr(0, plus);
    const bool gmail = domain == "gmail.com" || domain == "googlemail.com";
    std::string key;
    for (const char c : local) {
        if (c != '.' || !gmail) key += c;
    }
    return key + '@' + (gmail ? "gmail.com" : std::string(domain));
}

} // namespace trevo::identity
