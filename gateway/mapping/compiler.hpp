// Compiles the TOML of a mapping to a Program. Private to this module; every mistake is added to the errors,
// with its place.
#pragma once

#include "mapping/program.hpp"
#include "mapping/targets.hpp"
#include "toml/reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::mapping {

std::string joined(const std::vector<std::string>& words, std::string_view between);

class Compiler {
  public:
    Compiler(Program& program, toml::Errors& errors) : program_(program), errors_(errors) {}
    void run(const toml::Value& root);

  private:
    void fail(const toml::Value& at, const std::string& key, std::string message) {
        errors_.push_back({at.place, key, std::move(message)});
    }
    bool isXml() const { return program_.formats.front() == Format::Xml; }
    bool isMail() const { return program_.formats.front() == Format::Mail; }

    void options(toml::Reader& reader);
    void namedList(toml::Reader& reader, const std::string& list);
    void mailOptions(toml::Reader& reader);
    Result<Path, std::string> mailPath(const std::string& text);
    std::optional<Path> path(const toml::Value& value, const std::string& key);
    std::vector<Path> paths(const toml::Value* value, const std::string& key);
    std::optional<Constant> constant(const toml::Value& value, const std::string& key);
    std::vector<Condition> conditions(const toml::Value* value, const std::string& key);
    void section(toml::Reader& reader);
    void list(toml::Reader& reader, std::vector<Target>& targets);
    void fields(const toml::Value& table, const std::string& prefix, const std::string& key, bool constants,
                std::vector<Target>& targets, const std::string& within);
    void target(const toml::Value& value, const std::string& name, const std::string& key, bool constants,
                std::vector<Target>& targets, const std::string& within);
    std::optional<Rule> rule(const toml::Value& value, const TargetField& field, const std::string& key);
    void checkWord(const toml::Value& at, const std::string& key, const TargetField& field,
                   const std::optional<Constant>& written);

    Program& program_;
    toml::Errors& errors_;
};

} // namespace trevo::mapping
