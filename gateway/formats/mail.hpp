// One mail (RFC 5322, MIME) as its reader sees it. Decoded by GMime; whatever the bytes hold, nothing is
// thrown and every text that comes out is UTF-8.
//
// Charsets: the declared one; where it does not fit the bytes, or is none, valid UTF-8 is UTF-8 and anything
// else Windows-1252. Bytes that are declared Latin and are valid UTF-8 are UTF-8 all the same.
//
// Pure: the same bytes give the same mail. All functions are thread-safe.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo::formats {

struct MailLimits { // a mail beyond one of them is refused whole, before it costs memory
    std::size_t maxBytes = std::size_t{32} << 20;
    std::size_t maxParts = 200;
    std::size_t maxHeaderLines = 4'000; // of all parts together
    int maxDepth = 20;
    std::size_t maxTextBytes = std::size_t{4} << 20; // of each readable text
};

struct MailAddress {
    std::string name, address; // "maria@example.com"; as written, not checked
};

struct MailHeaders {
    std::vector<std::pair<std::string, std::string>> all; // name in lower case, value decoded and unfolded

    // The first of that name (lower case), or empty.
    const std::string& first(std::string_view name) const;
    std::size_t count(std::string_view name) const;
};

struct MailText {
    std::string text; // lines end with '\n'
    bool fromHtml = false;
};

struct MailAttachment {
    std::string fileName; // decoded; a label only, never a path
    std::string
        contentType;     // lower case, with "; charset=…" when declared; application/octet-stream when not
    std::string content; // its bytes
    bool shown = false;  // a picture of the text, such as a logo
};

struct Mail {
    MailHeaders headers;
    std::vector<MailText> texts; // readable parts in order; the forms of an alternative side by side
    std::vector<MailAttachment> attachments;
    // What somebody forwarded, as an attached mail or quoted in the text: what its head says. The texts and
    // attachments above are then its own, as far as they can be told.
    std::optional<MailHeaders> forwarded;

    // Of the forwarded mail when it says so, else of this one.
    const std::string& header(std::string_view name) const;
};

Result<Mail, Problem> readMail(std::string_view bytes, const MailLimits& limits = {});

// The head alone, for checks before anything else is read. Cut at 256 KiB.
MailHeaders readMailHeaders(std::string_view bytes);

std::vector<MailAddress> readAddresses(std::string_view header); // at most 100

// Whether an address is one of `list`: addresses, domains (with all below them), or "*". In any case.
bool isSender(std::string_view address, const std::vector<std::string>& list);

// Of a Date header: "Wed, 25 Nov 2026 17:26:26 -0300". Empty when it is none.
std::optional<UtcTime> readMailDate(std::string_view header);

// Why a mail speaks of mail and of nobody's interest in a car: "auto_reply", "bounce" or "mail_loop". A
// portal's mails are written by machines too: "auto-generated" alone and Precedence are no reason.
std::optional<Problem> natureOf(const Mail& mail);

// What a mail is, however it came and how often: its Message-ID and its content without the lines that each
// mail server on its way adds. Two mails under one Message-ID differ.
std::string mailKey(std::string_view bytes);

} // namespace trevo::formats
