// Loads bytes of each format into a document the rules can walk. Limits are enforced while loading; a Problem
// tells where the document breaks them or the format, and never quotes the document.
#pragma once

#include "mapping/mapping.hpp"
#include "mapping/tree.hpp"

namespace trevo::mapping {

struct ContentType {
    std::string type;     // "application/json", lower case, no parameters
    std::string charset;  // lower case; empty when not declared
    std::string boundary; // of multipart
};
ContentType parseContentType(std::string_view text);

// UTF-8 text of bytes: the declared charset, else the mapping's, else valid UTF-8, else Windows-1252. A UTF-8
// that is declared but does not hold is read as undeclared: senders say utf-8 and mean what they have. A byte
// order mark is dropped. `buffer` holds converted text; plain UTF-8 is returned as it stands.
Result<std::string_view> decodeText(std::string_view bytes, const std::string& declared,
                                    const std::string& usual, std::string& buffer);

struct CsvOptions {
    char delimiter = 0;               // 0: found out, see formats::detectDialect
    char quote = 0;                   // 0: found out
    std::vector<std::string> columns; // names when the file has no header line
};

struct XmlOptions {
    bool lowerCaseNames = false;
    bool bareAmpersand = false;               // '&' that starts no entity is a letter instead of an error
    bool adfEnvelope = false;                 // cut what stands before '<?xml' or '<adf' and after '</adf>'
    std::vector<std::string> lowerAttributes; // names whose values are lower-cased
};

// Null when loaded.
using Failure = std::optional<Problem>;

Failure loadJson(std::string_view body, const ContentType& contentType, std::int64_t lineOffset,
                 const Limits& limits, bool looseKeys, Tree& tree);
Failure loadCsv(std::string_view body, const ContentType& contentType, const std::string& usualCharset,
                const CsvOptions& options, std::int64_t lineOffset, const Limits& limits, Tree& tree);
Failure loadForm(std::string_view body, const ContentType& contentType, const std::string& usualCharset,
                 const Limits& limits, bool looseKeys, Tree& tree);

// The document keeps the text it was given.
Result<std::unique_ptr<View>> loadXml(std::string_view body, const ContentType& contentType,
                                      const std::string& usualCharset, const XmlOptions& options,
                                      const Limits& limits);

Problem tooLarge(std::size_t size, const Limits& limits);
Problem tooManyValues(const Limits& limits, std::string place);
Problem tooDeep(const Limits& limits, std::string place);

} // namespace trevo::mapping
