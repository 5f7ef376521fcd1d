// Documents that were got from a partner, on their way to the journal.
#pragma once

#include "integration/integration.hpp"

#include <optional>
#include <vector>

namespace trevo {

// `door` is "fetch" or "poll". A document's key is kept for 90 days; one without is known by its bytes.
std::vector<journal::Delivery> deliveriesOf(const Integration& integration,
                                            std::vector<plugin::Document> documents, const char* door,
                                            std::optional<Uuid> parent, UtcTime now);

std::vector<journal::StateChange> stateChangesOf(const Integration& integration,
                                                 std::vector<std::pair<std::string, std::string>> changes);

} // namespace trevo
