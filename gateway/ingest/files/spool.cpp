#include "ingest/files/spool.hpp"

#include "base/hash.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/statvfs.h>
#include <unistd.h>

namespace trevo::files {
namespace fs = std::filesystem;
namespace {

// Synced before a byte beyond it is written: what an ended process or a lost power leaves is good up to the
// last whole step.
constexpr std::int64_t kStep = std::int64_t{4} << 20;
constexpr std::int64_t kRoom = std::int64_t{256} << 20; // of the disk that is left to others

std::string nameHash(const std::string& name) {
    return hex(asView(sha256(name))).substr(0, 32);
}

Problem broken(const char* what) {
    return {"spool", "", "", std::string(what) + ": " + std::strerror(errno)};
}

bool writeAll(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool hasRoomFor(const std::string& folder, std::int64_t bytes) {
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) != 0) return true;
    return static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize) - kRoom > bytes;
}

} // namespace

std::string Spool::pathOf(const std::string& name, const net::FileState& state) const {
    const std::string text =
        std::to_string(state.size) + ' ' + (state.modified ? std::to_string(state.modified->micros) : "");
    return folder_ + '/' + nameHash(name) + '-' + nameHash(text).substr(0, 16);
}

Result<OpenFile> Spool::fetch(net::FileServer& server, const std::string& name, const net::FileState& state,
                              std::int64_t maxBytes) {
    const Problem tooLarge{"too_large", "", "",
                           "the file has more than the " + std::to_string(maxBytes) +
                               " bytes of max_megabytes"};
    if (state.size > maxBytes) return tooLarge;
    std::error_code failed;
    fs::create_directories(folder_, failed);
    if (!hasRoomFor(folder_, std::max<std::int64_t>(state.size, 0)))
        return Problem{"disk_full", "", "", "the disk has no room for the file"};
    const std::string path = pathOf(name, state);
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) return broken("the file can not be brought into the data folder");
    OpenFile file(descriptor);

    std::int64_t have = file.stamp().size;
    if (const auto known = synced_.find(path); known == synced_.end() || known->second != have)
        have = have > 0 ? (have - 1) / kStep * kStep : 0;
    // Without a size nobody knows where its end is.
    if (state.size < 0 || have > state.size) have = 0;
    if (::ftruncate(descriptor, have) != 0 || ::lseek(descriptor, have, SEEK_SET) != have)
        return broken("the data folder can not be written");
    synced_.erase(path);

    std::optional<Problem> stopped;
    const std::int64_t end = state.size >= 0 ? state.size : maxBytes;
    const auto sink = [&](std::string_view bytes) {
        if (have + static_cast<std::int64_t>(bytes.size()) > end) {
            stopped =
                state.size >= 0 ? Problem{"changed", "", "", "the file grew while it was fetched"} : tooLarge;
            return false;
        }
        while (!bytes.empty()) {
            const auto part = bytes.substr(0, static_cast<std::size_t>(kStep - have % kStep));
            if (!writeAll(descriptor, part)) {
                stopped = broken("the data folder can not be written");
                return false;
            }
            have += static_cast<std::int64_t>(part.size());
            fetched_ += static_cast<std::int64_t>(part.size());
            bytes.remove_prefix(part.size());
            if (have % kStep == 0) ::fdatasync(descriptor);
        }
        return true;
    };
    if (state.size != have || state.size <= 0) {
        const auto done = server.fetch(name, have, sink);
        if (!done && !stopped) stopped = done.error();
    }
    if (!stopped && state.size >= 0 && have != state.size)
        stopped = Problem{"changed", "", "", "the file is shorter than the server says"};
    if (stopped) {
        const bool good =
            stopped->code == "cut" || stopped->code == "unreachable" || stopped->code == "stopped";
        if (!good || ::fsync(descriptor) != 0)
            ::unlink(path.c_str()); // a server that can not go on from the middle begins anew
        else
            synced_[path] = have;
        return *stopped;
    }
    synced_[path] = have; // of this process: what became of it is asked again, not fetched again
    ::lseek(descriptor, 0, SEEK_SET);
    return file;
}

void Spool::remove(const std::string& name, const net::FileState& state) {
    const std::string path = pathOf(name, state);
    ::unlink(path.c_str());
    synced_.erase(path);
}

void Spool::keepOnly(const std::set<std::string>& names) {
    std::set<std::string> hashes;
    std::error_code failed;
    for (fs::directory_iterator it(folder_, failed), end; !failed && it != end; it.increment(failed)) {
        if (hashes.empty()) {
            for (const auto& name : names)
                hashes.insert(nameHash(name));
        }
        const std::string file = it->path().filename().string();
        if (hashes.contains(file.substr(0, file.find('-')))) continue;
        std::error_code ignored; // it is met again
        fs::remove(it->path(), ignored);
        synced_.erase(it->path().string());
    }
}

} // namespace trevo::files
