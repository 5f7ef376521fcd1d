#include "canonical/schema.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace trevo;

// TREVO_UPDATE=1 rewrites the files; the change is then reviewed like any other.
TEST_CASE("the published schemas are those of the field table") {
    for (int i = 0; i < model::kKindCount; ++i) {
        const auto kind = static_cast<model::Kind>(i);
        const std::string path =
            TREVO_SOURCE_DIR "/sdk/schema/" + std::string(model::name(kind)) + ".schema.json";
        INFO(path);
        const std::string schema = canonical::jsonSchema(kind);
        if (std::getenv("TREVO_UPDATE") != nullptr) {
            std::ofstream out(path, std::ios::binary);
            out << schema;
            REQUIRE(out.flush());
        }
        std::ifstream file(path, std::ios::binary);
        const std::string published{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        CHECK(published == schema);
    }
}
