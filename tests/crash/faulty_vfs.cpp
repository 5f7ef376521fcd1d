#include "crash/faulty_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

namespace trevo::crash {

namespace {

constexpr std::size_t kSector = 512;

// SQLite allocates szOsFile bytes and knows the first member only.
struct OpenFile {
    sqlite3_file base;
    FaultyVfs* vfs;
    std::shared_ptr<FileNode>* node;
    int level;
    unsigned sharedMask, exclusiveMask;
};

OpenFile& fileOf(sqlite3_file* file) {
    return *reinterpret_cast<OpenFile*>(file);
}
FaultyVfs& vfsOf(sqlite3_vfs* vfs) {
    return *static_cast<FaultyVfs*>(vfs->pAppData);
}

int unlockFile(sqlite3_file* handle, int level) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    FileNode& node = **file.node;
    if (level >= file.level) return SQLITE_OK;
    if (node.exclusive == handle) node.exclusive = nullptr;
    if (node.reserved == handle) node.reserved = nullptr;
    if (level == SQLITE_LOCK_NONE && file.level >= SQLITE_LOCK_SHARED) --node.shared;
    file.level = level;
    return SQLITE_OK;
}

int lockFile(sqlite3_file* handle, int level) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    FileNode& node = **file.node;
    if (level <= file.level) return SQLITE_OK;
    if (node.exclusive && node.exclusive != handle) return SQLITE_BUSY;
    if (level >= SQLITE_LOCK_RESERVED && node.reserved && node.reserved != handle) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_EXCLUSIVE && node.shared > 1) return SQLITE_BUSY;
    if (file.level == SQLITE_LOCK_NONE) ++node.shared;
    if (level >= SQLITE_LOCK_RESERVED) node.reserved = handle;
    if (level == SQLITE_LOCK_EXCLUSIVE) node.exclusive = handle;
    file.level = level;
    return SQLITE_OK;
}

int checkReserved(sqlite3_file* handle, int* out) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    *out = (*file.node)->reserved != nullptr;
    return SQLITE_OK;
}

int closeFile(sqlite3_file* handle) {
    unlockFile(handle, SQLITE_LOCK_NONE);
    delete fileOf(handle).node;
    return SQLITE_OK;
}

int readFile(sqlite3_file* handle, void* to, int amount, sqlite3_int64 offset) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    if (const int code = file.vfs->enter(Op::Read); code != SQLITE_OK) return code;
    const std::vector<char>& now = (*file.node)->now;
    const auto from = static_cast<std::size_t>(offset), wanted = static_cast<std::size_t>(amount);
    const std::size_t have = from < now.size() ? std::min(wanted, now.size() - from) : 0;
    if (have > 0) std::memcpy(to, now.data() + from, have);
    if (have == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + have, 0, wanted - have);
    return SQLITE_IOERR_SHORT_READ;
}

int writeFile(sqlite3_file* handle, const void* from, int amount, sqlite3_int64 offset) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    const int code = file.vfs->enter(Op::Write);
    if (code != SQLITE_OK && file.vfs->powerIsOff()) return code;
    FileNode& node = **file.node;
    const auto at = static_cast<std::size_t>(offset);
    // A failing write may have written a part; here it writes the first half.
    const auto length = static_cast<std::size_t>(code == SQLITE_OK ? amount : amount / 2);
    if (length == 0) return code;
    if (node.now.size() < at + length) node.now.resize(at + length);
    std::memcpy(node.now.data() + at, from, length);
    for (std::size_t sector = at / kSector; sector <= (at + length - 1) / kSector; ++sector)
        node.dirty.insert(sector);
    return code;
}

int truncateFile(sqlite3_file* handle, sqlite3_int64 size) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    if (const int code = file.vfs->enter(Op::Truncate); code != SQLITE_OK) return code;
    (*file.node)->now.resize(static_cast<std::size_t>(size));
    (*file.node)->truncated = true;
    return SQLITE_OK;
}

int syncFile(sqlite3_file* handle, int) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    if (const int code = file.vfs->enter(Op::Sync); code != SQLITE_OK) return code;
    FileNode& node = **file.node;
    node.synced.resize(node.now.size());
    if (node.truncated) {
        node.synced = node.now;
    } else {
        for (const std::size_t sector : node.dirty) {
            const std::size_t from = sector * kSector;
            if (from >= node.now.size()) continue;
            std::memcpy(node.synced.data() + from, node.now.data() + from,
                        std::min(kSector, node.now.size() - from));
        }
    }
    node.dirty.clear();
    node.truncated = false;
    node.durable = true;
    return SQLITE_OK;
}

