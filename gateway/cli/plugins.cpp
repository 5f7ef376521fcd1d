// plugin list, new and test; decode.
#include "cli/files.hpp"
#include "cli/gateway.hpp"
#include "cli/output.hpp"
#include "cli/tree.hpp"

#include "canonical/read.hpp"
#include "config/config.hpp"
#include "mapping/mapping.hpp"
#include "plugin/plugin.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

// A plugin as a folder or library in one of the configured folders.
struct Installed {
    std::string id, path, problem;
    std::optional<plugin::Manifest> manifest;
    std::shared_ptr<plugin::Library> library; // null for a plugin of mappings only
};

Installed inspect(const fs::path& path) {
    Installed found;
    found.path = path.string();
    if (path.extension() == ".so") {
        found.id = path.stem().string();
        auto library = plugin::Library::load(fs::absolute(path).string());
        if (!library) {
            found.problem = describe(library.error());
            return found;
        }
        found.library = *library;
        found.manifest = (*library)->manifest();
    } else {
        found.id = path.parent_path().filename().string();
        auto manifest = plugin::readManifest(readFile(path.string()), path.string());
        if (manifest) {
            found.manifest = *manifest;
        } else {
            found.problem = toml::describe(manifest.error());
        }
    }
    return found;
}

std::vector<Installed> installed(const Context& context) {
    std::map<std::string, fs::path> files; // a library outranks the manifest that lies beside it
    for (const auto& folder : pluginFolders(context)) {
        if (!fs::is_directory(folder)) continue;
        std::map<std::string, fs::path> here;
        for (const auto& entry : fs::directory_iterator(folder)) {
            const fs::path& path = entry.path();
            const std::string name = path.filename().string();
            if (path.extension() == ".so") here[path.stem().string()] = path;
            if (fs::exists(path / (name + ".so"))) {
                here[name] = path / (name + ".so");
            } else if (fs::exists(path / "plugin.toml")) {
                here.emplace(name, path / "plugin.toml");
            }
        }
        files.insert(here.begin(), here.end()); // the first folder that has it
    }
    std::vector<Installed> all;
    for (const auto& [id, path] : files)
        all.push_back(inspect(path));
    return all;
}

int listPlugins(Context& context) {
    const auto all = installed(context);
    Json items = Json::array();
    Table table({"PLUGIN", "VERSION", "DOES", "TITLE", "FILE"});
    for (const Installed& found : all) {
        std::string does;
        Json capabilities = Json::array();
        if (found.manifest)
            for (const auto& capability : found.manifest->capabilities) {
                does += (does.empty() ? "" : " ") + capability;
                capabilities.push_back(capability);
            }
        items.push_back({{"id", found.id},
                         {"version", found.manifest ? found.manifest->version : ""},
                         {"title", found.manifest ? found.manifest->title : ""},
                         {"capabilities", capabilities},
                         {"file", found.path},
                         {"problem", found.problem}});
        if (found.manifest) {
            table.row({found.id, found.manifest->version, does.empty() ? "mapping" : does,
                       found.manifest->title, found.path});
        } else {
            table.row({found.id, "-", "BROKEN", found.problem, found.path});
        }
    }
    if (context.arguments.json) {
        context.io.out << Json{{"items", items}}.dump() << '\n';
    } else {
        table.print(context.io.out);
    }
    const bool broken =
        std::any_of(all.begin(), all.end(), [](const auto& found) { return !found.manifest; });
    return broken ? kFailed : kDone;
}

// The installed template, or that of the source tree whose build this program is.
std::string templateFolder() {
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    const auto source = program.parent_path().parent_path().parent_path() / "sdk" / "template";
    return std::filesystem::is_directory(source, failed) ? source.string() : std::string(TREVO_TEMPLATE_DIR);
}

