// The request target: what names a resource, checked before anything looks at it.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace trevo::http {

struct Target {
    std::string path;  // decoded, UTF-8, begins with '/', no "." or ".." segment, no control character
    std::string query; // raw, without '?'
};

// Takes origin-form ("/a?b") and absolute-form ("http://host/a?b"). Refused: a broken percent escape, an
// escaped '/' or '\' (it would change the segments), control characters, dot segments however written, bytes
// that are not UTF-8, a fragment.
Result<Target> parseTarget(std::string_view raw);

} // namespace trevo::http
