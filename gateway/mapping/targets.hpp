// The canonical fields that a mapping may write, as the compiler of mappings sees them.
#pragma once

#include "model/record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace trevo::mapping {

struct TargetField {
    bool known = false;
    bool block = false;             // holds fields and is no value itself
    bool list = false;              // takes several values, or objects when it is a block too
    std::string_view reader;        // how a value is read when the mapping does not say; empty: as it came
    std::vector<std::string> words; // the only texts allowed; empty: any
};

// `path`: "customer/name"; the keys of maps ("customer/consent/whatsapp") and "extra/anything" are known.
TargetField findTarget(std::string_view path);

// Whether records of a kind may carry the block or field `name` of the root.
bool kindCarries(model::Kind kind, std::string_view name);

const std::vector<std::string>& targetNames(); // for suggestions

} // namespace trevo::mapping
