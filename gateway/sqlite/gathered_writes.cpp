#include "sqlite/gathered_writes.hpp"

#include "sqlite/statement.hpp"

#include <sqlite3.h>

#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string_view>
#include <vector>

namespace trevo::sqlite {
namespace {

// Bytes held back at most: SQLite's own VFS takes the size of a write modulo 128 KiB.
constexpr std::size_t kHeld = std::size_t{120} << 10;

// What SQLite allocates for an open log: this, then the lower VFS's own file.
struct Log {
    sqlite3_file base{};
    std::vector<char> held;
    sqlite3_int64 heldAt = 0; // where held begins in the file

    sqlite3_file* lower() { return reinterpret_cast<sqlite3_file*>(this + 1); }

    // Held bytes are given up when they can not be written: the commit they belong to fails with this call,
    // and a later one writes that part of the log again.
    int flush() {
        if (held.empty()) return SQLITE_OK;
        const int code =
            lower()->pMethods->xWrite(lower(), held.data(), static_cast<int>(held.size()), heldAt);
        held.clear();
        return code;
    }
};

Log& logOf(sqlite3_file* file) {
    return *reinterpret_cast<Log*>(file);
}

int close(sqlite3_file* file) {
    Log& log = logOf(file);
    const int flushed = log.flush();
    const int closed = log.lower()->pMethods->xClose(log.lower());
    log.~Log();
    return flushed != SQLITE_OK ? flushed : closed;
}

int read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
    Log& log = logOf(file);
    if (const int code = log.flush(); code != SQLITE_OK) return code;
    return log.lower()->pMethods->xRead(log.lower(), to, amount, offset);
}

int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
    Log& log = logOf(file);
    const auto size = static_cast<std::size_t>(amount);
    const bool follows = offset == log.heldAt + static_cast<sqlite3_int64>(log.held.size());
    if (!follows || log.held.size() + size > kHeld) {
        if (const int code = log.flush(); code != SQLITE_OK) return code;
    }
    if (size > kHeld) return log.lower()->pMethods->xWrite(log.lower(), from, amount, offset);
    if (log.held.empty()) log.heldAt = offset;
    const auto* bytes = static_cast<const char*>(from);
    try {
        log.held.insert(log.held.end(), bytes, bytes + size);
    } catch (const std::bad_alloc&) {
        return SQLITE_IOERR_NOMEM;
    }
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    Log& log = logOf(file);
    if (const int code = log.flush(); code != SQLITE_OK) return code;
    return log.lower()->pMethods->xTruncate(log.lower(), size);
}

int sync(sqlite3_file* file, int flags) {
    Log& log = logOf(file);
    if (const int code = log.flush(); code != SQLITE_OK) return code;
    return log.lower()->pMethods->xSync(log.lower(), flags);
}

int fileSize(sqlite3_file* file, sqlite3_int64* size) {
    Log& log = logOf(file);
    if (const int code = log.flush(); code != SQLITE_OK) return code;
    return log.lower()->pMethods->xFileSize(log.lower(), size);
}

int lock(sqlite3_file* file, int level) {
    return logOf(file).lower()->pMethods->xLock(logOf(file).lower(), level);
}

int unlock(sqlite3_file* file, int level) {
    return logOf(file).lower()->pMethods->xUnlock(logOf(file).lower(), level);
}

int checkReservedLock(sqlite3_file* file, int* result) {
    return logOf(file).lower()->pMethods->xCheckReservedLock(logOf(file).lower(), result);
}

int fileControl(sqlite3_file* file, int operation, void* argument) {
    return logOf(file).lower()->pMethods->xFileControl(logOf(file).lower(), operation, argument);
}

int sectorSize(sqlite3_file* file) {
    return logOf(file).lower()->pMethods->xSectorSize(logOf(file).lower());
}

int deviceCharacteristics(sqlite3_file* file) {
    return logOf(file).lower()->pMethods->xDeviceCharacteristics(logOf(file).lower());
}

// Version 1: shared memory and memory mapping belong to the main file, which is not one of ours.
constexpr sqlite3_io_methods kLogMethods{1,
                                         close,
                                         read,
                                         write,
                                         truncate,
                                         sync,
                                         fileSize,
                                         lock,
                                         unlock,
                                         checkReservedLock,
                                         fileControl,
                                         sectorSize,
                                         deviceCharacteristics,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr,
                                         nullptr};

constexpr std::string_view kPrefix = "gathered-";

int openFile(sqlite3_vfs* self, const char* path, sqlite3_file* file, int flags, int* outFlags) {
    sqlite3_vfs* lower = sqlite3_vfs_find(self->zName + kPrefix.size());
    if (!lower) return SQLITE_CANTOPEN;
    if ((flags & SQLITE_OPEN_WAL) == 0) return lower->xOpen(lower, path, file, flags, outFlags);
    Log* log = new (file) Log;
    const int code = lower->xOpen(lower, path, log->lower(), flags, outFlags);
    if (code == SQLITE_OK) {
        log->base.pMethods = &kLogMethods;
        return code;
    }
    // A lower file with methods is to be closed even when it could not be opened.
    if (log->lower()->pMethods) log->lower()->pMethods->xClose(log->lower());
    log->~Log();
    file->pMethods = nullptr;
    return code;
}

// A copy of the lower VFS under another name. Its other methods are the lower one's own; they find their data
// by pAppData, which is copied too.
struct Layer {
    std::string name;
    sqlite3_vfs vfs{};
};

void copy(Layer& layer, const sqlite3_vfs& lower) {
    layer.vfs = lower;
    layer.vfs.pNext = nullptr;
    layer.vfs.zName = layer.name.c_str();
    layer.vfs.szOsFile = lower.szOsFile + static_cast<int>(sizeof(Log));
    layer.vfs.xOpen = openFile;
}

} // namespace

std::string gatheredWrites(const std::string& lower) {
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<Layer>>
        layers; // never removed: SQLite keeps pointers to them
    const sqlite3_vfs* found = sqlite3_vfs_find(lower.empty() ? nullptr : lower.c_str());
    if (!found) throw SqlError(SQLITE_CANTOPEN, "there is no SQLite VFS " + lower);
    const std::lock_guard lock(mutex);
    auto& layer = layers[found->zName];
    if (layer && layer->vfs.pAppData == found->pAppData) return layer->name;
    if (layer) sqlite3_vfs_unregister(&layer->vfs); // another VFS has taken the name
    if (!layer) layer = std::make_unique<Layer>(Layer{std::string(kPrefix) + found->zName, {}});
    copy(*layer, *found);
    if (const int code = sqlite3_vfs_register(&layer->vfs, 0); code != SQLITE_OK) {
        throw SqlError(code, "the SQLite VFS " + layer->name + " can not be registered");
    }
    return layer->name;
}

} // namespace trevo::sqlite
