// A file system in memory, registered with SQLite under a name, on which the power can go and operations can
// fail.
//
// It keeps two contents per file: what was written and what was synced. When the power goes, every operation
// fails until restore(), which reduces the files to what a disk may then hold: the synced bytes, and in the
// torn model any subset of the 512-byte sectors written since, any of the truncations and deletions, in any
// order. That subset is the promise of a disk with powersafe overwrite, which is what SQLite assumes of the
// real VFS too.
//
// Shared memory and locks live in the heap, so that the journal's two connections work as they do on a disk
// (locking_mode=EXCLUSIVE would need no shared memory, but then the reads could not be tested along).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace trevo::crash {

enum class Op { Open, Read, Write, Sync, Truncate, Delete, Count };

struct FileNode {
    std::vector<char> now, synced;
    std::set<std::size_t> dirty; // sectors written since the last sync
    bool durable = false;        // synced once: its name survives too
    bool truncated = false;      // since the last sync
    // Locks and shared memory of the connections that have it open.
    int shared = 0;
    const void* reserved = nullptr;
    const void* exclusive = nullptr;
    std::vector<std::unique_ptr<std::array<char, 32768>>> memory;
    std::array<int, 8> sharedSlots{};
    std::array<const void*, 8> exclusiveSlots{};
};

class FaultyVfs {
  public:
    explicit FaultyVfs(std::string name);
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;
    const std::string& name() const { return name_; }

    // The operation `after` more operations of that kind answers `code`, and with `lasting` all later ones
    // too, until heal().
    void fail(Op op, long after, int code, bool lasting);
    void heal();
    bool fired() const; // the fault has been met
    long count(Op op) const;

    // The power goes before the mutating operation number `operation` from now (0: the next).
    void cutPowerAt(long operation);
    bool powerIsOff() const;
    long mutations() const; // writes, syncs, truncations and deletions so far
    enum class Survives { SyncedOnly, AnySectors };
    void restore(Survives what, std::uint64_t seed);

    // For the methods that SQLite calls.
    int enter(Op op); // counts; SQLITE_OK or the code to answer
    std::shared_ptr<FileNode> open(const std::string& path, bool create);
    bool exists(const std::string& path) const;
    void remove(const std::string& path, bool synced);
    mutable std::recursive_mutex mutex;

  private:
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::map<std::string, std::shared_ptr<FileNode>> files_;
    std::map<std::string, std::shared_ptr<FileNode>> deleted_; // not yet for good
    std::array<long, static_cast<std::size_t>(Op::Count)> counts_{};
    Op failing_ = Op::Count;
    long failAfter_ = 0;
    int code_ = 0;
    bool lasting_ = false, fired_ = false;
    long mutations_ = 0;
    long cutAt_ = -1;
    bool off_ = false;
};

} // namespace trevo::crash