int create(Context& context) {
    const std::string id = context.arguments.text("ID"), dir = context.arguments.text("DIR", id);
    const auto files = plugin::scaffold(id, dir, context.arguments.text("template", templateFolder()));
    if (!files) throw Failure{kFailed, describe(files.error())};
    if (context.arguments.json) {
        context.io.out << Json{{"files", *files}}.dump() << '\n';
    } else {
        for (const auto& file : *files)
            context.io.out << file << '\n';
        context.io.err << "Fill in " << dir
                       << "/plugin.toml, then the mapping and its test; then 'trevo plugin test " << dir
                       << "'.\n";
    }
    return kDone;
}

int testPlugin(Context& context) {
    const std::string dir = context.arguments.text("DIR");
    if (!fs::exists(fs::path(dir) / "plugin.toml"))
        throw Failure{kFailed, "there is no plugin.toml in " + dir};
    const std::string name = fs::absolute(fs::path(dir) / ".").parent_path().filename().string();
    std::string library = context.arguments.text("library");
    if (library.empty())
        for (const auto& folder : pluginFolders(context))
            for (const fs::path& file :
                 {fs::path(folder) / (name + ".so"), fs::path(folder) / name / (name + ".so")})
                if (library.empty() && fs::exists(file)) library = fs::absolute(file).string();
    if (!library.empty()) library = fs::absolute(library).string();
    const auto mappings = mappingFolders(context);
    const auto report = plugin::runCases(dir, library, mappings.front(), context.arguments.has("update"));
    if (context.arguments.json) {
        context.io.out
            << Json{{"passed", report.passed}, {"failed", report.failed}, {"text", report.text}}.dump()
            << '\n';
    } else {
        context.io.out << report.text << report.passed << " passed, " << report.failed << " failed\n";
    }
    return report.failed == 0 ? kDone : kFailed;
}

// A plugin that decodes outside the daemon has no partner to talk to and nothing to remember.
class DetachedHost final : public plugin::Host {
  public:
    explicit DetachedHost(std::ostream& err) : err_(err) {}
    void log(plugin::LogLevel, std::string_view message) override { err_ << plain(message) << '\n'; }
    UtcTime now() override { return clock_.now(); }
    std::optional<std::string> state(const std::string&) override { return std::nullopt; }
    void setState(const std::string&, const std::string&) override {}
    plugin::HttpResponse http(const plugin::HttpRequest&) override {
        return {0, {}, "", "decoding outside the daemon talks to nobody"};
    }

  private:
    std::ostream& err_;
    SystemClock clock_;
};

std::vector<std::string> recordsOfPlugin(Context& context, const Installed& found, const std::string& kind,
                                         const std::string& contentType, const std::string& body) {
    plugin::InstanceConfig config;
    config.integration = found.id;
    for (const plugin::Setting& setting : found.manifest->settings)
        if (setting.defaultValue) config.settings[setting.name] = *setting.defaultValue;
    for (const auto& setting : context.arguments.all("setting")) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos) throw Failure{kUsage, "--setting wants NAME=VALUE"};
        config.settings[setting.substr(0, equals)] = setting.substr(equals + 1);
    }
    DetachedHost host(context.io.err);
    auto instance = plugin::Instance::create(found.library, std::move(config), host);
    if (!instance) throw Failure{kFailed, describe(instance.error())};
    if (!(*instance)->canDecode())
        throw Failure{kFailed, "the plugin decodes by mappings only, and there is no mapping " + found.id +
                                   '/' + kind};
    auto decoded = (*instance)->decode(kind, contentType, "{}", body);
    if (decoded.verdict.status != plugin::Status::Ok)
        throw Failure{kFailed, describe(decoded.verdict.problem)};
    return std::move(decoded.records);
}

std::vector<std::string> recordsOfMapping(Context& context, const std::string& file,
                                          const std::string& contentType, const std::string& body) {
    const auto mapping = mapping::Mapping::compileFile(file, {}, mappingFolders(context));
    if (!mapping) throw Failure{kFailed, toml::describe(mapping.error())};
    auto mapped = (*mapping)->apply({contentType, body, {}});
    if (mapped) {
        for (const auto& refused : mapped->refused)
            context.io.err << "refused " << refused.name << ": " << describe(refused.problems.front())
                           << '\n';
        return std::move(mapped->records);
    }
    std::string message = "the document can not be read:";
    for (const Problem& problem : mapped.error())
        message += "\n  " + describe(problem);
    throw Failure{kFailed, message};
}

