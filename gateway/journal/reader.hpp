// Reads, on a connection of their own that never blocks the writer. Thread-safe.
#pragma once

#include "journal/table.hpp"

#include <mutex>

namespace trevo::journal {

class Reader {
  public:
    explicit Reader(const Options& options);

    std::optional<Envelope> find(const Uuid& id);
    std::vector<Envelope> children(const Uuid& parent);
    std::vector<Envelope> list(const Query& query);
    std::optional<std::string> state(const std::string& integration, const std::string& key);
    // Of the `limit` finished deliveries behind `afterSeq`, those that may hold a value; afterSeq moves on,
    // and stays at the end.
    struct Place {
        std::int64_t seq;
        Uuid id;
    };
    std::vector<Place> mayHold(const privacy::Mask& mask, std::int64_t& afterSeq, int limit);
    std::optional<UtcTime> oldestReady(UtcTime now); // walks the index of ready rows, at most once a second

  private:
    std::mutex mutex_;
    Database database_;
    Statement find_, children_, state_, oldest_;
    UtcTime oldestReadAt_;
    std::optional<UtcTime> oldestReady_;
};

} // namespace trevo::journal
