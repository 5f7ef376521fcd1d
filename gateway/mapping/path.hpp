// Where a value comes from. JSON, form and CSV documents are walked by steps; XML documents by XPath 1.0.
//
//   name           of the record's own node          cliente/nome     deeper
//   items/*/id     of every item of a list           ../../name       two levels up
//   .              the node itself                   /lead/id         from the document (JSON Pointer)
//   $.a.b[*].c     from the document (JSONPath)      @query.utm       of the delivery, not the document
#pragma once

#include "base/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::mapping {

struct XmlQuery; // a compiled XPath, private to xml_view.cpp

struct Step {
    enum class Kind : unsigned char { Key, Every, Parent };
    Kind kind = Kind::Key;
    std::string key;
    std::string folded;    // of the key, for loose comparison
    std::size_t index = 0; // of a list's item, when `key` is a number
    bool numeric = false;
};

struct Path {
    std::string text; // as written
    bool absolute = false;
    bool keysOnly = false; // no '*' and no '..': at most one node, found without a work list
    std::vector<Step> steps;
    std::string parameter; // "query.utm"; then nothing else counts
    std::shared_ptr<const XmlQuery> xpath;
};

// "@path", "@query.NAME", "@header.NAME".
bool isParameter(std::string_view text);

// An error is one sentence for the author of the mapping.
Result<Path, std::string> compilePath(std::string_view text);
Result<Path, std::string> compileXPath(std::string_view text, bool lowerCaseNames);

// Letters and digits only, lower case, without accents: "E-mail do Cliente" and "email_do_cliente" are one
// name.
std::string foldKey(std::string_view key);

} // namespace trevo::mapping
