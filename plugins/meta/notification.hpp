// What Meta announces: ids only. One delivery holds several entries (pages), each several changes.
#pragma once

#include <trevo/outcome.hpp>
#include <trevo/settings.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace trevo::meta {

struct Hint {
    std::string leadId, pageId; // digits only
    std::string formId;         // digits, or empty when not sent
    std::string at;             // JSON Pointer of the change: "/entry/0/changes/1"
};

// Ids are read as text or number. Changes of other fields than leadgen are none of ours and are left out
// silently; a leadgen change that lacks an id is left out and `worst` tells of it. Stops with a rejection
// when the body is no announcement at all.
std::vector<Hint> readNotification(std::string_view body, Outcome& worst);

// The dealer of a page and form: of the page's dealers the one that names the form, else the one that names
// no forms. Null when there is none.
const Dealer* dealerOf(const std::string& pageId, const std::string& formId,
                       const std::vector<Dealer>& dealers);

// 1 to 32 digits: an id goes into a path and a key.
bool isId(std::string_view text);

} // namespace trevo::meta
