// A SQLite VFS that lays itself over another and gathers the writes to a write-ahead log.
//
// SQLite writes each page of a commit to its log in two calls, a header of 24 bytes and the page; with a page
// or two a record these calls are a third of what a commit costs. Here writes that follow each other are kept
// in memory and reach the file in one, at the latest when SQLite syncs, reads or measures the log. What
// SQLite may rely on stays: with synchronous=FULL it syncs the log before it lets any connection see a
// commit, so no one looks for bytes that are still held back, and a failed write is reported by the call that
// makes it happen, the sync at the latest. All other files are opened by the lower VFS itself.
#pragma once

#include <string>

namespace trevo::sqlite {

// The name of such a VFS over `lower` (empty: the system's), registered when it was not. Thread-safe. Throws
// SqlError when there is no VFS `lower`.
std::string gatheredWrites(const std::string& lower);

} // namespace trevo::sqlite
