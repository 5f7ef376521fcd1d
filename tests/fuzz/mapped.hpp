// Any bytes through a real mapping: never a crash; the quick check and the full reading agree; what comes out
// is well-formed and the same each time.
#pragma once

#include "base/utf8.hpp"
#include "mapping/mapping.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace trevo::fuzz {

inline std::shared_ptr<const mapping::Mapping> load(const char* id) {
    const auto loaded =
        mapping::Mapping::compileFile(std::string(TREVO_SOURCE_DIR) + "/mappings/" + id + ".map.toml");
    if (!loaded.ok()) {
        std::fputs(toml::describe(loaded.error()).c_str(), stderr);
        std::abort();
    }
    return *loaded;
}

inline void feed(const mapping::Mapping& mapping, std::string_view body, std::string_view contentType) {
    const mapping::Document document{contentType, body, {}};
    const auto checked = mapping.check(document);
    const auto mapped = mapping.apply(document);
    if (checked.ok() != mapped.ok()) std::abort();
    if (!mapped.ok()) {
        for (const auto& problem : mapped.error()) {
            if (problem.code.empty() || !isUtf8(problem.detail)) std::abort();
        }
        return;
    }
    for (const auto& record : mapped->records) {
        if (!isUtf8(record) || !record.starts_with("{\"kind\":") || !record.ends_with('}')) std::abort();
    }
    // What was refused is refused alone too, until somebody corrects it.
    for (const auto& refused : mapped->refused) {
        const auto parts = mapping.parts(document, {refused.part});
        if (!parts.ok() || parts->front().name != refused.name || !isUtf8(parts->front().body)) std::abort();
        if (mapping.apply({parts->front().contentType, parts->front().body, {}}).ok()) std::abort();
    }
    const auto again = mapping.apply(document);
    if (!again.ok() || again->records != mapped->records) std::abort();
}

} // namespace trevo::fuzz
