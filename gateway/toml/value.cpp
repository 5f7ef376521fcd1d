#include "toml/value.hpp"

#include "base/utf8.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <toml.hpp>

namespace trevo::toml {

namespace {

constexpr std::size_t kMaxBytes = std::size_t{4} << 20;
constexpr int kMaxDepth = 32;

using Source = ::toml::basic_value<::toml::discard_comments, std::unordered_map, std::vector>;

Place placeOf(const Source& source, const std::string& file) {
    const auto location = source.location();
    return {file, static_cast<int>(location.line()), static_cast<int>(location.column())};
}

bool earlier(const Place& a, const Place& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
}

// toml11 keeps tables unordered; the file's order comes back from the places.
Value convert(const Source& source, const std::string& file, const Place& around, int depth) {
    if (depth > kMaxDepth)
        throw std::runtime_error("nested deeper than " + std::to_string(kMaxDepth) + " levels");
    Value value;
    value.place = placeOf(source, file);
    if (value.place.line <= 0) value.place = around;
    if (source.is_boolean())
        value.data = source.as_boolean();
    else if (source.is_integer())
        value.data = static_cast<std::int64_t>(source.as_integer());
    else if (source.is_floating())
        value.data = static_cast<double>(source.as_floating());
    else if (source.is_string())
        value.data = source.as_string().str;
    else if (source.is_array()) {
        Value::List list;
        for (const auto& item : source.as_array())
            list.push_back(convert(item, file, value.place, depth + 1));
        value.data = std::move(list);
    } else if (source.is_table()) {
        Value::Table table;
        for (const auto& [key, item] : source.as_table()) {
            table.emplace_back(key, convert(item, file, value.place, depth + 1));
        }
        std::sort(table.begin(), table.end(), [](const auto& a, const auto& b) {
            if (earlier(a.second.place, b.second.place)) return true;
            if (earlier(b.second.place, a.second.place)) return false;
            return a.first < b.first;
        });
        value.data = std::move(table);
    } else {
        std::ostringstream text;
        text << source;
        value.data = text.str();
    }
    return value;
}

// The first line of toml11's many-line message, which is the reason without the drawing.
std::string reasonOf(std::string_view what) {
    std::string_view line = what.substr(0, what.find('\n'));
    const auto start = line.find("[error] ");
    if (start != std::string_view::npos) line.remove_prefix(start + 8);
    const auto prefix = line.find("toml::");
    if (prefix == 0) {
        const auto colon = line.find(": ");
        if (colon != std::string_view::npos) line.remove_prefix(colon + 2);
    }
    return std::string(line);
}

} // namespace

const Value* Value::find(std::string_view key) const {
    if (const Table* entries = table()) {
        for (const auto& [name, value] : *entries) {
            if (name == key) return &value;
        }
    }
    return nullptr;
}

std::string_view Value::typeName() const {
    static constexpr std::string_view kNames[] = {"true or false", "a whole number", "a decimal number",
                                                  "a text",        "a list",         "a table"};
    return kNames[data.index()];
}

std::string describe(const Error& error) {
    std::string text = error.place.file;
    if (error.place.line > 0) {
        text += ':' + std::to_string(error.place.line) + ':' + std::to_string(error.place.column);
    }
    text += ": ";
    if (!error.key.empty()) text += error.key + ": ";
    return text + error.message;
}

std::string describe(const Errors& errors) {
    std::string text;
    for (const auto& error : errors)
        text += describe(error) + '\n';
    return text;
}

Result<Value, Errors> parse(std::string_view source, const std::string& fileName) {
    if (source.size() > kMaxBytes) return Errors{{{fileName, 0, 0}, "", "larger than 4 MiB"}};
    if (const auto bad = invalidUtf8At(source); bad != std::string_view::npos) {
        const auto before = source.substr(0, bad);
        const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
        const auto start = before.rfind('\n');
        const auto column = static_cast<int>(start == std::string_view::npos ? bad + 1 : bad - start);
        return Errors{{{fileName, line, column}, "", "not UTF-8 text"}};
    }
    // toml11 recurses once a bracket: bound it before it reads.
    int depth = 0;
    for (const char c : source) {
        if (c == '[' || c == '{') {
            if (++depth > 2000) return Errors{{{fileName, 0, 0}, "", "too many nested brackets"}};
        } else if (c == ']' || c == '}' || c == '\n') {
            depth = depth > 0 && c != '\n' ? depth - 1 : depth;
        }
    }
    try {
        std::istringstream stream{std::string(source)};
        const auto root =
            ::toml::parse<::toml::discard_comments, std::unordered_map, std::vector>(stream, fileName);
        return convert(root, fileName, {fileName, 1, 1}, 0);
    } catch (const ::toml::exception& failure) {
        const auto& at = failure.location();
        return Errors{{{fileName, static_cast<int>(at.line()), static_cast<int>(at.column())},
                       "",
                       reasonOf(failure.what())}};
    } catch (const std::exception& failure) {
        return Errors{{{fileName, 0, 0}, "", reasonOf(failure.what())}};
    }
}

Result<Value, Errors> parseFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Errors{{{path, 0, 0}, "", "can not be read: check that the file exists and its permissions"}};
    const std::string source{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return parse(source, path);
}

} // namespace trevo::toml
