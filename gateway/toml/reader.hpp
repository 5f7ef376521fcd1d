// Takes typed settings out of a TOML table and collects what is wrong instead of stopping at the first
// mistake.
//
//   toml::Reader reader(root, "", errors);
//   config.dataDir = reader.text("data_dir").value_or("var");
//   reader.finish();          // every key that nobody asked for is an error that names the nearest known key
#pragma once

#include "toml/outline.hpp"
#include "toml/value.hpp"

#include <limits>
#include <optional>
#include <set>

namespace trevo::toml {

class Reader {
  public:
    // `value` and `errors` must outlive the reader. A value that is not a table is an error at once.
    Reader(const Value& value, std::string path, Errors& errors);

    // Reads nothing and records what it is asked for: every value is absent, every table is there, empty, and
    // a named one is called "*". Errors mean nothing then. Both must outlive the reader.
    Reader(Outline& outline, Errors& errors);

    bool has(const std::string& key) const;
    std::optional<std::string> text(const std::string& key);
    std::string requireText(const std::string& key);
    std::optional<std::string> word(const std::string& key, const std::vector<std::string>& allowed);
    std::optional<std::int64_t> integer(const std::string& key,
                                        std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                                        std::int64_t max = std::numeric_limits<std::int64_t>::max());
    std::optional<bool> boolean(const std::string& key);
    std::vector<std::string> texts(const std::string& key); // a list of texts, or one text
    std::optional<Reader> table(const std::string& key);
    std::vector<Reader> tables(const std::string& key); // a list of tables, or one table
    std::vector<std::pair<std::string, Reader>> namedTables(const std::string& key); // [key.NAME]
    const Value* any(const std::string& key); // taken as it is, counted as known

    std::vector<std::string> keys() const; // of the table, in the order of the file
    void fail(const std::string& key,
              std::string message); // at the key's place, or at the table's when absent
    void finish();                  // unknown keys become errors

    const Place& place() const { return value_->place; }
    const std::string& path() const { return path_; }
    Errors& errors() { return *errors_; }

  private:
    const Value* take(const std::string& key, Outline::Type type);
    Reader below(const std::string& key);
    std::string pathOf(const std::string& key) const { return path_.empty() ? key : path_ + '.' + key; }
    void wrongType(const std::string& key, const Value& value, std::string_view wanted);

    const Value* value_;
    std::string path_;
    Errors* errors_;
    std::set<std::string> known_;
    Outline* outline_ = nullptr; // when recording
};

} // namespace trevo::toml
