#include "ingest/mail/delivery.hpp"

#include "base/utf8.hpp"
#include "ingest/mail/authentication_results.hpp"
#include "integration/meta.hpp"

#include <algorithm>

namespace trevo::mail {

namespace {

Problem notTrusted(const char* field, std::string detail) {
    return {"sender_not_trusted", field, "", std::move(detail)};
}

} // namespace

std::optional<Problem> distrust(const formats::MailHeaders& headers, const config::Mail& rules) {
    // Two senders are none: readers disagree about which one counts.
    const auto addresses = formats::readAddresses(headers.first("from"));
    if (headers.count("from") != 1 || addresses.size() != 1)
        return notTrusted("From", "the mail names no sender, or more than one");
    const std::string& from = addresses.front().address;
    if (!formats::isSender(from, rules.senders))
        return notTrusted("From", "the sender is not among the senders of this integration");
    if (rules.authority.empty()) return std::nullopt;

    // The first of that name is the one that the trusted server wrote last; what stands below may have come
    // with the mail.
    for (const auto& [name, value] : headers.all) {
        if (name != "authentication-results") continue;
        const auto results = readAuthenticationResults(value);
        if (!results || !equalsIgnoreCase(results->authority, rules.authority)) continue;
        if (vouchesFor(*results, std::string_view(from).substr(from.rfind('@') + 1))) return std::nullopt;
        return notTrusted("Authentication-Results",
                          rules.authority +
                              " found neither DKIM, SPF nor DMARC good for the sender's domain");
    }
    return notTrusted("Authentication-Results", "the mail has no result of " + rules.authority);
}

journal::Delivery deliveryOf(const Integration& integration, std::string bytes, std::string_view via,
                             std::string_view place, UtcTime now) {
    journal::Delivery delivery;
    delivery.integration = integration.id();
    delivery.door = "mail";
    delivery.contentType = "message/rfc822";
    delivery.meta = metaOfMail(via, place);
    delivery.key = formats::mailKey(bytes);
    delivery.receivedAt = now;
    if (integration.settings().mail) {
        if (auto problem = distrust(formats::readMailHeaders(bytes), *integration.settings().mail))
            delivery.dead = journal::Reason{std::move(*problem), "ingest"};
    }
    delivery.body = std::move(bytes);
    return delivery;
}

} // namespace trevo::mail
