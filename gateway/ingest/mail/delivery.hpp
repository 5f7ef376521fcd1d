// From the bytes of a mail to what the journal keeps, the same for mailboxes and local delivery.
#pragma once

#include "formats/mail.hpp"
#include "integration/integration.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace trevo::mail {

// Why a mail of this head is not taken for what it says: its sender is not among those of the integration, or
// the mail server that is trusted does not vouch for it. Code "sender_not_trusted". Never names the sender.
std::optional<Problem> distrust(const formats::MailHeaders& headers, const config::Mail& rules);

// The whole mail is kept. It is known again by its Message-ID and content, for 90 days, however it comes. One
// of a sender who is not trusted is a dead letter from the start. `via` is "imap", "pop3" or "lmtp"; `place`
// tells where it lay.
journal::Delivery deliveryOf(const Integration& integration, std::string bytes, std::string_view via,
                             std::string_view place, UtcTime now);

} // namespace trevo::mail
