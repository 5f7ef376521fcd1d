// A parsed TOML document in which every value knows where it stands. Configuration, manifests, mappings and
// their tests are read through this and toml::Reader, so that all of them report mistakes alike.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trevo::toml {

struct Place {
    std::string file;
    int line = 0, column = 0; // from 1
};

struct Error {
    Place place;
    std::string key; // dotted path, "integrations.olx.auth.type"
    std::string message;
};
using Errors = std::vector<Error>;

std::string describe(const Error& error);   // "trevo.toml:12:3: integrations.olx: message"
std::string describe(const Errors& errors); // one a line

class Value {
  public:
    using List = std::vector<Value>;
    struct Entry;                     // of its own, for a pair would need a complete Value
    using Table = std::vector<Entry>; // in the order of the file

    std::variant<bool, std::int64_t, double, std::string, List, Table> data;
    Place place;

    const Table* table() const { return std::get_if<Table>(&data); }
    const List* list() const { return std::get_if<List>(&data); }
    const std::string* text() const { return std::get_if<std::string>(&data); }
    const Value* find(std::string_view key) const; // in a table; null when absent
    std::string_view typeName() const;             // "a text", "a table" …
};

struct Value::Entry {
    Entry(std::string key, Value value) : first(std::move(key)), second(std::move(value)) {}
    std::string first;
    Value second;
};

// Parses one document; the root is a table. Dates are kept as their text. Deeper than 32 levels or larger
// than 4 MiB is an error.
Result<Value, Errors> parse(std::string_view source, const std::string& fileName);
Result<Value, Errors> parseFile(const std::string& path);

} // namespace trevo::toml
