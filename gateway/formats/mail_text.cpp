#include "formats/mail_text.hpp"

#include "base/hash.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace trevo::formats {

namespace {

constexpr std::string_view kLatin[] = {"iso-8859-1", "iso8859-1",    "latin1", "latin-1",       "us-ascii",
                                       "ascii",      "windows-1252", "cp1252", "ansi_x3.4-1968"};

bool isCharsetName(std::string_view name) {
    return name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                      c == ':';
           });
}

std::string toText(std::string_view bytes, const std::string& charset) {
    if (bytes.starts_with("\xEF\xBB\xBF")) return guessUtf8(bytes.substr(3));
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        if (auto text = toUtf8(bytes, "utf-16")) return std::move(*text);
    }
    const bool latin = std::find(std::begin(kLatin), std::end(kLatin), charset) != std::end(kLatin);
    if (!charset.empty() && !latin && isCharsetName(charset)) {
        if (auto text = toUtf8(bytes, charset)) return std::move(*text);
    }
    return guessUtf8(bytes); // who declares Latin-1 means Windows-1252, or writes UTF-8 all the same
}

struct EncodedWord {
    std::string charset, bytes;
    std::size_t length = 0; // 0: no encoded word
};

// "=?utf-8?Q?Jo=C3=A3o?=" at the front of the text.
EncodedWord encodedWord(std::string_view text) {
    EncodedWord word;
    text = text.substr(0, 2'000); // a word has at most 75 letters; senders write more
    const auto charsetEnd = text.find('?', 2);
    if (charsetEnd == std::string_view::npos || charsetEnd > 60 || charsetEnd + 2 >= text.size()) return word;
    if (text[charsetEnd + 2] != '?') return word;
    const auto end = text.find("?=", charsetEnd + 3);
    if (end == std::string_view::npos) return word;
    const auto payload = text.substr(charsetEnd + 3, end - charsetEnd - 3);
    auto charset = text.substr(2, charsetEnd - 2);
    charset = charset.substr(0, charset.find('*')); // a language may follow
    const char how = static_cast<char>(text[charsetEnd + 1] | 0x20);
    if (how == 'b') {
        auto bytes = fromBase64(payload);
        if (!bytes) return word;
        word.bytes = std::move(*bytes);
    } else if (how == 'q') {
        const auto digit = [](char c) {
            return c >= '0' && c <= '9'                     ? c - '0'
                   : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                            : -1;
        };
        for (std::size_t i = 0; i < payload.size(); ++i) {
            if (payload[i] == '=' && i + 2 < payload.size() && digit(payload[i + 1]) >= 0 &&
                digit(payload[i + 2]) >= 0) {
                word.bytes += static_cast<char>(digit(payload[i + 1]) * 16 + digit(payload[i + 2]));
                i += 2;
            } else {
                word.bytes += payload[i] == '_' ? ' ' : payload[i];
            }
        }
    } else {
        return word;
    }
    word.charset = lowerAscii(charset);
    word.length = end + 2;
    return word;
}

// Lower case, without accents, letters and digits only.
std::string folded(std::string_view text) {
    static constexpr std::string_view kPlain =
        "aaaaaaaceeeeiiiidnooooo ouuuuy saaaaaaaceeeeiiiidnooooo ouuuuy y";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out += static_cast<char>(c);
        } else if (c >= 'A' && c <= 'Z') {
            out += static_cast<char>(c | 0x20U);
        } else if (c == 0xC3 && i + 1 < text.size()) {
            const char plain = kPlain[static_cast<unsigned char>(text[++i]) & 0x3FU];
            if (plain != ' ') out += plain;
        }
    }
    return out;
}

bool isMarker(std::string_view line, bool& saysForwarded) {
    static constexpr std::string_view kForwarded[] = {"forwardedmessage", "mensagemencaminhada",
                                                      "beginforwardedmessage", "iniciodamensagemencaminhada",
                                                      "mensagemreencaminhada"};
    static constexpr std::string_view kOriginal[] = {"originalmessage", "mensagemoriginal"};
    if (line.size() > 100) return false;
    const std::string word = folded(line);
    saysForwarded = std::find(std::begin(kForwarded), std::end(kForwarded), word) != std::end(kForwarded);
    return saysForwarded ||
           std::find(std::begin(kOriginal), std::end(kOriginal), word) != std::end(kOriginal);
}

// The header that a line of such a block stands for: "De: Portal <leads@portal.example>".
std::string_view headerOf(std::string_view line, std::string_view& value) {
    static const std::map<std::string, std::string_view, std::less<>> kNames = {
        {"de", "from"},         {"from", "from"},
        {"enviado", "date"},    {"enviadaem", "date"},
        {"enviadoem", "date"},  {"sent", "date"},
        {"data", "date"},       {"date", "date"},
        {"para", "to"},         {"to", "to"},
        {"assunto", "subject"}, {"subject", "subject"},
        {"cc", "cc"},           {"responderpara", "reply-to"},
        {"replyto", "reply-to"}};
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon > 30) return {};
    const auto found = kNames.find(folded(line.substr(0, colon)));
    if (found == kNames.end()) return {};
    value = trimAscii(line.substr(colon + 1));
    while (value.starts_with('*')) // bold, as mail programs write it in plain text
        value = trimAscii(value.substr(1));
    return found->second;
}

