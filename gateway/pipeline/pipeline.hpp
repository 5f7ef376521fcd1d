// The road from journal to store: workers claim envelopes, decode them in parallel and hand records to the
// writer.
//
// Invariants: the row in the journal is the queue; memory only holds what is under way. An envelope is
// settled once its records are committed (done), it can not go on (dead, with a reason) or it must wait
// (retry). A stop or a crash at any point leaves the rest ready.
#pragma once

#include "integration/integration.hpp"
#include "journal/journal.hpp"
#include "pipeline/decode.hpp"
#include "pipeline/partner_calls.hpp"
#include "pipeline/writer.hpp"
#include "store/store.hpp"

#include <atomic>
#include <memory>
#include <set>
#include <thread>
#include <vector>

namespace trevo::pipeline {

class Pipeline {
  public:
    // All references must outlive the Pipeline. `workers` 0 takes one per core, at most 4.
    Pipeline(const IntegrationDirectory& directory, journal::Journal& journal, store::Store& store,
             const Clock& clock, metrics::Registry& registry, int workers);
    ~Pipeline(); // stop()

    StoreWriter& writer() { return writer_; }
    void stop(); // finishes what is claimed; idempotent

  private:
    void work();
    void take(journal::Envelope envelope);
    std::set<std::string> partsOf(const journal::Envelope& envelope) const;
    bool setApart(const journal::Envelope& envelope, std::vector<RefusedPart> refused);

    const IntegrationDirectory& directory_;
    journal::Journal& journal_;
    const Clock& clock_;
    metrics::Counter dead_, ignored_;
    StoreWriter writer_;
    PartnerCalls partnerCalls_;
    std::atomic<bool> stopping_{false};
    std::vector<std::thread> workers_;
};

} // namespace trevo::pipeline
