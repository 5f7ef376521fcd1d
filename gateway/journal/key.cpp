#include "journal/key.hpp"

#include "base/hash.hpp"

#include <cstring>

namespace trevo::journal {

Key keyOf(const Delivery& delivery) {
    // A refused delivery leaves its key to the corrected one that the sender may send. A part of another
    // delivery is never sent: its key is its own.
    const bool bySender = !delivery.key.empty() && (!delivery.dead || delivery.parent);
    const std::string& identity = bySender ? delivery.key : delivery.body;
    std::string text;
    text.reserve(delivery.integration.size() + identity.size() + 4);
    text += delivery.integration;
    text += '\0';
    text += delivery.trial ? 't' : 'r';
    text += bySender ? 'k' : 'b';
    text += '\0';
    text += identity;

    Key key;
    const auto digest = sha256(text);
    std::memcpy(key.bytes.data(), digest.data(), key.bytes.size());
    if (bySender && delivery.keyBindsContent) {
        const auto content = sha256(delivery.body);
        std::int64_t hash = 0;
        std::memcpy(&hash, content.data(), sizeof hash);
        key.contentHash = hash;
    }
    return key;
}

} // namespace trevo::journal