int fileSize(sqlite3_file* handle, sqlite3_int64* size) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    *size = static_cast<sqlite3_int64>((*file.node)->now.size());
    return SQLITE_OK;
}

int fileControl(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}
int sectorSize(sqlite3_file*) {
    return 4096;
}
int characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int shmMap(sqlite3_file* handle, int region, int size, int extend, void volatile** out) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    auto& memory = (*file.node)->memory;
    *out = nullptr;
    if (size != 32768) return SQLITE_IOERR_SHMMAP;
    const auto index = static_cast<std::size_t>(region);
    while (memory.size() <= index) {
        if (!extend) return SQLITE_OK;
        memory.push_back(std::make_unique<std::array<char, 32768>>());
    }
    *out = memory[index]->data();
    return SQLITE_OK;
}

int shmLock(sqlite3_file* handle, int offset, int count, int flags) {
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    FileNode& node = **file.node;
    const auto first = static_cast<std::size_t>(offset), last = first + static_cast<std::size_t>(count);
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (std::size_t slot = first; (flags & SQLITE_SHM_LOCK) && slot < last; ++slot) {
        if (node.exclusiveSlots[slot] && node.exclusiveSlots[slot] != handle) return SQLITE_BUSY;
        const int mine = (file.sharedMask >> slot) & 1U ? 1 : 0;
        if (exclusive && node.sharedSlots[slot] > mine) return SQLITE_BUSY;
    }
    for (std::size_t slot = first; slot < last; ++slot) {
        const unsigned bit = 1U << slot;
        if (flags & SQLITE_SHM_UNLOCK) {
            if (file.sharedMask & bit) --node.sharedSlots[slot];
            if (node.exclusiveSlots[slot] == handle) node.exclusiveSlots[slot] = nullptr;
            file.sharedMask &= ~bit;
        } else if (exclusive) {
            node.exclusiveSlots[slot] = handle;
        } else if (!(file.sharedMask & bit)) {
            file.sharedMask |= bit;
            ++node.sharedSlots[slot];
        }
    }
    return SQLITE_OK;
}

void shmBarrier(sqlite3_file*) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

