// Connections for reading, opened as they are needed and kept. A lease is held for one query.
#pragma once

#include "store/sqlite/names.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace trevo::store::sqlite {

struct ReadSession {
    ReadSession(const std::string& path, const std::string& vfs);
    Database database;
    Names names;
};

// Thread-safe. Waits when all connections are in use.
class ReadPool {
  public:
    ReadPool(std::string path, std::string vfs) : path_(std::move(path)), vfs_(std::move(vfs)) {}

    class Lease {
      public:
        Lease(ReadPool& pool, std::unique_ptr<ReadSession> session)
            : pool_(pool), session_(std::move(session)) {}
        ~Lease() { pool_.giveBack(std::move(session_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        ReadSession* operator->() const { return session_.get(); }
        ReadSession& operator*() const { return *session_; }

      private:
        ReadPool& pool_;
        std::unique_ptr<ReadSession> session_;
    };
    Lease lease();

  private:
    void giveBack(std::unique_ptr<ReadSession> session);

    std::string path_, vfs_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<std::unique_ptr<ReadSession>> idle_;
    int open_ = 0;
};

// The type name of the pointer that trevo_matches(features, ?) takes: a const Search.
inline constexpr const char* kSearchPointer = "trevo.search";

} // namespace trevo::store::sqlite
