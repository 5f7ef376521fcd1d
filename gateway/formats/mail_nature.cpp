// What a mail is, apart from what it says: a machine's answer, a mail seen before.
#include "formats/mail.hpp"

#include "base/hash.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>

namespace trevo::formats {

namespace {

constexpr std::size_t kMostHops = 40; // mail servers give up at 50

bool startsWithAny(std::string_view text, std::initializer_list<std::string_view> starts) {
    return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) {
        return text.size() >= start.size() && equalsIgnoreCase(text.substr(0, start.size()), start);
    });
}

bool isVacationSubject(std::string_view subject) {
    return startsWithAny(
        subject, {"resposta automática", "RESPOSTA AUTOMÁTICA", "resposta automatica", "automatic reply",
                  "auto reply:", "auto-reply", "autoreply", "auto: ", "out of office", "out of the office",
                  "ausência temporária", "ausencia temporaria", "fora do escritório", "fora do escritorio",
                  "ausente do escritório", "ausente do escritorio", "estou de férias", "estou de ferias"});
}

// The head's lines that come from the author's side: their unfolded text, blanks as one.
std::string authored(std::string_view head) {
    static constexpr std::array<std::string_view, 4> kNames = {"message-id", "from", "subject", "date"};
    std::array<std::string, kNames.size()> values;
    std::string* open = nullptr;
    while (!head.empty()) {
        const auto end = head.find('\n');
        const auto line = head.substr(0, end);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
        auto text = line;
        if (!line.starts_with(' ') && !line.starts_with('\t')) {
            open = nullptr;
            const auto colon = line.find(':');
            if (colon == std::string_view::npos) continue;
            const auto name = trimAscii(line.substr(0, colon));
            for (std::size_t i = 0; i < kNames.size(); ++i) {
                if (equalsIgnoreCase(name, kNames[i]) && values[i].empty()) open = &values[i];
            }
            text = line.substr(colon + 1);
        }
        if (!open) continue;
        for (const char c : text) {
            if (c != ' ' && c != '\t' && c != '\r')
                *open += c;
            else if (!open->empty() && open->back() != ' ')
                *open += ' ';
        }
        if (!open->ends_with(' ')) *open += ' ';
    }
    std::string out;
    for (auto& value : values) {
        out += trimAscii(value);
        out += '\0';
    }
    return out;
}

} // namespace

std::optional<Problem> natureOf(const Mail& mail) {
    const MailHeaders& headers = mail.headers;
    const auto is = [](const char* code, const char* field, const char* why) {
        return Problem{code, field, "", why};
    };
    if (headers.count("x-trevo-receipt") > 0)
        return is("mail_loop", "X-Trevo-Receipt", "the gateway wrote this mail itself");
    if (headers.count("received") > kMostHops)
        return is("mail_loop", "Received", "the mail went through more than 40 servers");

    const auto& type = headers.first("content-type");
    if (startsWithAny(type, {"multipart/report"}))
        return is("bounce", "Content-Type", "a report on a mail, not a mail of a person or a portal");
    if (headers.count("return-path") > 0 && trimAscii(headers.first("return-path")) == "<>")
        return is("bounce", "Return-Path", "an empty return path is that of a mail server's own notices");
    if (startsWithAny(headers.first("from"),
                      {"mailer-daemon@", "<mailer-daemon@", "\"mailer-daemon\"", "mailer-daemon "}))
        return is("bounce", "From", "a mail server's own notice");

    if (startsWithAny(headers.first("auto-submitted"), {"auto-replied"}))
        return is("auto_reply", "Auto-Submitted", "an automatic reply");
    for (const char* name : {"x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply"}) {
        if (headers.count(name) > 0 && !equalsIgnoreCase(headers.first(name), "no"))
            return is("auto_reply", name, "an automatic reply");
    }
    if (startsWithAny(headers.first("precedence"), {"auto_reply", "auto-reply"}))
        return is("auto_reply", "Precedence", "an automatic reply");
    if (isVacationSubject(headers.first("subject")))
        return is("auto_reply", "Subject", "the subject is that of an automatic reply");
    return std::nullopt;
}

bool isSender(std::string_view address, const std::vector<std::string>& list) {
    const auto sign = address.rfind('@');
    if (sign == std::string_view::npos || sign == 0) return false;
    const auto domain = address.substr(sign + 1);
    return std::any_of(list.begin(), list.end(), [&](std::string_view one) {
        if (one == "*") return true;
        if (one.find('@') != std::string_view::npos) {
            if (one.starts_with('@'))
                one.remove_prefix(1);
            else
                return equalsIgnoreCase(address, one);
        }
        if (equalsIgnoreCase(domain, one)) return true;
        return !one.empty() && domain.size() > one.size() + 1 &&
               domain[domain.size() - one.size() - 1] == '.' &&
               equalsIgnoreCase(domain.substr(domain.size() - one.size()), one);
    });
}

std::string mailKey(std::string_view bytes) {
    const auto bare = std::min(bytes.find("\n\n"), bytes.find("\n\r\n"));
    const auto headEnd = bare == std::string_view::npos ? bytes.size() : bare + 1;
    std::string text = authored(bytes.substr(0, headEnd));
    auto body = bytes.substr(headEnd);
    while (!body.empty() && (body.back() == '\n' || body.back() == '\r'))
        body.remove_suffix(1);
    text.reserve(text.size() + body.size());
    for (const char c : body) { // transports change line ends
        if (c != '\r') text += c;
    }
    return "mail:" + hex(asView(sha256(text)));
}

} // namespace trevo::formats
