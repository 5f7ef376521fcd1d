#include "base/utf8.hpp"
#include "mapping/load.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <simdjson.h>

namespace trevo::mapping {

namespace {

// A parser that grew for one large document gives its memory back.
constexpr std::size_t kKeptCapacity = std::size_t{1} << 20;

template <class Number>
std::string_view numberText(Number value, Tree& tree) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return tree.keep(std::string(digits.data(), end));
}

// False when the document holds more values than allowed. `decimals`: there is a number that is no 64-bit
// integer.
bool build(const simdjson::dom::element& element, std::string_view key, Ref parent, std::size_t maxNodes,
           Tree& tree, bool& decimals) {
    using simdjson::dom::element_type;
    if (tree.size() >= maxNodes) return false;
    switch (element.type()) {
    case element_type::STRING:
        tree.add(Type::Text, key, element.get_string().value_unsafe(), parent);
        return true;
    case element_type::INT64:
        tree.add(Type::Number, key, numberText(element.get_int64().value_unsafe(), tree), parent);
        return true;
    case element_type::UINT64:
        tree.add(Type::Number, key, numberText(element.get_uint64().value_unsafe(), tree), parent);
        return true;
    case element_type::DOUBLE:
        decimals = true;
        tree.add(Type::Number, key, numberText(element.get_double().value_unsafe(), tree), parent);
        return true;
    case element_type::BOOL:
        tree.add(Type::Boolean, key, element.get_bool().value_unsafe() ? "true" : "false", parent);
        return true;
    case element_type::NULL_VALUE: tree.add(Type::Null, key, {}, parent); return true;
    case element_type::ARRAY: {
        const Ref list = tree.open(Type::List, key, parent);
        const simdjson::dom::array items = element.get_array().value_unsafe();
        for (const auto item : items) {
            if (!build(item, {}, list, maxNodes, tree, decimals)) return false;
        }
        tree.close(list);
        return true;
    }
    case element_type::OBJECT: {
        const Ref table = tree.open(Type::Table, key, parent);
        const simdjson::dom::object fields = element.get_object().value_unsafe();
        for (const auto field : fields) {
            if (!build(field.value, field.key, table, maxNodes, tree, decimals)) return false;
        }
        tree.close(table);
        return true;
    }
    }
    return true;
}

// The careful reading of what the fast one refused: numbers of any length are kept as text, and a mistake has
// a place.
class CarefulReader {
  public:
    CarefulReader(std::string_view text, const Limits& limits, Tree& tree)
        : text_(text), limits_(limits), tree_(tree) {}

    bool null() { return add(Type::Null, {}); }
    bool boolean(bool value) { return add(Type::Boolean, value ? "true" : "false"); }
    bool number_integer(std::int64_t value) { return add(Type::Number, numberText(value, tree_)); }
    bool number_unsigned(std::uint64_t value) { return add(Type::Number, numberText(value, tree_)); }
    bool number_float(double, const std::string& digits) { return add(Type::Number, tree_.keep(digits)); }
    bool string(std::string& value) { return add(Type::Text, tree_.keep(std::move(value))); }
    bool binary(nlohmann::json::binary_t&) { return false; }
    bool key(std::string& value) {
        key_ = tree_.keep(std::move(value));
        return true;
    }
    bool start_object(std::size_t) { return open(Type::Table); }
    bool start_array(std::size_t) { return open(Type::List); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
        const bool early = position > text_.size() || trimAscii(text_.substr(position - 1)).empty();
        const auto place = placeAt(text_, std::min(position > 0 ? position - 1 : 0, text_.size()));
        failure =
            Problem{"bad_json", "", place, early ? "the document ends too early" : "this is not valid JSON"};
        return false;
    }

    Failure failure;

  private:
    bool room() {
        if (tree_.size() < limits_.maxNodes) return true;
        failure = tooManyValues(limits_, "");
        return false;
    }
    Ref parent() const { return open_.empty() ? kNone : open_.back(); }
    std::string_view takeKey() {
        return !open_.empty() && tree_.value(open_.back()).type == Type::Table ? key_ : std::string_view();
    }
    bool add(Type type, std::string_view text) {
        if (!room()) return false;
        tree_.add(type, takeKey(), text, parent());
        return true;
    }
    bool open(Type type) {
        if (!room()) return false;
        open_.push_back(tree_.open(type, takeKey(), parent()));
        return true;
    }
    bool close() {
        tree_.close(open_.back());
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    const Limits& limits_;
    Tree& tree_;
    std::vector<Ref> open_;
    std::string_view key_;
};

// The offset of the bracket that opens one level too many, or npos.
std::size_t deeperThan(std::string_view text, int maxDepth) {
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > maxDepth) return i;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return std::string_view::npos;
}

// Whether somewhere more digits stand together than a double keeps. In a text they are harmless, but cost the
// careful reading.
bool mayHoldLongNumber(std::string_view text) {
    int digits = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            if (++digits > 15) return true;
        } else if (c != '.') {
            digits = 0;
        }
    }
    return false;
}

