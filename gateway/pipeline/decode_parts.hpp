// How one document becomes records, and how a mail, which may hold several, does. Private to decode().
#pragma once

#include "integration/meta.hpp"
#include "pipeline/decode.hpp"

namespace trevo::pipeline {

// `prefix` stands before the names of parts: of one document among several.
Result<Decoded, Problems> readDocument(const mapping::Mapping& mapping, const mapping::Document& document,
                                       const RecordContext& context,
                                       const std::function<std::set<std::string>()>& apart,
                                       const std::string& prefix);

// A mail: what is attached and has a mapping goes before the text; ADF in the text before its labels.
// Otherwise the mapping that is meant for this sender, or the inbound one, reads the mail itself.
Result<Decoded, Problems> decodeMail(const journal::Envelope& envelope, const Integration& integration,
                                     const RecordContext& context, const Meta& meta,
                                     const std::function<std::set<std::string>()>& apart);

} // namespace trevo::pipeline
