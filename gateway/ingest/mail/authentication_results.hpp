// The Authentication-Results header (RFC 8601): what a mail server found of DKIM, SPF and DMARC. Any bytes
// are taken; what is not of the form is no result.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo::mail {

struct AuthenticationResult {
    std::string method, result;                                  // "dkim", "pass"; lower case
    std::vector<std::pair<std::string, std::string>> properties; // "header.d" -> "portal.example"
};

struct AuthenticationResults {
    std::string authority; // whose findings these are, lower case
    std::vector<AuthenticationResult> results;
};

// Empty when it names no authority.
std::optional<AuthenticationResults> readAuthenticationResults(std::string_view header);

// Whether the findings vouch for a sender of this domain: DMARC passed for it, or DKIM or SPF passed for a
// domain that is the same, above or below it.
bool vouchesFor(const AuthenticationResults& results, std::string_view domain);

// Same, or one below the other: "portal.example", "mail.portal.example".
bool isAligned(std::string_view a, std::string_view b);

} // namespace trevo::mail