Failure readCarefully(std::string_view text, const Limits& limits, Tree& tree, bool loose) {
    if (const auto at = deeperThan(text, limits.maxDepth); at != std::string_view::npos)
        return tooDeep(limits, placeAt(text, at));
    tree.clear(loose);
    CarefulReader reader(text, limits, tree);
    if (nlohmann::json::sax_parse(text, &reader)) return std::nullopt;
    if (reader.failure) return reader.failure;
    return Problem{"bad_json", "", "", "this is not valid JSON"};
}

Failure loadOne(std::string_view text, const Limits& limits, bool looseKeys, Tree& tree) {
    thread_local simdjson::dom::parser parser;
    tree.clear(looseKeys);
    const auto depth = static_cast<std::size_t>(limits.maxDepth);
    simdjson::error_code error = simdjson::SUCCESS;
    // The parser's own depth counts one less than the brackets.
    if (parser.max_depth() != depth + 1 || parser.capacity() < text.size() ||
        (parser.capacity() > kKeptCapacity && text.size() < kKeptCapacity)) {
        error = parser.allocate(std::max<std::size_t>(text.size(), 4096), depth + 1);
    }
    simdjson::dom::element root;
    if (!error) error = parser.parse(text.data(), text.size()).get(root);
    if (!error) {
        bool decimals = false;
        if (!build(root, {}, kNone, limits.maxNodes, tree, decimals)) return tooManyValues(limits, "");
        if (!decimals || !mayHoldLongNumber(text)) return std::nullopt;
        return readCarefully(text, limits, tree, looseKeys);
    }
    if (const auto bad = invalidUtf8At(text); bad != std::string_view::npos)
        return Problem{"bad_charset", "", "byte " + std::to_string(bad + 1), "JSON must be UTF-8"};
    return readCarefully(text, limits, tree, looseKeys);
}

// One value a line. A line that can not be read does not keep the others from being read.
Failure loadLines(std::string_view text, std::int64_t lineOffset, const Limits& limits, bool looseKeys,
                  Tree& tree) {
    struct Line {
        std::size_t number = 0;
        std::string_view text;
        Failure failure;
    };
    thread_local std::string joined;
    std::vector<Line> lines;
    joined = "[";
    for (auto number = static_cast<std::size_t>(lineOffset) + 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trimAscii(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) continue;
        auto failure = loadOne(line, limits, looseKeys, tree);
        if (failure) failure->place = "line " + std::to_string(number);
        if (!lines.empty()) joined += ',';
        joined += failure ? std::string_view("null") : line;
        lines.push_back({number, line, std::move(failure)});
    }
    joined += ']';
    Limits around = limits;
    ++around.maxDepth;
    if (auto failure = loadOne(joined, around, looseKeys, tree)) return failure;
    tree.setHeader({});
    std::vector<Ref> rows;
    tree.all(*compilePath("."), tree.root(), rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        tree.setLine(rows[i], lines[i].number);
        tree.setRow(rows[i], lines[i].text);
        if (lines[i].failure) tree.setProblem(rows[i], std::move(*lines[i].failure));
    }
    return std::nullopt;
}

} // namespace

Failure loadJson(std::string_view body, const ContentType& contentType, std::int64_t lineOffset,
                 const Limits& limits, bool looseKeys, Tree& tree) {
    thread_local std::string converted;
    std::string_view text = body;
    const auto& charset = contentType.charset;
    if (charset.empty() || charset == "utf-8" || charset == "utf8") {
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    } else {
        auto decoded = decodeText(body, charset, {}, converted);
        if (!decoded.ok()) return decoded.error();
        text = *decoded;
    }

    if (contentType.type == "application/x-ndjson")
        return loadLines(text, lineOffset, limits, looseKeys, tree);
    return loadOne(text, limits, looseKeys, tree);
}

} // namespace trevo::mapping
