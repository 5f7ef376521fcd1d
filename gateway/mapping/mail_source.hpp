// A mail as a mapping sees it: its labels are the fields, "." is its text, what its head says is
// @header.NAME.
#pragma once

#include "formats/mail.hpp"
#include "mapping/mail_lines.hpp"
#include "mapping/mapping.hpp"
#include "mapping/value.hpp"

#include <memory>

namespace trevo::mapping {

struct LoadedMail {
    std::unique_ptr<View> view;
    // "header.subject" …, of the forwarded mail when one was forwarded; "header.from.address" and
    // "header.from.name" of the headers that hold addresses; "header.forwarded_by.address". Texts of
    // `parameters` of the document follow.
    std::vector<std::pair<std::string, std::string>> parameters;
};

// `readHeaders`: whether the parameters are asked for.
Result<LoadedMail> loadMail(const Document& document, const MailOptions& options, const Limits& limits,
                            bool readHeaders);

} // namespace trevo::mapping
