// One complete file into the journal.
#pragma once

#include "ingest/files/folder.hpp"
#include "integration/integration.hpp"

#include <string>
#include <vector>

namespace trevo::files {

struct Taken {
    std::vector<Uuid> receipts; // of the envelopes that hold the file, in its order
    bool repeated = false;      // every byte of it was taken before
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

// Reads the file and commits it; the bytes are the key, for 90 days, whatever the file is called. Returns
// when the journal has answered.
Result<Taken, NotTaken> take(const Folder& folder, const std::string& name, const Integration& integration,
                             journal::Journal& journal, const Clock& clock);

} // namespace trevo::files
