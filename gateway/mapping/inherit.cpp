#include "mapping/inherit.hpp"

#include "mapping/targets.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace trevo::mapping {

namespace {

namespace fs = std::filesystem;

constexpr int kMaxAncestors = 4; // a circle ends here too

toml::Value* entryOf(toml::Value& table, std::string_view key) {
    auto& entries = std::get<toml::Value::Table>(table.data);
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == key; });
    return found == entries.end() ? nullptr : &found->second;
}

void append(toml::Value& table, const std::string& key, toml::Value value) {
    std::get<toml::Value::Table>(table.data).emplace_back(key, std::move(value));
}

// Fields may be written whole, dotted or in tables: here each by its whole name.
void flatten(const toml::Value& table, const std::string& prefix, toml::Value::Table& out) {
    for (const auto& [name, value] : *table.table()) {
        const std::string path = prefix.empty() ? name : prefix + '/' + name;
        if (value.table() && findTarget(path).block)
            flatten(value, path, out);
        else
            out.emplace_back(path, value);
    }
}

toml::Value flat(const toml::Value& table) {
    toml::Value out{toml::Value::Table{}, table.place};
    flatten(table, "", std::get<toml::Value::Table>(out.data));
    return out;
}

toml::Value::List rulesOf(const toml::Value& value) {
    return value.list() ? *value.list() : toml::Value::List{value};
}

void inheritFields(toml::Value& own, const toml::Value& base, bool constants) {
    if (!own.table() || !base.table()) return; // told of by the compiler
    own = flat(own);
    const toml::Value inherited = flat(base);
    for (const auto& [path, value] : *inherited.table()) {
        toml::Value* mine = entryOf(own, path);
        if (!mine) {
            append(own, path, value);
        } else if (!constants) {
            auto rules = rulesOf(*mine), more = rulesOf(value);
            rules.insert(rules.end(), std::make_move_iterator(more.begin()),
                         std::make_move_iterator(more.end()));
            mine->data = std::move(rules);
        }
    }
}

void inheritSection(toml::Value& own, const toml::Value& base) {
    if (!own.table() || !base.table()) return;
    for (const auto& [key, value] : *base.table()) {
        toml::Value* mine = entryOf(own, key);
        if (!mine)
            append(own, key, value);
        else if (key == "set" || key == "fields")
            inheritFields(*mine, value, key == "set");
    }
}

void inheritSections(toml::Value& own, const toml::Value& base) {
    if (!own.list() || !base.list()) return;
    auto& mine = std::get<toml::Value::List>(own.data);
    for (std::size_t i = 0; i < base.list()->size(); ++i) {
        if (i < mine.size())
            inheritSection(mine[i], (*base.list())[i]);
        else
            mine.push_back((*base.list())[i]);
    }
}

bool isMappingId(std::string_view id) {
    return !id.empty() && id.front() != '/' && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '/';
    });
}

std::string findBase(const std::string& id, const fs::path& file, std::vector<std::string> folders) {
    folders.push_back(file.parent_path().parent_path().string());
    for (const auto& folder : folders) {
        const fs::path candidate = fs::path(folder) / (id + ".map.toml");
        std::error_code ignored;
        if (fs::exists(candidate, ignored) && !fs::equivalent(candidate, file, ignored))
            return candidate.string();
    }
    return {};
}

Result<Inherited, toml::Errors> read(const std::string& path, const std::vector<std::string>& folders,
                                     int ancestors) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return toml::Errors{
            {{path, 0, 0}, "", "can not be read: check that the file exists and its permissions"}};
    Inherited out;
    out.sources.assign(std::istreambuf_iterator<char>(file), {});
    auto root = toml::parse(out.sources, path);
    if (!root.ok()) return root.error();
    out.root = std::move(*root);

    const toml::Value* extends = out.root.find("extends");
    if (!extends) return out;
    const auto wrong = [&](const std::string& message) {
        return toml::Errors{{extends->place, "extends", message}};
    };
    if (!extends->text() || !isMappingId(*extends->text()))
        return wrong("expected the id of a mapping such as 'site/form'");
    const std::string base = findBase(*extends->text(), path, folders);
    if (base.empty()) return wrong("there is no mapping '" + *extends->text() + "'");
    if (ancestors == kMaxAncestors) return wrong("goes on for too long, or in a circle");
    auto inherited = read(base, folders, ancestors + 1);
    if (!inherited.ok()) return inherited.error();
    auto& entries = std::get<toml::Value::Table>(out.root.data);
    entries.erase(std::remove_if(entries.begin(), entries.end(),
                                 [](const auto& entry) { return entry.first == "extends"; }),
                  entries.end());
    inherit(out.root, inherited->root);
    out.sources += inherited->sources;
    return out;
}

} // namespace

void inherit(toml::Value& own, const toml::Value& base) {
    for (const auto& [key, value] : *base.table()) {
        toml::Value* mine = entryOf(own, key);
        if (!mine)
            append(own, key, value);
        else if (key == "record")
            inheritSections(*mine, value);
        else if (mine->table() && value.table()) // csv, xml, json
            for (const auto& [name, option] : *value.table()) {
                if (!entryOf(*mine, name)) append(*mine, name, option);
            }
    }
}

Result<Inherited, toml::Errors> readInherited(const std::string& path,
                                              const std::vector<std::string>& folders) {
    return read(path, folders, 0);
}

} // namespace trevo::mapping
