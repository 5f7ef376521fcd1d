// What a fuzzer would do first, in every run of the tests: each seed as it is, cut off and damaged. A target
// that finds a broken promise aborts.
#include "targets.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kCuts = 64;    // of one seed
constexpr std::size_t kDamages = 64; // of one seed

std::vector<std::filesystem::path> seedsOf(const std::string& name) {
    std::vector<std::filesystem::path> seeds;
    const std::filesystem::path folder = std::string(TREVO_SOURCE_DIR) + "/tests/fuzz/seeds/" + name;
    if (!std::filesystem::is_directory(folder)) return seeds;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        seeds.push_back(entry.path());
    std::sort(seeds.begin(), seeds.end());
    return seeds;
}

std::string readSeed(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void feed(const trevo::fuzz::Target& target, const std::string& bytes) {
    target.feed(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

} // namespace

TEST_CASE("Every parser of outside bytes takes its seeds, whole, cut off and damaged") {
    for (const auto& target : trevo::fuzz::kTargets) {
        DYNAMIC_SECTION(target.name) {
            const auto seeds = seedsOf(target.name);
            CHECK_FALSE(seeds.empty());
            feed(target, "");
            for (const auto& path : seeds) {
                INFO(path.filename().string());
                const std::string seed = readSeed(path);
                feed(target, seed);
                const std::size_t stride = std::max<std::size_t>(1, seed.size() / kCuts);
                for (std::size_t size = 0; size < seed.size(); size += stride)
                    feed(target, seed.substr(0, size));
                // Not random: the same bytes in every run.
                const std::size_t step = std::max<std::size_t>(1, seed.size() / kDamages);
                for (std::size_t at = 0; at < seed.size(); at += step) {
                    std::string damaged = seed;
                    damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 << (at % 8)));
                    feed(target, damaged);
                    damaged[at] = "\0\xff\"<&{[,;\r"[at % 10];
                    feed(target, damaged);
                }
            }
        }
    }
}
