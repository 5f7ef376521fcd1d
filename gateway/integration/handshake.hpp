// The question a platform asks before it pushes to an address: GET ?hub.mode=subscribe&hub.verify_token=…
// &hub.challenge=…, answered with the bare challenge (Meta: docs/graph-api/webhooks/getting-started).
#pragma once

#include "base/result.hpp"
#include "config/config.hpp"

#include <string>
#include <string_view>

namespace trevo {

// The challenge to answer with. Compares the token in constant time; a challenge is echoed only when it is
// short and of letters, digits and "-_.~", so that nobody's markup comes back from this address.
Result<std::string> answerHandshake(const config::Handshake& handshake, std::string_view query);

} // namespace trevo
