// The door for files: watches the drop folders of all integrations, takes complete files to the journal, puts
// them away and writes the answers that were asked for.
//
//   seen (inotify, and a sweep for what it misses) -> complete -> journal -> archive -> answer
//
// A file leaves the folder only after its bytes are committed. A crash between the two takes it again,
// without a second effect: its bytes are the key.
#pragma once

#include "ingest/files/acknowledgement.hpp"
#include "ingest/files/folder.hpp"
#include "integration/integration.hpp"
#include "ops/metrics.hpp"
#include "store/store.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace trevo::files {

FolderRules rulesOf(const config::Files& files);

class Door {
  public:
    // Starts its thread. All references must outlive it.
    Door(const IntegrationDirectory& directory, journal::Journal& journal, store::Reader& store,
         const Clock& clock, metrics::Registry& registry);
    ~Door(); // stop()

    // Follows a changed set of integrations at once, and looks into every folder.
    void look();
    void stop(); // after the file in hand. Idempotent.

  private:
    struct Watched {
        std::shared_ptr<const Integration> integration;
        std::unique_ptr<Folder> folder;
        std::unique_ptr<Acknowledgements> answers;
        int watch = -1;
        UtcTime nextSweep, nextClearing;
        std::map<std::string, Stamp> refused; // files that stay where they are, as they were then
    };

    void loop();
    void follow(const std::shared_ptr<const IntegrationSet>& set);
    void open(Watched& watched, UtcTime now);
    void close(Watched& watched);
    void readEvents(UtcTime now);
    void workSafely(Watched& watched, UtcTime now);
    void work(Watched& watched, UtcTime now);
    // False when the journal takes nothing: the rest of the folder waits too.
    bool takeOne(Watched& watched, const std::string& name);
    void clearOut(Watched& watched, UtcTime now);
    void troubled(Watched& watched, const Problem& problem, UtcTime now);
    void wait(UtcTime until, UtcTime now);

    const IntegrationDirectory& directory_;
    journal::Journal& journal_;
    store::Reader& store_;
    const Clock& clock_;
    metrics::Counter taken_, repeated_, dead_, refused_;
    const int events_; // inotify
    const int wake_;   // eventfd
    std::map<std::string, Watched> watched_;
    std::shared_ptr<const IntegrationSet> following_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace trevo::files
