// E-mail addresses: normal form, likely typing errors, and the addresses that stand for nobody.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trevo::identity {

struct EmailReading {
    std::string raw;        // this address's part of the field
    std::string normalised; // lower case, the domain in ASCII (IDN); empty when it is no address
    bool wellFormed = false;
    bool valid = false;     // well-formed, and neither a placeholder nor a relay: it may stand for a person
    std::string suggestion; // the address with its domain's likely typing error undone; a hint only
    std::string_view why;   // email_empty, _format, _length, _placeholder, _relay, _no_reply
};

EmailReading readEmail(std::string_view raw);

// Reads a field that may hold several, split at ; and , and, between addresses, at blanks.
std::vector<EmailReading> readEmails(std::string_view raw, std::size_t most = 20);

// What spellings of one mailbox share: the part after '+' dropped, and for Gmail the dots too. Takes a normal
// form.
std::string emailMatchKey(std::string_view normalised);

} // namespace trevo::identity
