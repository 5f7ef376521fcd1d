#include "ops/log.hpp"

#include "base/time.hpp"
#include "base/utf8.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <unistd.h>

namespace trevo::log {

namespace {

std::atomic<Level> g_least{Level::Info};
std::atomic<Format> g_format{Format::KeyValue};

constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warning", "error"};
// sd-daemon(3) priorities, which journald takes from the line's start.
constexpr std::array<std::string_view, 4> kPriorities = {"<7>", "<6>", "<4>", "<3>"};

void appendQuoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::array<char, 8> escaped;
            std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(c));
            out += escaped.data();
        } else {
            out += c;
        }
    }
    out += '"';
}

bool isPlain(std::string_view text) {
    if (text.empty()) return false;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '=' || c == '\\') return false;
    }
    return true;
}

std::string keyValueLine(Level level, std::string_view event, std::string_view sentence,
                         std::initializer_list<Field> fields) {
    static const bool journald = ::getenv("JOURNAL_STREAM") != nullptr;
    std::string line(journald ? kPriorities[static_cast<std::size_t>(level)] : std::string_view());
    if (!journald) line += "time=" + formatRfc3339(SystemClock().now()) + ' ';
    line += "level=";
    line += kLevels[static_cast<std::size_t>(level)];
    line += " event=";
    line += event;
    for (const auto& field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        if (isPlain(field.value))
            line += field.value;
        else
            appendQuoted(line, field.value);
    }
    line += " msg=";
    appendQuoted(line, sentence);
    return line;
}

std::string jsonLine(Level level, std::string_view event, std::string_view sentence,
                     std::initializer_list<Field> fields) {
    std::string line = "{\"time\":\"" + formatRfc3339(SystemClock().now()) + "\",\"level\":\"";
    line += kLevels[static_cast<std::size_t>(level)];
    line += "\",\"event\":";
    appendQuoted(line, event);
    line += ",\"msg\":";
    appendQuoted(line, sentence);
    for (const auto& field : fields) {
        line += ',';
        appendQuoted(line, field.name);
        line += ':';
        appendQuoted(line, field.value);
    }
    return line + '}';
}

} // namespace

void configure(Level least, Format format) {
    g_least = least;
    g_format = format;
}

void write(Level level, std::string_view event, std::string_view sentence,
           std::initializer_list<Field> fields) {
    if (level < g_least.load(std::memory_order_relaxed)) return;
    std::string line = g_format.load(std::memory_order_relaxed) == Format::Json
                           ? jsonLine(level, event, sentence, fields)
                           : keyValueLine(level, event, sentence, fields);
    line += '\n';
    // One write a line keeps lines of several threads whole. A log that can not be written must not stop the
    // gateway.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

std::string oneLine(std::string_view text, std::size_t maxBytes) {
    std::string line = guessUtf8(text.substr(0, maxBytes));
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return line;
}

} // namespace trevo::log
