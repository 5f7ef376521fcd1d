// The answer to a file, for a partner that asked for one: NAME.ack.json in the sub-folder "acknowledged" of
// the drop folder, written once everything of the file has come to its end.
//
//   {"file":"leads.csv","taken_at":"…","receipts":["…"],"repeated":false,
//    "accepted":[{"record":"r12","external_id":"A-1"}],
//    "refused":[{"place":"line 3","field":"Telefone","code":"…","detail":"…"}]}
//
// What waits for its answer is kept in the integration's durable state, so a restart forgets none.
#pragma once

#include "ingest/files/folder.hpp"
#include "ingest/files/take.hpp"
#include "store/store.hpp"

#include <string>
#include <vector>

namespace trevo::files {

struct PendingAnswer {
    std::string file;
    UtcTime takenAt;
    bool repeated = false;
    std::vector<Uuid> receipts;
};

class Acknowledgements {
  public:
    // All references must outlive it. One thread.
    Acknowledgements(std::string integration, journal::Journal& journal, store::Reader& store);

    // Durable when it returns true.
    bool expect(PendingAnswer answer);
    bool empty() const { return pending_.empty(); }

    // Writes the answers whose files have come to their end. A problem of writing leaves them pending.
    Result<Done> writeFinished(const Folder& folder);

  private:
    bool keep() const;
    std::optional<std::string> answerOf(const PendingAnswer& pending) const; // empty while something waits

    const std::string integration_;
    journal::Journal& journal_;
    store::Reader& store_;
    std::vector<PendingAnswer> pending_;
};

} // namespace trevo::files