int decode(Context& context) {
    const std::string partner = context.arguments.text("plugin"),
                      kind = context.arguments.text("kind", "inbound");
    if (partner.empty()) throw Failure{kUsage, "decode needs --plugin"};
    const std::string body = readFile(context.arguments.text("FILE"));
    const std::string contentType = context.arguments.text("type");

    std::vector<std::string> records;
    std::string file = mappingFile(context, partner + '/' + kind);
    std::optional<Installed> plugin;
    if (file.empty()) {
        for (Installed& found : installed(context))
            if (found.id == partner) plugin = std::move(found);
        if (plugin && !plugin->manifest) throw Failure{kFailed, plugin->problem};
        if (plugin)
            if (const auto role = plugin->manifest->mappings.find(kind);
                role != plugin->manifest->mappings.end())
                file = mappingFile(context, role->second);
    }
    if (!file.empty()) {
        records = recordsOfMapping(context, file, contentType, body);
    } else if (plugin && plugin->library) {
        records = recordsOfPlugin(context, *plugin, kind, contentType, body);
    } else {
        throw Failure{kFailed, "there is neither a mapping " + partner + '/' + kind + " nor a plugin " +
                                   partner + "; see --plugins and --mappings"};
    }

    // Dealers are not known here: any reference stands for itself.
    canonical::Context about;
    about.integration = partner;
    about.dealerOptional = true;
    about.defaultDealer = context.arguments.text("dealer");
    about.resolveDealer = [](std::string_view reference) { return std::string(reference); };
    about.dealerZone = [](std::string_view) { return config::Dealer{}.timeZone; };
    about.dealerDdd = [&](std::string_view) { return context.arguments.text("ddd"); };
    int failed = 0;
    for (const auto& text : records) {
        const auto record = canonical::read(text, about);
        if (record) {
            context.io.out << (context.arguments.json ? record->body : pretty(parsed(record->body))) << '\n';
            continue;
        }
        ++failed;
        for (const Problem& problem : record.error())
            context.io.err << "trevo: " << describe(problem) << '\n';
    }
    return failed == 0 ? kDone : kFailed;
}

} // namespace

std::vector<Command> pluginCommands() {
    const Option plugins{"--plugins", "DIR", "Folder of the plugins; may be repeated.", {}, true};
    const Option mappings{"--mappings", "DIR", "Folder of the mappings; may be repeated.", {}, true};
    return {
        {"plugin list", "Lists the plugins with their manifests", {}, {plugins}, listPlugins},
        {"plugin new",
         "Makes the folder of a new plugin from the template",
         {{"ID", "Its id: a-z, 0-9 and '-'."}, {"DIR", "Folder to make; the id when absent.", false}},
         {{"--template", "DIR", "Another template.", {}}},
         create},
        {"plugin test",
         "Runs the cases of a plugin, without a daemon",
         {{"DIR", "Folder of the plugin."}},
         {{"--library", "FILE", "Its library, when it is not in a plugin folder.", {}},
          plugins,
          mappings,
          {"--update", "", "Rewrites the expectations instead.", {}}},
         testPlugin},
        {"decode",
         "Prints the canonical records that a document makes, without a daemon",
         {{"FILE", "The document."}},
         {{"--plugin", "P", "Partner whose mapping or plugin reads it.", {}},
          {"--kind", "K", "Its mapping or role; inbound when absent.", {}},
          {"--type", "TYPE", "Content type of the document; the mapping's own when absent.", {}},
          {"--dealer", "ID", "Dealer of records that name none.", {}},
          {"--ddd", "DD", "Area code of phones without one.", {}},
          {"--setting", "NAME=VALUE", "A setting of the plugin; may be repeated.", {}, true},
          plugins,
          mappings},
         decode},
    };
}

} // namespace trevo::cli
