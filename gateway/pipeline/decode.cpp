#include "pipeline/decode.hpp"

#include "integration/meta.hpp"

namespace trevo::pipeline {

namespace {

Result<Decoded, Problems> readAll(const std::vector<std::string>& canonicalRecords,
                                  const RecordContext& context, std::string version) {
    Decoded decoded;
    decoded.mappingVersion = std::move(version);
    decoded.records.reserve(canonicalRecords.size());
    for (std::size_t i = 0; i < canonicalRecords.size(); ++i) {
        auto record = readRecord(canonicalRecords[i], context);
        if (!record) {
            Problems problems = record.error();
            if (canonicalRecords.size() > 1) {
                for (auto& problem : problems)
                    problem.place = "record " + std::to_string(i + 1);
            }
            return problems;
        }
        decoded.records.push_back(std::move(*record));
    }
    return decoded;
}

RecordContext contextOf(const journal::Envelope& envelope, const Integration* integration,
                        const config::Config& config, const Meta& meta) {
    RecordContext context{
        config, integration, envelope.integration, meta.dealer, integration == nullptr, envelope.receivedAt};
    if (context.dealer.empty() && integration) context.dealer = integration->defaultDealer();
    return context;
}

} // namespace

Result<Decoded, Problems> decode(const journal::Envelope& envelope, const Integration* integration,
                                 const config::Config& config) {
    const Meta meta = readMeta(envelope.meta);
    if (envelope.door == "records") {
        return readAll({envelope.body}, contextOf(envelope, nullptr, config, meta), "canonical");
    }
    if (!integration) {
        return Problems{{"unknown_integration", "", "",
                         "the integration '" + envelope.integration +
                             "' is not configured any more; restore it and retry"}};
    }
    const auto* mapping = integration->mapping(meta.role);
    if (!mapping) {
        return Problems{
            {"no_mapping", "", "", "the plugin names no mapping for the role '" + meta.role + "'"}};
    }
    auto mapped = mapping->apply({envelope.contentType, envelope.body, meta.parameters});
    if (!mapped) return mapped.error();
    return readAll(mapped->records, contextOf(envelope, integration, config, meta), mapping->version());
}

Result<Decoded, Problems> readDecoded(const journal::Envelope& envelope, const Integration& integration,
                                      const std::vector<std::string>& canonicalRecords) {
    const Meta meta = readMeta(envelope.meta);
    return readAll(canonicalRecords, contextOf(envelope, &integration, integration.config(), meta),
                   integration.manifest().version);
}

} // namespace trevo::pipeline
