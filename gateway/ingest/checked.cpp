#include "ingest/checked.hpp"

#include "integration/meta.hpp"

namespace trevo::ingest {

CheckedDelivery check(const Integration& integration, journal::Delivery& delivery) {
    const auto* mapping = integration.mapping("inbound");
    if (!mapping) return {};
    mapping::Document document{delivery.contentType, delivery.body, {}, 0};
    // Only what has them in its meta pays for reading it.
    if (mapping->usesParameters() || delivery.door == "file") {
        Meta meta = readMeta(delivery.meta);
        document.parameters = std::move(meta.parameters);
        document.lineOffset = meta.lineOffset;
        document.nodesBefore = meta.nodesBefore;
    }
    auto checked = mapping->check(document);
    if (checked) return {{}, std::move(checked->deliveryKey)};
    delivery.dead = journal::Reason{checked.error().front(), "ingest"};
    return {checked.error(), std::nullopt};
}

} // namespace trevo::ingest
