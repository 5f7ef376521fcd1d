#include "plugin/plugin.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace fs = std::filesystem;

namespace trevo::plugin {

namespace {

// The template is a working plugin called acme; a new one is that with another name.
constexpr std::string_view kTemplateId = "acme", kTemplateClass = "Acme";

std::string className(const std::string& id) { // "super-carros" -> "SuperCarros"
    std::string name;
    bool upper = true;
    for (const char c : id) {
        if (c == '-') {
            upper = true;
            continue;
        }
        name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        upper = false;
    }
    return name;
}

std::string replaced(std::string text, std::string_view from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::string renamed(std::string text, const std::string& id) {
    return replaced(replaced(std::move(text), kTemplateClass, className(id)), kTemplateId, id);
}

std::string readAll(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw fs::filesystem_error("cannot read", path, std::make_error_code(std::errc::io_error));
    return text.str();
}

void writeAll(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) throw fs::filesystem_error("cannot write", path, std::make_error_code(std::errc::io_error));
}

} // namespace

Result<std::vector<std::string>> scaffold(const std::string& id, const std::string& targetDir,
                                          const std::string& templateDir) {
    if (!std::regex_match(id, std::regex("[a-z][a-z0-9-]{1,39}"))) {
        return Problem{"bad_plugin_id", id, "",
                       "a plugin id is 2 to 40 lower-case letters, digits and '-', the first a letter"};
    }
    try {
        if (!fs::exists(fs::path(templateDir) / "plugin.toml")) {
            return Problem{"no_template", templateDir, "", "there is no plugin template here"};
        }
        if (fs::exists(targetDir) && !fs::is_empty(targetDir)) {
            return Problem{"target_exists", targetDir, "", "exists already and is not empty"};
        }
        std::vector<std::string> written;
        for (const auto& entry : fs::recursive_directory_iterator(templateDir)) {
            if (!entry.is_regular_file()) continue;
            const std::string name = fs::relative(entry.path(), templateDir).generic_string();
            const fs::path to = fs::path(targetDir) / renamed(name, id);
            writeAll(to, renamed(readAll(entry.path()), id));
            written.push_back(to.string());
        }
        std::sort(written.begin(), written.end());
        return written;
    } catch (const fs::filesystem_error& error) {
        return Problem{"cannot_write", targetDir, "", error.what()};
    }
}

} // namespace trevo::plugin
