#include "support/labelled/prototype.hpp"

#include "match/match.hpp"

#include <map>
#include <numeric>
#include <set>

namespace trevo::labelled {
namespace {

constexpr std::size_t kMostNames = 4; // of one value

struct Cluster {
    std::set<std::string> documents, firstNames;
};

bool agree(const std::string& a, const std::string& b) {
    return a.starts_with(b) || b.starts_with(a);
}

bool fit(const Cluster& a, const Cluster& b) {
    for (const auto& document : a.documents)
        if (!b.documents.empty() && !b.documents.contains(document)) return false;
    for (const auto& name : a.firstNames)
        for (const auto& other : b.firstNames)
            if (!agree(name, other)) return false;
    return true;
}

} // namespace

std::vector<std::string> prototype(const std::vector<Labelled>& stream) {
    std::map<std::string, std::set<std::string>> names;
    std::map<std::string, std::vector<std::size_t>> holders;
    std::vector<Cluster> clusters(stream.size());
    std::vector<std::string> orderOfKeys;
    for (std::size_t i = 0; i < stream.size(); ++i) {
        const match::Features features = match::featuresOf(read(stream[i]));
        std::vector<std::string> keys;
        if (!features.document.empty()) keys.push_back("d" + features.document);
        for (const auto& phone : features.phones)
            keys.push_back("p" + phone);
        for (const auto& email : features.emails)
            keys.push_back("e" + email);
        if (!features.badDocument.empty()) keys.push_back("d" + features.badDocument);
        if (!features.document.empty()) clusters[i].documents.insert(features.document);
        if (!features.nameTokens.empty()) clusters[i].firstNames.insert(features.nameTokens.front());
        for (const auto& key : keys) {
            auto& held = holders[key];
            if (held.empty()) orderOfKeys.push_back(key);
            held.push_back(i);
            if (!features.nameTokens.empty()) names[key].insert(features.nameTokens.front());
        }
    }
    std::vector<std::size_t> parent(stream.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t at) {
        while (parent[at] != at)
            at = parent[at] = parent[parent[at]];
        return at;
    };
    for (const auto& key : orderOfKeys) {
        if (names[key].size() > kMostNames) continue;
        const auto& held = holders[key];
        for (std::size_t i = 1; i < held.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                const std::size_t a = root(held[j]), b = root(held[i]);
                if (a == b) break;
                if (!fit(clusters[a], clusters[b])) continue;
                parent[b] = a;
                clusters[a].documents.merge(clusters[b].documents);
                clusters[a].firstNames.merge(clusters[b].firstNames);
                break;
            }
        }
    }
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < stream.size(); ++i)
        labels.push_back(std::to_string(root(i)));
    return labels;
}

} // namespace trevo::labelled
