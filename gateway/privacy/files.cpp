#include "privacy/values.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace trevo::privacy {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

bool holds(const std::filesystem::path& path, const std::vector<std::string>& needles) {
    std::size_t overlap = 0;
    for (const auto& needle : needles)
        overlap = std::max(overlap, needle.size());
    std::ifstream file(path, std::ios::binary);
    std::string block;
    while (file) {
        // What was cut at the end of a block is looked at again with the next one.
        block.erase(0, block.size() > overlap ? block.size() - overlap : 0);
        const std::size_t kept = block.size();
        block.resize(kept + kBlock);
        file.read(block.data() + kept, static_cast<std::streamsize>(kBlock));
        block.resize(kept + static_cast<std::size_t>(file.gcount()));
        for (const auto& needle : needles)
            if (block.find(needle) != std::string::npos) return true;
    }
    return false;
}

} // namespace

std::vector<std::string> filesHolding(const std::string& folder, const std::vector<std::string>& needles) {
    std::vector<std::string> names;
    if (needles.empty()) return names;
    const auto skip = std::filesystem::directory_options::skip_permission_denied;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, skip))
        if (entry.is_regular_file() && !entry.is_symlink() && holds(entry.path(), needles))
            names.push_back(entry.path().lexically_relative(folder).string());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace trevo::privacy
