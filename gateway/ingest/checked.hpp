// The cheap checks before a delivery is committed, the same for every door.
#pragma once

#include "integration/integration.hpp"

#include <optional>
#include <string>

namespace trevo::ingest {

struct CheckedDelivery {
    Problems problems;                      // empty: the mapping takes it
    std::optional<std::string> deliveryKey; // the sender's own id, when the mapping names one
};

// Reads the delivery by the integration's inbound mapping. One that can not go on is marked dead, so that it
// is kept with its reason.
CheckedDelivery check(const Integration& integration, journal::Delivery& delivery);

} // namespace trevo::ingest
