#include "integration/integration.hpp"

#include "base/suggest.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace trevo {

namespace {

namespace fs = std::filesystem;

struct Found {
    std::shared_ptr<plugin::Library> library; // null for a manifest without code
    plugin::Manifest manifest;
};

bool isPlainName(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '/';
    });
}

Result<Found, std::string> findPlugin(const config::Config& config, const std::string& name) {
    if (!isPlainName(name)) return std::string("a plugin's name has a-z, 0-9, '-' and '_' only");
    for (const auto& dir : config.pluginDirs) {
        for (const fs::path& file : {fs::path(dir) / (name + ".so"), fs::path(dir) / name / (name + ".so")}) {
            if (!fs::exists(file)) continue;
            auto library = plugin::Library::load(fs::absolute(file).string());
            if (!library) return describe(library.error());
            auto manifest = (*library)->manifest();
            return Found{std::move(*library), std::move(manifest)};
        }
        const fs::path file = fs::path(dir) / name / "plugin.toml";
        if (!fs::exists(file)) continue;
        std::ifstream stream(file, std::ios::binary);
        const std::string source{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        auto manifest = plugin::readManifest(source, file.string());
        if (!manifest) return toml::describe(manifest.error());
        if (!manifest->capabilities.empty()) {
            return "its manifest names capabilities, but " + name + ".so is not in " + dir;
        }
        return Found{nullptr, std::move(*manifest)};
    }
    std::string dirs;
    for (const auto& dir : config.pluginDirs)
        dirs += (dirs.empty() ? "" : ", ") + dir;
    return "no plugin '" + name + "' in " + dirs;
}

plugin::Manifest mappingManifest(const config::Integration& settings) {
    plugin::Manifest manifest;
    manifest.id = "mapping";
    manifest.mappings["inbound"] = settings.mapping;
    return manifest;
}

// The test file beside a mapping.
std::string testsOf(const std::string& mappingFile) {
    constexpr std::string_view kEnding = ".map.toml";
    return mappingFile.substr(0, mappingFile.size() - kEnding.size()) + ".test.toml";
}

bool can(const plugin::Manifest& manifest, std::string_view capability) {
    return std::find(manifest.capabilities.begin(), manifest.capabilities.end(), capability) !=
           manifest.capabilities.end();
}

// One integration's construction: everything that can be wrong is collected under its path.
class Builder {
  public:
    Builder(const config::Integration& settings, const config::Config& config, toml::Errors& errors)
        : settings_(settings), config_(config), errors_(errors), path_("integrations." + settings.id) {}

    void fail(const std::string& key, const std::string& message) {
        errors_.push_back({settings_.place, key.empty() ? path_ : path_ + '.' + key, message});
    }

    std::optional<Found> plugin() {
        if (settings_.plugin.empty()) return Found{nullptr, mappingManifest(settings_)};
        auto found = findPlugin(config_, settings_.plugin);
        if (found) return std::move(*found);
        fail("plugin", found.error());
        return std::nullopt;
    }

    std::shared_ptr<const mapping::Mapping> mapping(const std::string& id) {
        const std::string file = findMapping(config_, id);
        if (file.empty()) {
            fail("mapping", "no mapping '" + id + "' in mapping_dirs");
            return nullptr;
        }
        auto compiled = mapping::Mapping::compileFile(file, {config_.limits.maxDepth, 10'000, 200'000},
                                                      config_.mappingDirs);
        if (compiled) return std::move(*compiled);
        errors_.insert(errors_.end(), compiled.error().begin(), compiled.error().end());
        return nullptr;
    }

    plugin::InstanceConfig instanceConfig(const plugin::Manifest& manifest) {
        using Scope = plugin::Setting::Scope;
        static const toml::Value kEmpty{toml::Value::Table{}, {}};
        plugin::InstanceConfig instance;
        instance.integration = settings_.id;
        instance.settings = plugin::readSettings(
            manifest, Scope::Integration,
            toml::Reader(settings_.settings ? *settings_.settings : kEmpty, path_ + ".settings", errors_));
        // A dealer without a table of its own lacks what is required of each, and gets the defaults.
        const toml::Value none{toml::Value::Table{}, settings_.place};
        std::map<std::string, const toml::Value*> perDealer;
        for (const auto& dealer : settings_.dealers)
            perDealer[dealer] = &none;
        for (const auto& [dealer, value] : settings_.dealerSettings)
            perDealer[dealer] = &value;
        for (const auto& [dealer, value] : perDealer) {
            instance.dealers[dealer] = plugin::readSettings(
                manifest, Scope::Dealer, toml::Reader(*value, path_ + ".dealer_settings." + dealer, errors_));
        }
        for (auto& [id, values] : instance.dealers) {
            if (const auto* dealer = config_.findDealer(id)) values["cnpj"] = dealer->cnpj;
        }
        return instance;
    }

    void checkAuthentication(const plugin::Manifest& manifest, bool acceptsPush) {
        const auto& auth = settings_.authentication;
        for (const auto& block : auth.addresses) {
            if (!isAddressBlock(block))
                fail("auth.addresses", "'" + block + "' is no address or block such as 10.0.0.0/8");
        }
        if (acceptsPush && auth.isOpen() && !can(manifest, "authenticate") &&
            manifest.authentication == "required") {
            fail("auth",
                 "is missing: without it anyone could push; declare one, or an allow list of addresses");
        }
    }

  private:
    const config::Integration& settings_;
    const config::Config& config_;
    toml::Errors& errors_;
    std::string path_;
};

} // namespace

