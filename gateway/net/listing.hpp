// Reads the directory listings of FTP and SFTP servers: MLSD (RFC 3659) and the usual forms of LIST: Unix
// `ls` in its variants, Windows and IIS "DIR", EPLF. Pure; what it reads is hostile.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::net {

struct ListedFile {
    std::string name;       // as the server has it, bytes of any charset; isPlainName() holds
    std::int64_t size = -1; // -1: the server does not say
    std::string time;       // "2026-11-25 20:24:07", shorter when the server tells less; in the server's zone

    bool operator==(const ListedFile&) const = default;
};

struct Listing {
    std::vector<ListedFile> files; // regular files only
    std::size_t refusedNames = 0;  // files whose names are used for nothing
    std::size_t unreadable = 0;    // lines in no known form
};

enum class ListingForm { Mlsd, List };

constexpr std::size_t kMaxListedFiles = 50'000;

// A name that can be part of a path without leading elsewhere, and of a command without ending it: no '/',
// '\', control characters, "." or "..", at most 200 bytes.
bool isPlainName(std::string_view name);

// `now` dates the entries that `ls` shows without their year. A Problem when nothing of it can be read, or
// when there are more than kMaxListedFiles files.
Result<Listing> readListing(std::string_view text, ListingForm form, UtcTime now);

// Whether two times of one file say the same, one of them perhaps with less in it.
bool sameListedTime(std::string_view a, std::string_view b);

} // namespace trevo::net
