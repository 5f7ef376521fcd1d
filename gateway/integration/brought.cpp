#include "integration/brought.hpp"

#include "integration/meta.hpp"

namespace trevo {

namespace {

constexpr std::int64_t kKeepDocumentKeys = 90 * kDay;

} // namespace

std::vector<journal::Delivery> deliveriesOf(const Integration& integration,
                                            std::vector<plugin::Document> documents, const char* door,
                                            std::optional<Uuid> parent, UtcTime now) {
    std::vector<journal::Delivery> deliveries;
    deliveries.reserve(documents.size());
    for (auto& document : documents) {
        journal::Delivery delivery;
        delivery.integration = integration.id();
        delivery.door = door;
        delivery.contentType = std::move(document.contentType);
        delivery.meta = metaOfDocument(document.role, document.dealer);
        delivery.body = std::move(document.body);
        delivery.receivedAt = now;
        if (!document.key.empty()) delivery.key = "document:" + document.key;
        delivery.keyWindow = kKeepDocumentKeys;
        delivery.parent = parent;
        deliveries.push_back(std::move(delivery));
    }
    return deliveries;
}

std::vector<journal::StateChange> stateChangesOf(const Integration& integration,
                                                 std::vector<std::pair<std::string, std::string>> changes) {
    std::vector<journal::StateChange> all;
    all.reserve(changes.size());
    for (auto& change : changes)
        all.push_back({integration.id(), std::move(change.first), std::move(change.second)});
    return all;
}

} // namespace trevo
