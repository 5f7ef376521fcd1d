// Short aligned tables for people, and the little that JSON values need to become text.
#pragma once

#include "cli/command.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::cli {

class Table {
  public:
    explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}
    void row(std::vector<std::string> cells); // as many as headings
    void print(std::ostream& out) const;      // nothing at all without rows

  private:
    std::vector<std::string> headings_;
    std::vector<std::vector<std::string>> rows_;
};

nlohmann::json parsed(const std::string& body); // throws Failure when it is not JSON

// The value at a JSON Pointer as text: "" when absent or null, JSON text for objects and lists.
std::string textAt(const nlohmann::json& value, const std::string& pointer);
std::string shortTime(const std::string& rfc3339); // "2026-11-22 10:00:00Z"
std::string plain(std::string_view text);          // control characters become blanks: safe on a terminal
std::string pretty(const nlohmann::json& value);

std::string joined(const nlohmann::json& list); // texts, with commas

// The language of who reads the answer: --lang, else that of the environment. What --json prints is for
// programs, and in English.
bool inPortuguese(const Context& context);
// Of two wordings the one in that language; "{0}", "{1}" … stand for the values.
std::string phrase(const Context& context, std::string_view english, std::string_view portuguese,
                   const std::vector<std::string>& values = {});

// With --json the answer as it came, else `sentence` of it.
int say(Context& context, const std::string& body,
        const std::function<std::string(const nlohmann::json&)>& sentence);

std::string bold(const Context& context, const std::string& text);

} // namespace trevo::cli
