#include "formats/zip.hpp"

#include "base/utf8.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <cerrno>
#include <stdexcept>

namespace trevo::formats {

namespace {

constexpr std::uint64_t kFreeBytes = std::uint64_t{1} << 20; // before the ratio counts

std::string shownName(const char* raw) {
    std::string name = guessUtf8(raw ? raw : "");
    for (char& c : name) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    }
    return name;
}

} // namespace

struct ZipReader::State {
    struct Close {
        void operator()(archive* opened) const { archive_read_free(opened); }
    };
    Read read;
    ZipLimits limits;
    std::unique_ptr<archive, Close> handle{archive_read_new()};
    std::array<char, 64 << 10> block{};
    std::string name;
    std::size_t entries = 0;
    std::uint64_t total = 0, ofEntry = 0;
    std::optional<Problem> problem;
    bool open = false;

    Problem fail(std::string code, std::string detail) {
        problem = Problem{std::move(code), name, "", std::move(detail)};
        return *problem;
    }
};

namespace {

la_ssize_t readBlock(archive* handle, void* data, const void** buffer) {
    auto& state = *static_cast<ZipReader::State*>(data);
    try {
        *buffer = state.block.data();
        return static_cast<la_ssize_t>(state.read(state.block.data(), state.block.size()));
    } catch (const std::exception&) {
        archive_set_error(handle, EIO, "the source can not be read");
        return ARCHIVE_FATAL;
    }
}

} // namespace

ZipReader::ZipReader(Read read, ZipLimits limits) : state_(std::make_unique<State>()) {
    state_->read = std::move(read);
    state_->limits = limits;
    if (!state_->handle || archive_read_support_format_zip_streamable(state_->handle.get()) != ARCHIVE_OK)
        throw std::runtime_error("this libarchive reads no ZIP archives");
}

ZipReader::~ZipReader() = default;

Result<bool> ZipReader::next(ZipEntry& entry) {
    State& state = *state_;
    if (state.problem) return *state.problem;
    if (!state.open) {
        if (archive_read_open(state.handle.get(), &state, nullptr, readBlock, nullptr) != ARCHIVE_OK)
            return state.fail("bad_zip", "this is no ZIP archive");
        state.open = true;
    }
    while (true) {
        archive_entry* found = nullptr;
        const int status = archive_read_next_header(state.handle.get(), &found);
        if (status == ARCHIVE_EOF) return false;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            return state.fail("bad_zip", "the archive is damaged or is none");
        state.name = shownName(archive_entry_pathname(found));
        state.ofEntry = 0;
        if (++state.entries > state.limits.maxEntries)
            return state.fail("zip_too_large",
                              "more than " + std::to_string(state.limits.maxEntries) + " files");
        if (archive_entry_filetype(found) == AE_IFDIR) continue;
        if (archive_entry_is_encrypted(found)) return state.fail("zip_encrypted", "the file is encrypted");
        entry.name = state.name;
        return true;
    }
}

Read ZipReader::content() {
    return [this](char* into, std::size_t size) -> std::size_t {
        State& state = *state_;
        if (state.problem) return 0;
        const la_ssize_t count = archive_read_data(state.handle.get(), into, size);
        if (count < 0) {
            state.fail("bad_zip", "the file in the archive is damaged");
            return 0;
        }
        state.ofEntry += static_cast<std::uint64_t>(count);
        state.total += static_cast<std::uint64_t>(count);
        const auto packed = static_cast<std::uint64_t>(archive_filter_bytes(state.handle.get(), -1));
        if (state.ofEntry > state.limits.maxEntryBytes || state.total > state.limits.maxTotalBytes) {
            state.fail("zip_too_large", "unpacked it is larger than is taken");
            return 0;
        }
        if (state.total > kFreeBytes + packed * state.limits.maxRatio) {
            state.fail("zip_too_large", "it unpacks to more than " + std::to_string(state.limits.maxRatio) +
                                            " times its size");
            return 0;
        }
        return static_cast<std::size_t>(count);
    };
}

const std::optional<Problem>& ZipReader::problem() const {
    return state_->problem;
}

} // namespace trevo::formats
