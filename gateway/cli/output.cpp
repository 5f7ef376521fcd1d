#include "cli/output.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace trevo::cli {

namespace {

// Columns of a terminal, near enough: one for each code point.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

void Table::row(std::vector<std::string> cells) {
    for (auto& cell : cells)
        cell = plain(cell);
    rows_.push_back(std::move(cells));
}

void Table::print(std::ostream& out) const {
    if (rows_.empty()) return;
    std::vector<std::size_t> widths;
    for (const auto& heading : headings_)
        widths.push_back(width(heading));
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    const auto line = [&](const std::vector<std::string>& cells) {
        std::string text;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            text += cells[i];
            if (i + 1 < cells.size()) text.append(widths[i] - width(cells[i]) + 2, ' ');
        }
        out << text << '\n';
    };
    line(headings_);
    for (const auto& row : rows_)
        line(row);
}

nlohmann::json parsed(const std::string& body) {
    auto value = nlohmann::json::parse(body, nullptr, false);
    if (value.is_discarded()) throw Failure{kFailed, "the gateway's answer is not JSON; is --url right?"};
    return value;
}

std::string textAt(const nlohmann::json& value, const std::string& pointer) {
    const nlohmann::json::json_pointer path(pointer);
    if (!value.contains(path)) return {};
    const auto& found = value.at(path);
    if (found.is_null()) return {};
    return found.is_string() ? found.get<std::string>() : found.dump();
}

std::string shortTime(const std::string& rfc3339) {
    std::string text = rfc3339.substr(0, rfc3339.find('.'));
    if (text.size() < 19 || text[10] != 'T') return rfc3339;
    text[10] = ' ';
    if (!text.ends_with('Z')) text += 'Z';
    return text;
}

std::string plain(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    return out;
}

std::string pretty(const nlohmann::json& value) {
    return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string joined(const nlohmann::json& list) {
    std::string text;
    for (const auto& item : list)
        text += (text.empty() ? "" : ", ") + item.get<std::string>();
    return text;
}

bool inPortuguese(const Context& context) {
    if (context.arguments.json) return false;
    const std::string locale =
        context.io.environment("LC_ALL").value_or(context.io.environment("LANG").value_or(""));
    return context.arguments.text("lang", locale.starts_with("pt") ? "pt" : "en") == "pt";
}

std::string phrase(const Context& context, std::string_view english, std::string_view portuguese,
                   const std::vector<std::string>& values) {
    const std::string_view wording = inPortuguese(context) ? portuguese : english;
    std::string text;
    for (std::size_t i = 0; i < wording.size(); ++i) {
        const bool slot = wording[i] == '{' && i + 2 < wording.size() && wording[i + 2] == '}';
        if (slot) {
            text += values.at(static_cast<std::size_t>(wording[i + 1] - '0'));
            i += 2;
        } else {
            text += wording[i];
        }
    }
    return text;
}

int say(Context& context, const std::string& body,
        const std::function<std::string(const nlohmann::json&)>& sentence) {
    if (context.arguments.json) {
        context.io.out << body << '\n';
    } else {
        context.io.out << plain(sentence(parsed(body))) << '\n';
    }
    return kDone;
}

std::string bold(const Context& context, const std::string& text) {
    return context.io.terminal ? "\033[1m" + text + "\033[0m" : text;
}

} // namespace trevo::cli