int shmUnmap(sqlite3_file* handle, int remove) {
    shmLock(handle, 0, 8, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
    OpenFile& file = fileOf(handle);
    const std::lock_guard lock(file.vfs->mutex);
    if (remove) (*file.node)->memory.clear();
    return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {2,           closeFile,  readFile,        writeFile,  truncateFile,
                                     syncFile,    fileSize,   lockFile,        unlockFile, checkReserved,
                                     fileControl, sectorSize, characteristics, shmMap,     shmLock,
                                     shmBarrier,  shmUnmap,   nullptr,         nullptr};

int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* handle, int flags, int* outFlags) {
    FaultyVfs& self = vfsOf(vfs);
    const std::lock_guard lock(self.mutex);
    handle->pMethods = nullptr;
    if (const int code = self.enter(Op::Open); code != SQLITE_OK) return SQLITE_CANTOPEN;
    static std::atomic<int> temporary{0};
    const std::string path = name ? name : "temporary-" + std::to_string(++temporary);
    auto node = self.open(path, (flags & SQLITE_OPEN_CREATE) != 0);
    if (!node) return SQLITE_CANTOPEN;
    new (handle)
        OpenFile{{&kMethods}, &self, new std::shared_ptr<FileNode>(std::move(node)), SQLITE_LOCK_NONE, 0, 0};
    if (outFlags) *outFlags = flags;
    return SQLITE_OK;
}

int deleteFile(sqlite3_vfs* vfs, const char* name, int syncDirectory) {
    FaultyVfs& self = vfsOf(vfs);
    const std::lock_guard lock(self.mutex);
    if (const int code = self.enter(Op::Delete); code != SQLITE_OK) return code;
    if (!self.exists(name)) return SQLITE_IOERR_DELETE_NOENT;
    self.remove(name, syncDirectory != 0);
    return SQLITE_OK;
}

int accessFile(sqlite3_vfs* vfs, const char* name, int, int* out) {
    *out = vfsOf(vfs).exists(name) ? 1 : 0;
    return SQLITE_OK;
}

int fullPath(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

sqlite3_vfs* real() {
    static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
    return vfs;
}
int randomness(sqlite3_vfs*, int size, char* out) {
    return real()->xRandomness(real(), size, out);
}
int sleepFor(sqlite3_vfs*, int micros) {
    return real()->xSleep(real(), micros);
}
int currentTime(sqlite3_vfs*, double* out) {
    return real()->xCurrentTime(real(), out);
}
int lastError(sqlite3_vfs*, int, char*) {
    return 0;
}

} // namespace

FaultyVfs::FaultyVfs(std::string name) : name_(std::move(name)), vfs_(std::make_unique<sqlite3_vfs>()) {
    vfs_->iVersion = 1;
    vfs_->szOsFile = sizeof(OpenFile);
    vfs_->mxPathname = 512;
    vfs_->zName = name_.c_str();
    vfs_->pAppData = this;
    vfs_->xOpen = openFile;
    vfs_->xDelete = deleteFile;
    vfs_->xAccess = accessFile;
    vfs_->xFullPathname = fullPath;
    vfs_->xRandomness = randomness;
    vfs_->xSleep = sleepFor;
    vfs_->xCurrentTime = currentTime;
    vfs_->xGetLastError = lastError;
    if (sqlite3_vfs_register(vfs_.get(), 0) != SQLITE_OK) throw std::bad_alloc();
}

FaultyVfs::~FaultyVfs() {
    sqlite3_vfs_unregister(vfs_.get());
}

void FaultyVfs::fail(Op op, long after, int code, bool lasting) {
    const std::lock_guard lock(mutex);
    failing_ = op;
    failAfter_ = after;
    code_ = code;
    lasting_ = lasting;
    fired_ = false;
}

void FaultyVfs::heal() {
    const std::lock_guard lock(mutex);
    failing_ = Op::Count;
}

bool FaultyVfs::fired() const {
    const std::lock_guard lock(mutex);
    return fired_;
}

long FaultyVfs::count(Op op) const {
    const std::lock_guard lock(mutex);
    return counts_[static_cast<std::size_t>(op)];
}

void FaultyVfs::cutPowerAt(long operation) {
    const std::lock_guard lock(mutex);
    cutAt_ = mutations_ + operation;
}

bool FaultyVfs::powerIsOff() const {
    const std::lock_guard lock(mutex);
    return off_;
}

long FaultyVfs::mutations() const {
    const std::lock_guard lock(mutex);
    return mutations_;
}

int FaultyVfs::enter(Op op) {
    ++counts_[static_cast<std::size_t>(op)];
    if (op != Op::Open && op != Op::Read) {
        if (cutAt_ >= 0 && mutations_ >= cutAt_) off_ = true;
        ++mutations_;
    }
    if (off_) return SQLITE_IOERR;
    if (op != failing_ || failAfter_-- > 0) return SQLITE_OK;
    fired_ = true;
    if (!lasting_) failing_ = Op::Count;
    return code_;
}

std::shared_ptr<FileNode> FaultyVfs::open(const std::string& path, bool create) {
    const auto known = files_.find(path);
    if (known != files_.end()) return known->second;
    if (!create) return nullptr;
    return files_[path] = std::make_shared<FileNode>();
}

bool FaultyVfs::exists(const std::string& path) const {
    const std::lock_guard lock(mutex);
    return files_.count(path) > 0;
}

void FaultyVfs::remove(const std::string& path, bool synced) {
    const auto node = files_.extract(path);
    if (synced)
        deleted_.erase(path);
    else
        deleted_[path] = node.mapped();
}

void FaultyVfs::restore(Survives what, std::uint64_t seed) {
    const std::lock_guard lock(mutex);
    std::mt19937_64 random(seed);
    const auto coin = [&] { return what == Survives::AnySectors && (random() & 1U) != 0; };
    auto candidates = files_;
    for (const auto& [path, node] : deleted_) {
        if (coin()) candidates.emplace(path, node);
    }
    std::map<std::string, std::shared_ptr<FileNode>> survived;
    for (const auto& [path, node] : candidates) {
        if (!node->durable && !coin()) continue;
        auto file = std::make_shared<FileNode>();
        file->now = node->synced;
        if (node->truncated && coin()) file->now.resize(std::min(file->now.size(), node->now.size()));
        for (const std::size_t sector : node->dirty) {
            const std::size_t from = sector * kSector;
            if (from >= node->now.size() || !coin()) continue;
            const std::size_t length = std::min(kSector, node->now.size() - from);
            if (file->now.size() < from + length) file->now.resize(from + length);
            std::memcpy(file->now.data() + from, node->now.data() + from, length);
        }
        file->synced = file->now;
        file->durable = true;
        survived.emplace(path, std::move(file));
    }
    files_ = std::move(survived);
    deleted_.clear();
    cutAt_ = -1;
    off_ = false;
}

} // namespace trevo::crash
