#include "cli/files.hpp"

#include "cli/gateway.hpp"
#include "toml/value.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace trevo::cli {

namespace fs = std::filesystem;

namespace {

// As in the rest of the command, only the one key that is needed: secrets may not be readable here.
std::vector<std::string> folders(const Context& context, const char* option, const char* key,
                                 const char* fallback) {
    if (context.arguments.has(option)) return context.arguments.all(option);
    const std::string path = configPath(context);
    std::vector<std::string> found;
    if (const auto parsed = toml::parseFile(path)) {
        const toml::Value* value = parsed->find(key);
        const fs::path base = fs::absolute(path).parent_path();
        if (value && value->text()) found.push_back((base / *value->text()).lexically_normal().string());
        if (value && value->list())
            for (const toml::Value& item : *value->list())
                if (item.text()) found.push_back((base / *item.text()).lexically_normal().string());
    }
    if (found.empty()) found.emplace_back(fallback);
    return found;
}

} // namespace

std::string readFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) throw Failure{kFailed, "the file " + path + " can not be read"};
    return bytes;
}

std::vector<std::string> pluginFolders(const Context& context) {
    return folders(context, "plugins", "plugin_dirs", "plugins");
}

std::vector<std::string> mappingFolders(const Context& context) {
    return folders(context, "mappings", "mapping_dirs", "mappings");
}

std::string mappingFile(const Context& context, const std::string& id) {
    for (const auto& folder : mappingFolders(context))
        if (const fs::path file = fs::path(folder) / (id + ".map.toml"); fs::exists(file))
            return file.string();
    return {};
}

} // namespace trevo::cli
