// A mapping written in a test, and what a document becomes through it.
#pragma once

#include "mapping/mapping.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace trevo::mapping {

inline std::shared_ptr<const Mapping> compiled(const std::string& source, const Limits& limits = {}) {
    auto mapping = Mapping::compile(source, "mappings/acme/lead.map.toml", limits);
    if (!mapping.ok()) FAIL(toml::describe(mapping.error()));
    return *mapping;
}

// The first record, or "code at /field (place): detail" of the first problem.
inline std::string outcome(const Mapping& mapping, std::string_view body, std::string_view contentType = {}) {
    const auto mapped = mapping.apply({contentType, body, {}, 0});
    if (!mapped.ok()) return describe(mapped.error().front());
    return mapped->records.empty() ? std::string("no record") : mapped->records.front();
}

} // namespace trevo::mapping
