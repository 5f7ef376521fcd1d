#include "ingest/files/folder.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <memory>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace trevo::files {
namespace {

constexpr std::size_t kMostCleared = 5000;
constexpr std::int64_t kQuiet = 2 * kSecond; // for files that no event told of

Problem failure(std::string code, const std::string& what) {
    return {std::move(code), "", "", what + ": " + std::strerror(errno)};
}

Stamp stampOf(const struct stat& status) {
    return {
        status.st_dev, status.st_ino, status.st_size,
        UtcTime{static_cast<std::int64_t>(status.st_mtim.tv_sec) * kSecond + status.st_mtim.tv_nsec / 1000}};
}

bool isMarkerOf(std::string_view name, std::string_view suffix) {
    return !suffix.empty() && name.size() > suffix.size() && name.ends_with(suffix);
}

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

Result<std::set<std::string>> namesIn(int descriptor) {
    // A descriptor of its own: reading moves its position.
    const int own = ::openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (own < 0) return failure("folder", "the folder can not be listed");
    const std::unique_ptr<DIR, CloseDirectory> directory(::fdopendir(own));
    if (!directory) {
        ::close(own);
        return failure("folder", "the folder can not be listed");
    }
    std::set<std::string> names;
    for (errno = 0; const dirent* entry = ::readdir(directory.get()); errno = 0)
        names.emplace(entry->d_name);
    if (errno != 0) return failure("folder", "the folder can not be listed");
    return names;
}

// "leads.csv", "leads.csv.2", "leads.csv.3" …
Result<Done> moveNumbered(int from, const std::string& name, int to) {
    std::string target = name;
    for (int number = 2; ::renameat2(from, name.c_str(), to, target.c_str(), RENAME_NOREPLACE) != 0;
         ++number) {
        if (errno != EEXIST || number > 100'000) return failure("archive", "the file can not be archived");
        target = name + '.' + std::to_string(number);
    }
    return Done{};
}

} // namespace

bool isPassedOver(std::string_view name) {
    static constexpr std::array<std::string_view, 6> kHalf = {".part",       ".tmp",      ".filepart",
                                                              ".crdownload", ".download", ".partial"};
    if (name.empty() || name.front() == '.' || name.back() == '~' || name.size() > 200) return true;
    if (std::any_of(name.begin(), name.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == 0x7f; }))
        return true;
    const std::string lower = lowerAscii(name);
    return std::any_of(kHalf.begin(), kHalf.end(),
                       [&](std::string_view suffix) { return lower.ends_with(suffix); });
}

bool isWanted(const std::string& name, const std::vector<std::string>& patterns,
              std::string_view doneMarker) {
    if (isPassedOver(name) || isMarkerOf(name, doneMarker)) return false;
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
               return ::fnmatch(pattern.c_str(), name.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
           });
}

std::string_view contentTypeOf(std::string_view name) {
    struct Type {
        std::string_view suffix, type;
    };
    static constexpr std::array<Type, 8> kTypes = {
        {{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
         {".csv", "text/csv"},
         {".txt", "text/csv"},
         {".tsv", "text/csv"},
         {".xml", "application/xml"},
         {".json", "application/json"},
         {".ndjson", "application/x-ndjson"},
         {".jsonl", "application/x-ndjson"}}};
    const std::string lower = lowerAscii(name);
    for (const auto& [suffix, type] : kTypes) {
        if (lower.ends_with(suffix)) return type;
    }
    return {};
}

OpenFile::OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

OpenFile::~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Stamp OpenFile::stamp() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return {};
    return stampOf(status);
}

