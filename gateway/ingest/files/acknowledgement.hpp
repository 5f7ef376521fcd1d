// The answer to a file, for a partner that asked for one: NAME.ack.json or NAME.ack.csv in the sub-folder
// "acknowledged" of the drop folder, written once everything of the file has come to its end.
//
//   {"file":"leads.csv","taken_at":"…","receipts":["…"],"repeated":false,
//    "accepted":[{"record":"r12","external_id":"A-1","revision":1}],
//    "duplicates":[{"record":"r9","external_id":"A-2","of":"r4","reason":"…"}],
//    "refused":[{"place":"line 3","field":"Telefone","code":"…","detail":"…","receipt":"…"}]}
//
// Written as it is read, whatever the file's size. What waits for its answer is kept in the integration's
// durable state, so a restart forgets none.
#pragma once

#include "ingest/files/folder.hpp"
#include "ingest/files/take.hpp"
#include "store/store.hpp"

#include <string>
#include <vector>

namespace trevo::files {

enum class AnswerForm { Json, Csv };

struct PendingAnswer {
    std::string file;
    UtcTime takenAt;
    bool repeated = false;
    std::vector<Uuid> receipts;
    std::vector<bool> again; // of each receipt
    std::size_t over = 0;    // so many of the receipts have come to their end; not kept
};

class Acknowledgements {
  public:
    static constexpr const char* kFolder = "acknowledged"; // below the drop folder

    // All references must outlive it. One thread.
    Acknowledgements(std::string integration, journal::Journal& journal, store::Reader& store);

    // Durable when it returns true.
    bool expect(PendingAnswer answer);
    bool empty() const { return pending_.empty(); }

    // Writes the answers whose files have come to their end. A problem of writing leaves them pending.
    Result<Done> writeFinished(const Folder& folder, AnswerForm form);

  private:
    bool keep() const;
    bool isOver(PendingAnswer& pending) const;

    const std::string integration_;
    journal::Journal& journal_;
    store::Reader& store_;
    std::vector<PendingAnswer> pending_;
};

} // namespace trevo::files
