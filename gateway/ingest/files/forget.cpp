#include "ingest/files/forget.hpp"

#include "base/utf8.hpp"
#include "formats/zip.hpp"
#include "ingest/files/acknowledgement.hpp"

#include <filesystem>

namespace trevo::files {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 18;
constexpr std::size_t kOverlap = 512; // longer than any value with its marks

// Numbers and addresses are looked for as the erasing of raw deliveries finds them; names and cars are
// others' too.
privacy::Mask numbersOf(const privacy::Values& values) {
    return privacy::Mask({{}, values.documents, values.phones, values.emails});
}

bool holds(const privacy::Mask& mask, const formats::Read& read) {
    std::string block;
    while (true) {
        block.erase(0, block.size() > kOverlap ? block.size() - kOverlap : 0);
        const std::size_t kept = block.size();
        block.resize(kept + kBlock);
        std::size_t end = kept;
        while (end < block.size()) {
            const std::size_t got = read(block.data() + end, block.size() - end);
            if (got == 0) break;
            end += got;
        }
        block.resize(end);
        if (end == kept) return false;
        std::string copy;
        if (mask.mayHold(block) && mask.apply(copy = block)) return true;
    }
}

struct Unreadable {
    Problem problem;
};

bool speaksOf(const privacy::Mask& mask, const std::string& name, OpenFile& file) {
    const formats::Read bytes = [&](char* into, std::size_t size) {
        const auto read = file.read(size);
        if (!read) throw Unreadable{read.error()};
        std::copy(read->begin(), read->end(), into);
        return read->size();
    };
    const std::string lower = lowerAscii(name); // an archived one may end in ".zip.2"
    if (lower.find(".zip") == std::string::npos && lower.find(".xlsx") == std::string::npos)
        return holds(mask, bytes);
    formats::ZipReader zip(bytes);
    formats::ZipEntry entry;
    while (true) {
        const auto more = zip.next(entry);
        if (!more || !*more) return false;
        if (holds(mask, zip.content())) return true;
    }
}

} // namespace

Result<std::size_t> forgetIn(const FolderRules& rules, const privacy::Values& values) {
    std::error_code missing;
    if (!std::filesystem::is_directory(rules.folder, missing)) return std::size_t{0};
    const auto folder = Folder::open(rules);
    if (!folder) return folder.error();
    const privacy::Mask mask = numbersOf(values);
    std::size_t gone = 0;
    std::vector<std::string> places;
    if (!rules.archive.empty()) places.push_back(rules.archive);
    if (std::filesystem::is_directory(std::filesystem::path(rules.folder) / Acknowledgements::kFolder,
                                      missing))
        places.emplace_back(Acknowledgements::kFolder);
    for (const auto& where : places) {
        try {
            const auto removed = folder->removeIf(
                where, [&](const std::string& name, OpenFile& file) { return speaksOf(mask, name, file); });
            if (!removed) return removed.error();
            gone += *removed;
        } catch (const Unreadable& unreadable) {
            return unreadable.problem;
        }
    }
    return gone;
}

} // namespace trevo::files