std::string findMapping(const config::Config& config, const std::string& id) {
    if (!isPlainName(id) || id.front() == '/') return {};
    for (const auto& dir : config.mappingDirs) {
        const fs::path file = fs::path(dir) / (id + ".map.toml");
        if (fs::exists(file)) return file.string();
    }
    return {};
}

Result<std::shared_ptr<const IntegrationSet>, toml::Errors>
IntegrationSet::build(std::shared_ptr<const config::Config> config, const IntegrationServices* services,
                      const IntegrationSet* previous) {
    toml::Errors errors;
    auto set = std::make_shared<IntegrationSet>();
    set->config_ = config;
    for (const auto& settings : config->integrations) {
        if (!settings.enabled) continue;
        Builder builder(settings, *config, errors);
        auto found = builder.plugin();
        if (!found) continue;
        const auto integration = std::make_shared<Integration>(settings, found->manifest, config);
        for (const auto& [role, mappingId] : found->manifest.mappings) {
            auto compiled = builder.mapping(mappingId);
            if (!compiled) continue;
            if (role == "inbound" && found->manifest.tryCase.empty() && services)
                integration->sample_ = mapping::sampleOf(testsOf(findMapping(*config, mappingId)));
            integration->mappings_[role] = std::move(compiled);
        }
        if (settings.mail) {
            for (const auto& [kind, id] : settings.mail->attachments) {
                if (auto compiled = builder.mapping(id)) integration->mappings_[kind] = std::move(compiled);
            }
            for (const auto& reading : settings.mail->readings) {
                auto compiled = builder.mapping(reading.mapping);
                if (compiled) integration->mappings_[reading.mapping] = std::move(compiled);
            }
        }
        integration->canAuthenticate_ = can(found->manifest, "authenticate");
        integration->canFetch_ = can(found->manifest, "fetch");
        integration->canPoll_ = can(found->manifest, "poll");
        integration->canDecode_ = can(found->manifest, "decode");
        integration->canExamine_ = can(found->manifest, "examine");

        integration->contentTypes_ =
            !settings.contentTypes.empty() ? settings.contentTypes : found->manifest.contentTypes;
        if (integration->contentTypes_.empty()) {
            if (const auto* inbound = integration->mapping("inbound"))
                integration->contentTypes_ = inbound->contentTypes();
        }
        builder.checkAuthentication(found->manifest, integration->acceptsPush());

        auto instanceConfig = builder.instanceConfig(found->manifest);
        if (found->library) {
            if (auto checked = plugin::Instance::check(*found->library, instanceConfig); !checked) {
                builder.fail("settings" + (checked.error().field.empty() ? "" : "." + checked.error().field),
                             checked.error().detail);
            }
        }
        if (previous) {
            if (const auto before = previous->find(settings.id)) integration->health_ = before->health_;
        }
        if (found->library && services && errors.empty()) {
            const std::shared_ptr<plugin::Host> host = makeHost(settings, *services);
            plugin::Runner::Config runnerConfig;
            runnerConfig.callTimeoutSeconds = settings.callTimeoutSeconds;
            set->runners_[settings.id] = std::make_unique<plugin::Runner>(
                settings.id,
                [library = found->library, instanceConfig, host] {
                    return plugin::Instance::create(library, instanceConfig, *host);
                },
                runnerConfig, services->clock);
        }
        set->integrations_[settings.id] = integration;
    }
    if (!errors.empty()) return errors;
    return std::shared_ptr<const IntegrationSet>(std::move(set));
}

std::shared_ptr<const Integration> IntegrationSet::find(std::string_view id) const {
    const auto found = integrations_.find(id);
    return found == integrations_.end() ? nullptr : found->second;
}

plugin::Runner* IntegrationSet::runner(const std::string& id) const {
    const auto found = runners_.find(id);
    return found == runners_.end() ? nullptr : found->second.get();
}

} // namespace trevo
