// One complete file into the journal.
#pragma once

#include "ingest/files/folder.hpp"
#include "integration/integration.hpp"

#include <string>
#include <vector>

namespace trevo::files {

struct Taken {
    std::vector<Uuid> receipts; // of the envelopes that hold the file, in its order
    std::vector<bool> again;    // of each receipt: these bytes were taken before
    bool repeated = false;      // every byte of it was
    bool dead = false;          // kept whole as a dead letter
};

struct NotTaken {
    enum class Why {
        Changing, // it was written to meanwhile: look again
        Busy,     // the journal takes nothing now: try again
        Refused,  // it stays where it is until somebody has looked: `problem` tells
    };
    Why why = Why::Changing;
    Problem problem;
};

struct Arrived {
    std::string name;        // as its sender calls it, or its path in an archive; shown, never opened
    UtcTime modified;        // as its sender's system says
    std::string contentType; // as configured; empty: by the name
    int maxMegabytes = 1024;
    std::string sheet; // of a workbook, by name; empty: the first
    // Committed with the last of its documents: a mark that the file is taken.
    std::vector<journal::StateChange> changes;
};

// Reads a complete file and commits it; the bytes are the key, for 90 days, whatever the file is called.
// Returns when the journal has answered.
Result<Taken, NotTaken> take(OpenFile file, Arrived arrived, const Integration& integration,
                             journal::Journal& journal, const Clock& clock);

} // namespace trevo::files
