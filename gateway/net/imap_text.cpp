#include "net/imap_text.hpp"

#include "base/hash.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace trevo::net {

namespace {

// The code point at the front of well-formed UTF-8, which is taken off.
char32_t takePoint(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length && i < text.size(); ++i)
        point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
    text.remove_prefix(std::min(length, text.size()));
    return point;
}

void addUnit(std::string& bytes, char32_t unit) {
    bytes += static_cast<char>(unit >> 8 & 0xFF);
    bytes += static_cast<char>(unit & 0xFF);
}

template <class Number>
std::optional<Number> numberAfter(std::string_view line, std::string_view word) {
    for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
        if (at > 0 && line[at - 1] != '(' && line[at - 1] != ' ') continue;
        const auto rest = line.substr(at + word.size());
        Number number = 0;
        if (std::from_chars(rest.data(), rest.data() + rest.size(), number).ec == std::errc()) return number;
    }
    return std::nullopt;
}

} // namespace

std::string imapFolder(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        if (name.front() >= 0x20 && name.front() < 0x7F) {
            out += name.front();
            if (name.front() == '&') out += '-';
            name.remove_prefix(1);
            continue;
        }
        std::string units;
        while (!name.empty() && (name.front() < 0x20 || name.front() >= 0x7F)) {
            const char32_t point = takePoint(name);
            if (point < 0x10000) {
                addUnit(units, point);
            } else {
                addUnit(units, 0xD800 + ((point - 0x10000) >> 10));
                addUnit(units, 0xDC00 + ((point - 0x10000) & 0x3FF));
            }
        }
        out += '&';
        for (const char c : base64(units)) {
            if (c != '=') out += c == '/' ? ',' : c;
        }
        out += '-';
    }
    return out;
}

std::string imapQuoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) continue;
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::optional<ImapEntry> readImapEntry(std::string_view line) {
    if (!line.starts_with("* ")) return std::nullopt;
    const auto open = line.find(" FETCH (");
    if (open == std::string_view::npos || open > 16) return std::nullopt;
    line.remove_prefix(open + 7);
    const auto uid = numberAfter<std::uint32_t>(line, "UID ");
    if (!uid || *uid == 0) return std::nullopt;
    return ImapEntry{*uid, numberAfter<std::int64_t>(line, "RFC822.SIZE ").value_or(-1),
                     line.find("\\Seen") != std::string_view::npos};
}

std::uint32_t imapExists(std::string_view answer) {
    std::uint32_t count = 0;
    while (!answer.empty()) {
        auto line = answer.substr(0, answer.find('\n'));
        answer.remove_prefix(std::min(answer.size(), line.size() + 1));
        if (!line.starts_with("* ")) continue;
        line.remove_prefix(2);
        std::uint32_t number = 0;
        const auto read = std::from_chars(line.data(), line.data() + line.size(), number);
        const auto behind = line.substr(static_cast<std::size_t>(read.ptr - line.data()));
        if (read.ec == std::errc() && behind.starts_with(" EXISTS")) count = number;
    }
    return count;
}

std::string imapSet(const std::vector<std::uint32_t>& ascending) {
    std::string out;
    for (std::size_t i = 0; i < ascending.size();) {
        std::size_t end = i + 1;
        while (end < ascending.size() && ascending[end] == ascending[end - 1] + 1)
            ++end;
        if (!out.empty()) out += ',';
        out += std::to_string(ascending[i]);
        if (end - i > 1) out += ':' + std::to_string(ascending[end - 1]);
        i = end;
    }
    return out;
}

} // namespace trevo::net
