// The words of IMAP that are written and read here. Pure; what is read is hostile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::net {

// A folder's name, from UTF-8 to IMAP's modified UTF-7 (RFC 3501, 5.1.3).
std::string imapFolder(std::string_view name);

// As a quoted string. Control characters are left out.
std::string imapQuoted(std::string_view text);

struct ImapEntry {
    std::uint32_t uid = 0;
    std::int64_t size = -1;
    bool seen = false;
};

// "* 12 FETCH (UID 34 RFC822.SIZE 4711 FLAGS (\Seen))", in any order; empty when it is no such line.
std::optional<ImapEntry> readImapEntry(std::string_view line);

// Of the answer to SELECT or EXAMINE: how many mails there are.
std::uint32_t imapExists(std::string_view answer);

// "1,2,5": as a set "1:2,5".
std::string imapSet(const std::vector<std::uint32_t>& ascending);

} // namespace trevo::net
