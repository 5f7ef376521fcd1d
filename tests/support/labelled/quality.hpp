// How well a clustering agrees with the truth.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trevo::labelled {

struct Quality {
    double precision = 1, recall = 1, f1 = 1;                // over all pairs of records
    double cubedPrecision = 1, cubedRecall = 1, cubedF1 = 1; // averaged over records
    std::size_t worstCluster = 0;                            // most true entities in one found cluster
    std::string worst;
};

// Both by record; a negative truth or an empty label leaves the record out.
Quality compare(const std::vector<int>& truth, const std::vector<std::string>& found);

// For each record the share of its found cluster that is of others (false merges), and the share of its true
// records that are elsewhere (splits): what the per-trap rates average.
struct RecordError {
    double foreign = 0, missing = 0;
};
std::vector<RecordError> errorsOf(const std::vector<int>& truth, const std::vector<std::string>& found);

} // namespace trevo::labelled