std::string_view unquoted(std::string_view line) {
    line = trimAscii(line);
    while (line.starts_with('>'))
        line = trimAscii(line.substr(1));
    return line;
}

struct Quoted {
    MailHeaders headers;
    std::size_t begin = 0, end = 0; // of the block within the text
    bool saysForwarded = false;
};

// The first block that names a sender and something more. It is looked for in the first lines only.
std::optional<Quoted> findQuoted(std::string_view text) {
    constexpr int kLines = 400;
    std::size_t at = 0;
    Quoted block;
    bool marked = false, open = false;
    for (int i = 0; i < kLines && at < text.size(); ++i) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = unquoted(text.substr(at, end - at));
        std::string_view value;
        bool forwarded = false;
        if (const auto name = headerOf(line, value); !name.empty() && (open || marked || name == "from")) {
            if (!open && !marked) block.begin = at;
            open = true;
            if (block.headers.first(name).empty()) block.headers.all.emplace_back(name, value);
            block.end = std::min(end + 1, text.size());
        } else if (isMarker(line, forwarded)) {
            block = {{}, at, std::min(end + 1, text.size()), forwarded};
            marked = true;
            open = false;
        } else if (open && !line.empty()) {
            if (!block.headers.first("from").empty() && block.headers.all.size() >= 3) return block;
            block = {};
            open = marked = false;
        } else if (open && line.empty()) {
            if (!block.headers.first("from").empty() && block.headers.all.size() >= 2) {
                if (block.headers.all.size() >= 3 || marked) return block;
            }
        }
        at = end + 1;
    }
    if (open && !block.headers.first("from").empty() && block.headers.all.size() >= 3) return block;
    return std::nullopt;
}

bool subjectSaysForward(std::string_view subject) {
    const std::string word = folded(subject.substr(0, 12));
    const auto colon = subject.find(':');
    return colon != std::string_view::npos && colon <= 5 &&
           (word.starts_with("fw") || word.starts_with("enc") || word.starts_with("rv"));
}

} // namespace

std::string readableText(std::string_view bytes, const std::string& charset) {
    const std::string text = toText(bytes, charset);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\0') continue;
        if (c != '\r')
            out += c;
        else if (i + 1 == text.size() || text[i + 1] != '\n')
            out += '\n';
    }
    return out;
}

std::string withoutEncodedWords(std::string_view header) {
    std::string out, bytes, charset;
    const auto flush = [&] {
        if (!bytes.empty()) out += readableText(bytes, charset);
        bytes.clear();
    };
    std::size_t gap = 0; // blanks since an encoded word: nothing between two of them
    bool wordBefore = false;
    for (std::size_t i = 0; i < header.size();) {
        const auto word = header.substr(i).starts_with("=?") ? encodedWord(header.substr(i)) : EncodedWord();
        if (word.length > 0) {
            if (word.charset != charset || !wordBefore) flush();
            charset = word.charset;
            bytes += word.bytes;
            i += word.length;
            wordBefore = true;
            gap = 0;
        } else if (wordBefore && header[i] == ' ') {
            ++gap;
            ++i;
        } else {
            flush();
            out.append(gap, ' ');
            gap = 0;
            wordBefore = false;
            out += header[i++];
        }
    }
    flush();
    return out;
}

std::string unflowed(std::string_view text, bool deleteBlank) {
    std::string out;
    out.reserve(text.size());
    std::size_t depthBefore = 0;
    bool goesOn = false;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        std::size_t depth = 0;
        while (depth < line.size() && line[depth] == '>')
            ++depth;
        auto rest = line.substr(depth);
        if (rest.starts_with(' ')) rest.remove_prefix(1); // stuffed
        if (goesOn && depth == depthBefore) {
            if (deleteBlank && out.ends_with(' ')) out.pop_back();
        } else {
            if (!out.empty()) out += '\n';
            out.append(depth, '>');
            if (depth > 0) out += ' ';
        }
        out += rest;
        goesOn = rest.ends_with(' ') && rest != "-- ";
        depthBefore = depth;
    }
    return out;
}

void readQuotedForward(Mail& mail) {
    const bool declared = subjectSaysForward(mail.headers.first("subject"));
    for (MailText& one : mail.texts) {
        const auto quoted = findQuoted(one.text);
        if (!quoted) continue;
        const bool alone = trimAscii(std::string_view(one.text).substr(0, quoted->begin)).empty();
        if (!declared && !alone && !quoted->saysForwarded) continue;
        if (!mail.forwarded) mail.forwarded = quoted->headers;
        one.text.erase(0, quoted->end);
    }
}

} // namespace trevo::formats
