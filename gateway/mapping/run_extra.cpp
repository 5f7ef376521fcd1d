// What no rule read: kept under `extra` and reported.
#include "mapping/run.hpp"

#include <algorithm>
#include <set>

namespace trevo::mapping {

namespace {

constexpr std::size_t kMaxUnmapped = 200;
constexpr std::size_t kMaxExtraEntries = 200;
constexpr std::size_t kMaxExtraBytes = std::size_t{16} << 10;

} // namespace

void Runner::finish() {
    mapped.parts = parts_.size();
    std::vector<Leaf> leaves;
    view_.unread(view_.root(), leaves);
    std::set<std::string_view> reported;
    for (const Leaf& leaf : leaves) {
        if (mapped.unmapped.size() >= kMaxUnmapped) break;
        if (reported.insert(leaf.general).second) mapped.unmapped.push_back(leaf.general);
    }
    std::vector<Leaf> own;
    for (Made& made : made_) {
        if (program_.keepUnmapped && made.node != view_.root() && !leaves.empty()) {
            own.clear();
            view_.unread(made.node, own);
            closeWithExtra(made, own);
        } else {
            closeWithExtra(made, leaves);
        }
        mapped.records.push_back(std::move(made.body));
        if (parts_.size() > 1) mapped.partOf.push_back(made.part);
    }
}

void Runner::closeWithExtra(Made& made, const std::vector<Leaf>& leaves) {
    std::string extra;
    for (const auto& [key, json] : made.extra) {
        if (!extra.empty()) extra += ',';
        appendJsonString(extra, key);
        extra += ':' + json;
    }
    if (program_.keepUnmapped) {
        std::size_t count = 0;
        for (const Leaf& leaf : leaves) {
            if (++count > kMaxExtraEntries) break;
            // What is over the cap is in the report, and in the raw bytes.
            if (extra.size() + leaf.path.size() + leaf.value.text.size() > kMaxExtraBytes) continue;
            const bool taken = std::any_of(made.extra.begin(), made.extra.end(),
                                           [&](const auto& entry) { return entry.first == leaf.path; });
            if (taken) continue;
            if (!extra.empty()) extra += ',';
            appendJsonString(extra, leaf.path.empty() ? "value" : leaf.path);
            extra += ':';
            appendJson(extra, leaf.value);
        }
    }
    if (!extra.empty()) made.body += ",\"extra\":{" + extra + '}';
    made.body += '}';
}

} // namespace trevo::mapping
