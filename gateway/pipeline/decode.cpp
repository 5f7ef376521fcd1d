#include "pipeline/decode.hpp"

#include "canonical/batch.hpp"
#include "integration/meta.hpp"
#include "pipeline/decode_parts.hpp"

#include <iterator>
#include <map>
#include <numeric>

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

Result<Decoded, Problems> readParts(const mapping::Mapping& mapping, const mapping::Document& document,
                                    const mapping::Mapped& mapped, const RecordContext& context,
                                    const std::set<std::string>& apart, const std::string& prefix) {
    std::vector<bool> skipped(mapped.parts);
    if (!apart.empty()) {
        std::vector<std::size_t> all(mapped.parts);
        std::iota(all.begin(), all.end(), std::size_t{0});
        const auto parts = mapping.parts(document, all);
        if (!parts) return parts.error();
        for (std::size_t i = 0; i < all.size(); ++i)
            skipped[i] = apart.contains(prefix + (*parts)[i].name);
    }

    std::map<std::size_t, Problems> bad;
    for (const auto& refused : mapped.refused) {
        if (!skipped[refused.part]) bad[refused.part] = refused.problems;
    }
    std::vector<std::pair<std::size_t, model::Record>> read;
    for (std::size_t i = 0; i < mapped.records.size(); ++i) {
        const std::size_t part = mapped.partOf[i];
        if (skipped[part] || bad.contains(part)) continue;
        auto record = readRecord(mapped.records[i], context);
        if (record)
            read.emplace_back(part, std::move(*record));
        else
            bad[part] = record.error();
    }

    Decoded decoded;
    decoded.mappingVersion = mapping.version();
    for (auto& [part, record] : read) {
        if (!bad.contains(part)) decoded.records.push_back(std::move(record));
    }
    if (bad.empty()) return decoded;
    std::vector<std::size_t> numbers;
    for (const auto& [part, problems] : bad)
        numbers.push_back(part);
    auto parts = mapping.parts(document, numbers);
    if (!parts) return parts.error();
    Problems all;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        auto& problems = bad[numbers[i]];
        for (auto& problem : problems) {
            if (problem.place.empty()) problem.place = (*parts)[i].name;
        }
        (*parts)[i].name.insert(0, prefix);
        decoded.refused.push_back({std::move((*parts)[i]), problems.front(), {}});
        std::move(problems.begin(), problems.end(), std::back_inserter(all));
    }
    if (bad.size() == mapped.parts) return all;
    return decoded;
}

} // namespace

Result<Decoded, Problems> readDocument(const mapping::Mapping& mapping, const mapping::Document& document,
                                       const RecordContext& context,
                                       const std::function<std::set<std::string>()>& apart,
                                       const std::string& prefix) {
    auto mapped = mapping.apply(document);
    if (!mapped) return mapped.error();
    if (mapped->parts == 1) return readAll(mapped->records, context, mapping.version());
    return readParts(mapping, document, *mapped, context, apart(), prefix);
}

namespace {

RecordContext contextOf(const journal::Envelope& envelope, const Integration* integration,
                        const config::Config& config, const Meta& meta) {
    RecordContext context{
        config, integration, envelope.integration, meta.dealer, integration == nullptr, envelope.receivedAt};
    if (context.dealer.empty() && integration) context.dealer = integration->defaultDealer();
    return context;
}

} // namespace

Result<Decoded, Problems> decode(const journal::Envelope& envelope, const Integration* integration,
                                 const config::Config& config,
                                 const std::function<std::set<std::string>()>& apart) {
    const Meta meta = readMeta(envelope.meta);
    if (envelope.door == "records") {
        // One record an envelope, unless the body could not be told apart when it came and was corrected.
        const auto items = canonical::splitBatch(envelope.contentType, envelope.body, config.limits.maxDepth);
        if (!items) return Problems{items.error()};
        std::vector<std::string> texts;
        texts.reserve(items->size());
        for (const auto& item : *items)
            texts.emplace_back(item.text);
        return readAll(texts, contextOf(envelope, nullptr, config, meta), "canonical");
    }
    if (!integration) {
        return Problems{{"unknown_integration", "", "",
                         "the integration '" + envelope.integration +
                             "' is not configured any more; restore it and retry"}};
    }
    const RecordContext context = contextOf(envelope, integration, config, meta);
    if (meta.part.empty() && mapping::isMail(envelope.contentType))
        return decodeMail(envelope, *integration, context, meta, apart);
    const auto* mapping = integration->mapping(meta.role);
    if (!mapping) {
        return Problems{
            {"no_mapping", "", "", "the plugin names no mapping for the role '" + meta.role + "'"}};
    }
    const mapping::Document document{envelope.contentType, envelope.body, meta.parameters, meta.lineOffset,
                                     meta.nodesBefore};
    return readDocument(*mapping, document, context, apart, {});
}

journal::Delivery deliveryOf(const journal::Envelope& envelope, RefusedPart refused) {
    journal::Delivery delivery;
    delivery.integration = envelope.integration;
    delivery.door = envelope.door;
    delivery.contentType = std::move(refused.part.contentType);
    delivery.meta = metaOfPart(envelope.meta, refused.part.name, refused.role);
    delivery.body = std::move(refused.part.body);
    delivery.receivedAt = envelope.receivedAt;
    delivery.key = "part:" + envelope.id.text() + ':' + refused.part.name;
    delivery.parent = envelope.id;
    delivery.dead = journal::Reason{std::move(refused.problem), "decode"};
    delivery.trial = envelope.trial;
    return delivery;
}

Result<Decoded, Problems> readDecoded(const journal::Envelope& envelope, const Integration& integration,
                                      const std::vector<std::string>& canonicalRecords) {
    const Meta meta = readMeta(envelope.meta);
    return readAll(canonicalRecords, contextOf(envelope, &integration, integration.config(), meta),
                   integration.manifest().version);
}

} // namespace trevo::pipeline
