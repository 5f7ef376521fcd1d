#include "support/labelled/quality.hpp"

#include <map>
#include <set>
#include <unordered_map>

namespace trevo::labelled {
namespace {

double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 1;
}
double pairs(double n) {
    return n * (n - 1) / 2;
}
double harmonic(double a, double b) {
    return a + b > 0 ? 2 * a * b / (a + b) : 0;
}

struct Counts {
    std::unordered_map<int, double> truth;
    std::unordered_map<std::string, double> found;
    std::map<std::pair<std::string, int>, double> both;
    double records = 0;
};

bool counted(int truth, const std::string& found) {
    return truth >= 0 && !found.empty();
}

Counts count(const std::vector<int>& truth, const std::vector<std::string>& found) {
    Counts counts;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (!counted(truth[i], found[i])) continue;
        ++counts.truth[truth[i]];
        ++counts.found[found[i]];
        ++counts.both[{found[i], truth[i]}];
        ++counts.records;
    }
    return counts;
}

} // namespace

Quality compare(const std::vector<int>& truth, const std::vector<std::string>& found) {
    Quality quality;
    const Counts counts = count(truth, found);
    double right = 0, claimed = 0, real = 0;
    for (const auto& [value, n] : counts.truth)
        real += pairs(n);
    for (const auto& [value, n] : counts.found)
        claimed += pairs(n);
    std::map<std::string, std::size_t> entities;
    double cubedPrecision = 0, cubedRecall = 0;
    for (const auto& [key, n] : counts.both) {
        right += pairs(n);
        cubedPrecision += n * n / counts.found.at(key.first);
        cubedRecall += n * n / counts.truth.at(key.second);
        const std::size_t held = ++entities[key.first];
        if (held > quality.worstCluster) {
            quality.worstCluster = held;
            quality.worst = key.first;
        }
    }
    quality.precision = ratio(right, claimed);
    quality.recall = ratio(right, real);
    quality.f1 = harmonic(quality.precision, quality.recall);
    quality.cubedPrecision = ratio(cubedPrecision, counts.records);
    quality.cubedRecall = ratio(cubedRecall, counts.records);
    quality.cubedF1 = harmonic(quality.cubedPrecision, quality.cubedRecall);
    return quality;
}

std::vector<RecordError> errorsOf(const std::vector<int>& truth, const std::vector<std::string>& found) {
    const Counts counts = count(truth, found);
    std::vector<RecordError> errors(truth.size());
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (!counted(truth[i], found[i])) continue;
        const double both = counts.both.at({found[i], truth[i]});
        errors[i].foreign = 1 - both / counts.found.at(found[i]);
        errors[i].missing = 1 - both / counts.truth.at(truth[i]);
    }
    return errors;
}

} // namespace trevo::labelled
