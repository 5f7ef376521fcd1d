#include "support.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;
using namespace trevo;
using namespace trevo::plugin;

namespace {

const std::string kTemplate = std::string(TREVO_SOURCE_DIR) + "/sdk/template";

std::string contentOf(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("a new plugin is the template under its own name everywhere") {
    TempDir dir;
    const auto written = scaffold("super-carros", (dir.path() / "super-carros").string(), kTemplate);
    REQUIRE(written);
    CHECK(fs::exists(dir.path() / "super-carros/super-carros.cpp"));
    CHECK(fs::exists(dir.path() / "super-carros/mappings/super-carros/lead.map.toml"));
    for (const auto& file : *written) {
        INFO(file);
        CHECK(fs::exists(file));
        CHECK(file.find("acme") == std::string::npos);
        const std::string content = contentOf(file);
        CHECK(content.find("acme") == std::string::npos);
        CHECK(content.find("Acme") == std::string::npos);
    }
    const auto source = contentOf(dir.path() / "super-carros/plugin.toml");
    const auto manifest = readManifest(source, "plugin.toml");
    REQUIRE(manifest);
    CHECK(manifest->id == "super-carros");
    CHECK(manifest->mappings.at("inbound") == "super-carros/lead");
    CHECK_THAT(contentOf(dir.path() / "super-carros/super-carros.cpp"),
               Catch::Contains("TREVO_PLUGIN(SuperCarros)"));
}

TEST_CASE("a new plugin never overwrites and says what stands in the way") {
    TempDir dir;
    const std::string target = (dir.path() / "x").string();
    CHECK(scaffold("Super", target, kTemplate).error().code == "bad_plugin_id");
    CHECK(scaffold("../x", target, kTemplate).error().code == "bad_plugin_id");
    CHECK(scaffold("super", target, dir.path().string()).error().code == "no_template");
    REQUIRE(scaffold("super", target, kTemplate));
    CHECK(scaffold("super", target, kTemplate).error().code == "target_exists");
}
