#include "plugin/boundary.hpp"
#include "plugin/library_impl.hpp"

#include "base/utf8.hpp"

#include <boost/dll/shared_library.hpp>

#include <algorithm>
#include <filesystem>
#include <mutex>

namespace trevo::plugin {

namespace {

constexpr std::size_t kLongestManifest = 256 * 1024;

// Keeps a library until the process ends: its threads, thread-local destructors and unique symbols make
// unloading a promise that nobody can keep.
void keep(const boost::dll::shared_library& library) {
    static std::mutex mutex;
    static auto* const kept = new std::vector<boost::dll::shared_library>; // reached by no destructor at exit
    const std::lock_guard lock(mutex);
    kept->push_back(library);
}

Result<boost::dll::shared_library> open(const std::string& path) {
    try {
        boost::dll::shared_library library;
        library.load(path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
        keep(library);
        return library;
    } catch (const std::exception& error) { // the loader's own words: a missing library, an undefined symbol
        return Problem{"plugin_not_loaded", path, "", printable(error.what(), 512)};
    }
}

// ABI number and size first: nothing behind them means anything until they are right.
std::optional<Problem> checkDescriptor(const trevo_plugin_descriptor& plugin, const std::string& path) {
    if (plugin.abi != TREVO_ABI) {
        return Problem{"plugin_wrong_abi", path, "",
                       "built for ABI " + std::to_string(plugin.abi) + ", this gateway speaks " +
                           std::to_string(TREVO_ABI) + ": build the plugin with this gateway's SDK"};
    }
    if (plugin.struct_size != sizeof plugin) {
        return Problem{"plugin_wrong_size", path, "",
                       "its descriptor has " + std::to_string(plugin.struct_size) + " bytes, expected " +
                           std::to_string(sizeof plugin)};
    }
    if (!plugin.id || !plugin.version || !plugin.manifest || !plugin.check_config || !plugin.create ||
        !plugin.destroy || !plugin.get_capability) {
        return Problem{"plugin_incomplete", path, "", "a member of its descriptor is null"};
    }
    return std::nullopt;
}

Result<Manifest> embeddedManifest(const trevo_plugin_descriptor& plugin, const std::string& path) {
    const std::size_t size = strnlen(plugin.manifest, kLongestManifest + 1);
    if (size > kLongestManifest) {
        return Problem{"plugin_bad_manifest", path, "", "the embedded manifest is over 256 KiB"};
    }
    auto manifest = readManifest({plugin.manifest, size}, "plugin.toml");
    if (!manifest) {
        return Problem{"plugin_bad_manifest", path, "", printable(toml::describe(manifest.error()), 1024)};
    }
    const std::string id = printable({plugin.id, strnlen(plugin.id, 64)}, 64);
    const std::string version = printable({plugin.version, strnlen(plugin.version, 64)}, 64);
    if (id != manifest->id || version != manifest->version) {
        return Problem{"plugin_id_mismatch", path, "",
                       "the library says " + id + ' ' + version + ", its manifest " + manifest->id + ' ' +
                           manifest->version};
    }
    return std::move(manifest).value();
}

} // namespace

Library::Library(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Library::~Library() = default;

const Manifest& Library::manifest() const {
    return impl_->manifest;
}

Result<std::shared_ptr<Library>> Library::load(const std::string& path) {
    if (!std::filesystem::path(path).is_absolute()) {
        return Problem{"plugin_not_absolute", path, "", "a plugin is loaded from an absolute path only"};
    }
    auto opened = open(path);
    if (!opened) return opened.error();
    if (!opened->has(TREVO_PLUGIN_SYMBOL)) {
        return Problem{"plugin_no_symbol", path, "",
                       "symbol " TREVO_PLUGIN_SYMBOL
                       " not found: this is no Trevo plugin, or its source has no "
                       "TREVO_PLUGIN(...)"};
    }
    auto impl = std::make_unique<Impl>();
    impl->descriptor = &opened->get<const trevo_plugin_descriptor>(TREVO_PLUGIN_SYMBOL);
    if (auto problem = checkDescriptor(*impl->descriptor, path)) return *problem;
    auto manifest = embeddedManifest(*impl->descriptor, path);
    if (!manifest) return manifest.error();
    impl->manifest = std::move(manifest).value();

    // The manifest says what there should be; the library must agree in both directions.
    const auto& listed = impl->manifest.capabilities;
    std::optional<Problem> problem;
    const auto ask = [&](const char* word, const char* id) -> const void* {
        const void* found = impl->descriptor->get_capability(id);
        const bool wanted = std::find(listed.begin(), listed.end(), word) != listed.end();
        if (wanted && !found) {
            problem = {"plugin_capability_missing", path, "",
                       std::string("its manifest lists ") + word + ", but it does not have " + id};
        }
        if (!wanted && found) {
            problem = {"plugin_capability_unlisted", path, "",
                       std::string("it has ") + id + ", but its manifest does not list " + word};
        }
        return found;
    };
    try {
        impl->authenticate =
            static_cast<const trevo_authenticate*>(ask("authenticate", TREVO_AUTHENTICATE_ID));
        impl->decode = static_cast<const trevo_decode*>(ask("decode", TREVO_DECODE_ID));
        impl->fetch = static_cast<const trevo_fetch*>(ask("fetch", TREVO_FETCH_ID));
        impl->poll = static_cast<const trevo_poll*>(ask("poll", TREVO_POLL_ID));
        impl->examine = static_cast<const trevo_examine*>(ask("examine", TREVO_EXAMINE_ID));
    } catch (...) {
        return Problem{"plugin_threw", path, "", "an exception came out of get_capability"};
    }
    if (problem) return *problem;
    if ((impl->authenticate && !impl->authenticate->authenticate) ||
        (impl->decode && !impl->decode->decode) || (impl->fetch && !impl->fetch->fetch) ||
        (impl->poll && !impl->poll->poll) || (impl->examine && !impl->examine->examine)) {
        return Problem{"plugin_incomplete", path, "", "a function of one of its capabilities is null"};
    }
    return std::shared_ptr<Library>(new Library(std::move(impl)));
}

} // namespace trevo::plugin
