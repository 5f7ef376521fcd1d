// The JSON object kept beside an envelope's bytes: how it came, without secrets.
#pragma once

#include "ingest/http/message.hpp"
#include "integration/authentication.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace trevo {

// {"method","path","query","headers":{…},"remote"}; tokens become "***".
std::string metaOfPush(const http::Head& head, std::string_view subPath, const Authenticator& authenticator);

// The same with everything in it, for a plugin that checks the sender. Never kept.
std::string metaWithSecrets(const http::Head& head, std::string_view subPath);

// {"role","dealer"} of a document that a fetch or poll brought.
std::string metaOfDocument(std::string_view role, std::string_view dealer);

// Of a sample that an operator tries, from which readMeta() reads these parameters.
std::string metaOfTrial(const std::vector<std::pair<std::string, std::string>>& parameters);

// Where a piece of a file that was cut stands in it.
struct Whence {
    std::int64_t lineOffset = 0;            // of a table, or of NDJSON; see mapping::Document
    std::optional<std::size_t> nodesBefore; // of other JSON and XML
};

// {"file","size","modified"} and, of a file that was cut into pieces, "line_offset" or "nodes_before".
// "file" reaches mappings as @file.
std::string metaOfFile(std::string_view name, std::int64_t size, UtcTime modified, const Whence& whence);

// {"via","place"} of a mail: "imap", and where it lay.
std::string metaOfMail(std::string_view via, std::string_view place);

// The meta of a document, said of one part of it. `role` of the mapping that reads the part, when it is not
// that of the whole.
std::string metaOfPart(std::string_view whole, std::string_view part, std::string_view role = {});

struct Meta {
    std::string role = "inbound";
    std::string dealer;
    std::string part;            // of a document that was set apart from its envelope: "line 7"
    std::int64_t lineOffset = 0; // "line_offset", "nodes_before" of a piece: see Whence
    std::optional<std::size_t> nodesBefore;
    bool corrected = false; // the bytes are an operator's, not the sender's
    std::vector<std::pair<std::string, std::string>> parameters; // "path", "file", "query.x", "header.x"
};
Meta readMeta(std::string_view json);

} // namespace trevo
