#include "base/suggest.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace trevo {

namespace {

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row.back();
}

} // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> known) {
    const std::size_t limit = word.size() < 4 ? 1 : word.size() < 9 ? 2 : 3;
    std::size_t best = limit + 1;
    const std::string* found = nullptr;
    for (const auto& candidate : known) {
        const std::size_t distance = editDistance(word, candidate);
        if (distance < best) {
            best = distance;
            found = &candidate;
        }
    }
    return found ? std::optional(*found) : std::nullopt;
}

std::string suggestion(std::string_view word, std::span<const std::string> known) {
    const auto found = nearest(word, known);
    return found ? ", did you mean '" + *found + "'?" : std::string();
}

std::string describe(const Problem& problem) {
    std::string text = problem.code;
    if (!problem.field.empty()) text += " at " + problem.field;
    if (!problem.place.empty()) text += " (" + problem.place + ")";
    if (!problem.detail.empty()) text += ": " + problem.detail;
    return text;
}

} // namespace trevo
