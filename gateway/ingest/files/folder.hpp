// A drop folder as an FTP or SFTP server, another program or a person leaves files in it: which of them are
// complete, reading them, and putting them away.
//
// Everything goes through the folder's own descriptor and refuses links, so that no name, whatever it holds,
// reaches another place. One thread.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::files {

struct FolderRules {
    std::string folder;                // absolute
    std::vector<std::string> patterns; // shell patterns of names; empty: every name
    std::string doneMarker;            // ".done": NAME is complete once NAME.done is there; empty: no marker
    int settleSeconds = 0;             // unchanged for so long before it counts as complete
    std::string archive = "archive";   // where it goes afterwards, below the folder; empty: it is deleted

    bool operator==(const FolderRules&) const = default;
};

// Names that nobody means to be read: hidden, half written (.part, .tmp, .filepart …, a trailing ~), or with
// bytes that no partner's file has (control characters, '/').
bool isPassedOver(std::string_view name);

// Whether a folder's rules speak of the file: a name to be read that is no marker and fits a pattern.
bool isWanted(const std::string& name, const std::vector<std::string>& patterns, std::string_view doneMarker);

// What a file is, by its name: "text/csv" for .csv, .txt and .tsv, "application/xml", "application/json",
// "application/x-ndjson", that of a workbook; empty when it tells nothing.
std::string_view contentTypeOf(std::string_view name);

// How a file was when it was looked at; equal stamps mean that nothing was written between.
struct Stamp {
    std::uint64_t device = 0, inode = 0;
    std::int64_t size = 0;
    UtcTime modified;
    bool operator==(const Stamp&) const = default;
};

class OpenFile {
  public:
    explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
    ~OpenFile();
    OpenFile(OpenFile&& other) noexcept;
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    OpenFile& operator=(OpenFile&&) = delete;

    Stamp stamp() const;
    // The next bytes, at most `size`; empty at the end.
    Result<std::string> read(std::size_t size);

  private:
    int descriptor_;
};

class Folder {
  public:
    // Opens the folder and makes the archive below it.
    static Result<Folder> open(const FolderRules& rules);
    ~Folder();
    Folder(Folder&& other) noexcept;
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    Folder& operator=(Folder&&) = delete;

    int descriptor() const { return descriptor_; }
    const FolderRules& rules() const { return rules_; }

    // A writer closed the file or moved it here: it is complete without waiting for the next sweep, after the
    // settle time if there is one.
    void closed(const std::string& name);

    // The complete files, in the order of their names. A file that no event told of (an event can be lost,
    // the folder may be on a network) is complete when it has not changed since the sweep before and for at
    // least two seconds.
    Result<std::vector<std::string>> sweep(UtcTime now);

    // When a file that the last sweep left may become complete; empty when none waits.
    std::optional<UtcTime> nextDue() const { return nextDue_; }

    Result<OpenFile> open(const std::string& name) const;

    // Moves the file, and its marker, to the archive under its name, numbered when that is taken; or deletes
    // them. Durable when it returns.
    Result<Done> putAway(const std::string& name) const;

    // Deletes what lies in the sub-folder `where` since before `time`, not more than a few thousand files at
    // once: how many.
    Result<std::size_t> clear(const std::string& where, UtcTime time) const;

    // Deletes the files in the sub-folder `where` of which `unwanted` says so; how many.
    using Unwanted = std::function<bool(const std::string& name, OpenFile& file)>;
    Result<std::size_t> removeIf(const std::string& where, const Unwanted& unwanted) const;

    // Writes `name` below the sub-folder `where`, under a passing name first, what `fill` appends piece by
    // piece.
    using Append = std::function<bool(std::string_view)>; // false: it can not be written
    Result<Done> write(const std::string& where, const std::string& name,
                       const std::function<void(const Append&)>& fill) const;

  private:
    Folder(FolderRules rules, int descriptor) : rules_(std::move(rules)), descriptor_(descriptor) {}
    Result<int> subFolder(const std::string& name) const;

    struct Seen {
        Stamp stamp;
        bool closed = false;
    };
    FolderRules rules_;
    int descriptor_;
    std::map<std::string, Seen> seen_;
    std::optional<UtcTime> nextDue_;
};

} // namespace trevo::files
