// Where one integration's remote files come down to, in the data folder: a transfer that was cut off goes on
// from here. Holds nothing that can not be fetched again.
//
// A file's place is named after the hash of its name and state, so that no name reaches a path and bytes of
// one state are never continued with those of another. One thread.
#pragma once

#include "ingest/files/folder.hpp"
#include "net/file_server.hpp"

#include <map>
#include <set>
#include <string>

namespace trevo::files {

class Spool {
  public:
    // `folder` is made when it is missing.
    explicit Spool(std::string folder) : folder_(std::move(folder)) {}

    // Brings the file down, from where an earlier call was cut off. What has more than `maxBytes` is
    // "too_large"; what has another size than its state says is "changed", and begins anew.
    Result<OpenFile> fetch(net::FileServer& server, const std::string& name, const net::FileState& state,
                           std::int64_t maxBytes);
    void remove(const std::string& name, const net::FileState& state);
    void keepOnly(const std::set<std::string>& names); // of the server's files

    std::int64_t bytesFetched() const { return fetched_; } // by all calls

  private:
    std::string pathOf(const std::string& name, const net::FileState& state) const;

    const std::string folder_;
    std::map<std::string, std::int64_t> synced_; // what ended in good order, by path
    std::int64_t fetched_ = 0;
};

} // namespace trevo::files