Result<std::string> OpenFile::read(std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
        const auto got = ::read(descriptor_, bytes.data() + have, size - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure("read", "the file can not be read");
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

Result<Folder> Folder::open(const FolderRules& rules) {
    const int descriptor = ::open(rules.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return failure("folder", "the folder " + rules.folder + " can not be opened");
    Folder folder(rules, descriptor);
    if (!rules.archive.empty()) {
        const auto archive = folder.subFolder(rules.archive);
        if (!archive) return archive.error();
        ::close(*archive);
    }
    return folder;
}

Folder::Folder(Folder&& other) noexcept
    : rules_(std::move(other.rules_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      seen_(std::move(other.seen_)),
      nextDue_(other.nextDue_) {}

Folder::~Folder() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void Folder::closed(const std::string& name) {
    if (isWanted(name, rules_.patterns, rules_.doneMarker)) seen_[name].closed = true;
}

Result<std::vector<std::string>> Folder::sweep(UtcTime now) {
    auto names = namesIn(descriptor_);
    if (!names) return names.error();
    std::map<std::string, Seen> present;
    std::vector<std::string> complete;
    nextDue_.reset();
    const auto waitFor = [this](UtcTime time) { nextDue_ = nextDue_ ? std::min(*nextDue_, time) : time; };
    for (const std::string& name : *names) {
        if (!isWanted(name, rules_.patterns, rules_.doneMarker)) continue;
        struct stat status {};
        if (::fstatat(descriptor_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue; // gone again
        if (!S_ISREG(status.st_mode)) continue;
        const auto before = seen_.find(name);
        Seen seen{stampOf(status), before != seen_.end() && before->second.closed};
        const bool unchanged = before != seen_.end() && before->second.stamp == seen.stamp;
        if (!rules_.doneMarker.empty()) {
            if (names->contains(name + rules_.doneMarker)) complete.push_back(name);
        } else {
            const std::int64_t settle = rules_.settleSeconds * kSecond;
            const std::int64_t quiet = seen.closed ? settle : std::max(settle, kQuiet);
            const bool due = seen.stamp.modified + quiet <= now;
            if (due && (seen.closed || unchanged))
                complete.push_back(name);
            else
                waitFor(std::max(now + kSecond / 4, seen.stamp.modified + quiet));
        }
        present.emplace(name, seen);
    }
    seen_ = std::move(present);
    return complete;
}

Result<OpenFile> Folder::open(const std::string& name) const {
    const int file = ::openat(descriptor_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return failure("read", "the file can not be opened");
    OpenFile opened(file);
    struct stat status {};
    if (::fstat(file, &status) != 0) return failure("read", "the file can not be read");
    if (!S_ISREG(status.st_mode)) return Problem{"read", "", "", "this is no regular file"};
    return opened;
}

Result<int> Folder::subFolder(const std::string& name) const {
    if (::mkdirat(descriptor_, name.c_str(), 0750) != 0 && errno != EEXIST)
        return failure("folder", "the folder '" + name + "' can not be made in " + rules_.folder);
    const int sub = ::openat(descriptor_, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (sub < 0) return failure("folder", "the folder '" + name + "' can not be opened in " + rules_.folder);
    return sub;
}

Result<Done> Folder::putAway(const std::string& name) const {
    if (rules_.archive.empty()) {
        if (::unlinkat(descriptor_, name.c_str(), 0) != 0)
            return failure("archive", "the file can not be deleted");
    } else {
        const auto archive = subFolder(rules_.archive);
        if (!archive) return archive.error();
        const auto moved = moveNumbered(descriptor_, name, *archive);
        ::fsync(*archive); // a move that a power cut undoes is done again, without effect
        ::close(*archive);
        if (!moved) return moved.error();
    }
    // The file first: a marker left behind says nothing, a file without its marker would wait for ever.
    if (!rules_.doneMarker.empty()) ::unlinkat(descriptor_, (name + rules_.doneMarker).c_str(), 0);
    if (::fsync(descriptor_) != 0) return failure("archive", "the folder can not be synced");
    return Done{};
}

// By the time of the last change of the file's place, which is when it was put here; its content is older.
Result<std::size_t> Folder::clear(const std::string& where, UtcTime time) const {
    const auto sub = subFolder(where);
    if (!sub) return sub.error();
    const auto names = namesIn(*sub);
    std::size_t gone = 0;
    if (names) {
        for (const std::string& name : *names) {
            struct stat status {};
            if (gone >= kMostCleared) break;
            if (::fstatat(*sub, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
                continue;
            if (UtcTime::fromSeconds(status.st_ctim.tv_sec) < time && ::unlinkat(*sub, name.c_str(), 0) == 0)
                ++gone;
        }
    }
    ::close(*sub);
    if (!names) return names.error();
    return gone;
}

Result<std::size_t> Folder::removeIf(const std::string& where, const Unwanted& unwanted) const {
    const auto opened = subFolder(where);
    if (!opened) return opened.error();
    const OpenFile sub(*opened); // closes it
    const auto names = namesIn(*opened);
    if (!names) return names.error();
    std::size_t gone = 0;
    for (const std::string& name : *names) {
        struct stat status {};
        if (::fstatat(*opened, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
            continue;
        const int descriptor = ::openat(*opened, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (descriptor < 0) return failure("archive", "the file '" + name + "' can not be read");
        OpenFile file(descriptor);
        if (!unwanted(name, file)) continue;
        if (::unlinkat(*opened, name.c_str(), 0) != 0)
            return failure("archive", "the file '" + name + "' can not be deleted");
        ++gone;
    }
    if (gone > 0 && ::fsync(*opened) != 0) return failure("archive", "the folder can not be synced");
    return gone;
}

Result<Done> Folder::write(const std::string& where, const std::string& name,
                           const std::function<void(const Append&)>& fill) const {
    const auto sub = subFolder(where);
    if (!sub) return sub.error();
    const std::string passing = '.' + name + ".tmp";
    const int file =
        ::openat(*sub, passing.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
    bool good = file >= 0;
    const auto append = [&](std::string_view text) {
        while (good && !text.empty()) {
            const auto written = ::write(file, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            good = written > 0;
            if (good) text.remove_prefix(static_cast<std::size_t>(written));
        }
        return good;
    };
    try {
        if (good) fill(append);
    } catch (...) {
        ::close(file);
        ::close(*sub);
        throw;
    }
    good = good && ::fsync(file) == 0 && ::renameat(*sub, passing.c_str(), *sub, name.c_str()) == 0;
    const Problem problem = failure("acknowledgement", "the file '" + name + "' can not be written");
    if (file >= 0) ::close(file);
    ::close(*sub);
    if (!good) return problem;
    return Done{};
}

} // namespace trevo::files
