// Structured logging to stderr, one line an event, for journald or a log shipper.
//
// An event has a stable id ("listener.bound"), a sentence that tells an operator what happened or what to do,
// and fields. No field may hold personal data: names, phones, e-mails, documents and bodies never get here.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace trevo::log {

enum class Level { Debug, Info, Warning, Error };
enum class Format { KeyValue, Json };

struct Field {
    Field(std::string_view fieldName, std::string_view text) : name(fieldName), value(text) {}
    Field(std::string_view fieldName, const char* text) : name(fieldName), value(text) {}
    Field(std::string_view fieldName, const std::string& text) : name(fieldName), value(text) {}
    Field(std::string_view fieldName, std::int64_t number) : name(fieldName), value(std::to_string(number)) {}
    Field(std::string_view fieldName, std::uint64_t number)
        : name(fieldName), value(std::to_string(number)) {}
    Field(std::string_view fieldName, int number) : name(fieldName), value(std::to_string(number)) {}

    std::string_view name;
    std::string value;
};

// Set once at start and at a reload. Thread-safe.
void configure(Level least, Format format);

void write(Level level, std::string_view event, std::string_view sentence,
           std::initializer_list<Field> fields = {});

inline void debug(std::string_view event, std::string_view sentence,
                  std::initializer_list<Field> fields = {}) {
    write(Level::Debug, event, sentence, fields);
}
inline void info(std::string_view event, std::string_view sentence,
                 std::initializer_list<Field> fields = {}) {
    write(Level::Info, event, sentence, fields);
}
inline void warning(std::string_view event, std::string_view sentence,
                    std::initializer_list<Field> fields = {}) {
    write(Level::Warning, event, sentence, fields);
}
inline void error(std::string_view event, std::string_view sentence,
                  std::initializer_list<Field> fields = {}) {
    write(Level::Error, event, sentence, fields);
}

// One line without control characters, cut at `maxBytes`; for text from outside that may be logged.
std::string oneLine(std::string_view text, std::size_t maxBytes = 1024);

} // namespace trevo::log
