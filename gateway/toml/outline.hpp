// What a Reader is asked for: every key with its type and limits. Recorded while a document that holds every
// table is read, so that the code that reads a file stays the only list of its keys.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace trevo::toml {

struct Outline {
    enum class Type : unsigned char { Any, Text, Word, Integer, Boolean, Texts, Table, Tables, NamedTables };

    struct Key {
        Type type = Type::Any;
        bool required = false;
        std::int64_t min = 0, max = 0;  // of an integer
        std::vector<std::string> words; // of a word
        std::shared_ptr<Outline> below; // of tables
    };

    std::map<std::string, Key> keys; // "*": a name that the author of the file chooses
};

} // namespace trevo::toml
