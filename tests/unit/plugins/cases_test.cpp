#include "plugin/plugin.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

namespace fs = std::filesystem;

// Every plugin folder's cases, as `trevo plugin test` runs them. TREVO_UPDATE=1 rewrites what is expected.
TEST_CASE("each plugin makes of its cases what is expected") {
    const fs::path source = TREVO_SOURCE_DIR;
    const char* update = std::getenv("TREVO_UPDATE");
    int plugins = 0;
    for (const auto& entry : fs::directory_iterator(source / "plugins")) {
        if (!fs::exists(entry.path() / "plugin.toml")) continue;
        const std::string name = entry.path().filename();
        INFO(name);
        const fs::path library = fs::path(TREVO_BINARY_DIR) / "plugins" / (name + ".so");
        const auto report = trevo::plugin::runCases(entry.path(), fs::exists(library) ? library.string() : "",
                                                    source / "mappings", update && *update == '1');
        INFO(report.text);
        CHECK(report.passed > 0);
        CHECK(report.failed == 0);
        ++plugins;
    }
    CHECK(plugins >= 19);
}
