// Which files of a remote folder were taken and stay there: name, size and time as listed, in the
// integration's durable state. A file is added in the transaction of its documents.
#pragma once

#include "journal/journal.hpp"
#include "net/listing.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace trevo::files {

class KeptFiles {
  public:
    KeptFiles(std::string integration, journal::Journal& journal);

    bool has(const net::ListedFile& file) const; // as it was when it was taken

    // To be committed; then added() tells of it.
    journal::StateChange toAdd(const net::ListedFile& file) const;
    void added(const net::ListedFile& file);

    // Forgets what the server has no more. A failure to keep that is made good by the next call.
    void keepOnly(const net::Listing& listing);

  private:
    struct Mark {
        std::int64_t size = 0;
        std::string time;
    };
    // Spread over several states, so that one file's mark writes few of the others again.
    using Marks = std::map<std::string, Mark>; // by the name's hash
    static constexpr std::size_t kStates = 64;
    static std::size_t stateOf(const std::string& hash);
    journal::StateChange change(std::size_t state, const Marks& marks) const;

    const std::string integration_;
    journal::Journal& journal_;
    std::array<Marks, kStates> marks_;
};

} // namespace trevo::files
