// A folder of somebody's FTP or SFTP server, asked in intervals:
//
//   listed -> complete -> fetched (spool) -> journal -> moved, deleted or marked as taken -> spool emptied
//
// A file is touched on the server only after its bytes are committed, and only when it is still as it was
// fetched. A crash between the two takes it again without a second effect: its bytes are the key.
#pragma once

#include "ingest/files/kept.hpp"
#include "ingest/files/spool.hpp"
#include "ingest/files/take.hpp"
#include "ingest/poll/source.hpp"
#include "net/file_server.hpp"
#include "ops/metrics.hpp"

#include <atomic>
#include <map>
#include <optional>

namespace trevo::files {

class RemoteSource final : public poll::Source {
  public:
    // Opens the server; asked once a round.
    using Open = std::function<std::unique_ptr<net::FileServer>(std::function<bool()> stopping)>;

    // `spool` is a folder of this source's own. All references must outlive it.
    RemoteSource(std::shared_ptr<const Integration> integration, Open open, std::string spool,
                 journal::Journal& journal, const Clock& clock, metrics::Registry& registry);

    std::string_view kind() const override { return "remote"; }
    std::string partner() const override { return rules_.url; }
    std::int64_t intervalSeconds() const override { return rules_.intervalSeconds; }
    poll::Round round() override;
    std::vector<poll::Check> examine() override;
    void interrupt() override { interrupted_ = true; }

  private:
    struct Seen {
        net::ListedFile file;
        UtcTime since;
    };
    struct Refused {
        net::ListedFile file;
        Problem problem;
    };
    bool keep() const { return rules_.after == "keep"; }
    std::vector<net::ListedFile> complete(const net::Listing& listing);
    void forget(const net::Listing& listing);

    // Each returns a Problem that ends the round.
    std::optional<Problem> takeOne(net::FileServer& server, const net::ListedFile& file);
    std::optional<Problem> letGo(net::FileServer& server, const net::ListedFile& file,
                                 const net::FileState& state);
    void refuse(const net::ListedFile& file, Problem problem);
    Problem standing() const; // what somebody has to look at; code empty: nothing

    const config::Remote& rules_;
    const Open open_;
    journal::Journal& journal_;
    const Clock& clock_;
    metrics::Counter taken_, repeated_, dead_, refused_;
    Spool spool_;
    std::optional<KeptFiles> kept_;               // with keep(), from the first round on
    std::map<std::string, Seen> seen_;            // by name
    std::map<std::string, Refused> refusedFiles_; // left where they are until they change
    std::map<std::string, net::FileState> done_;  // committed, and the server does not let go of them
    std::optional<Problem> stuck_;                // why it does not, in the round before
    bool fresh_ = false, waiting_ = false, letsGo_ = true; // of the round
    std::atomic<bool> interrupted_{false};
};

// For every integration that has a remote folder. `dataDir` is where the spools go.
poll::Factory remoteSources(std::string dataDir, std::string caFile, journal::Journal& journal,
                            const Clock& clock, metrics::Registry& registry);

} // namespace trevo::files
