// Finds leads whose announcement was missed, where the dealer's contract has a list by date.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trevo::webmotors {

struct Listed {
    std::string leadId, typeId;
    std::string key() const { return leadId + ':' + typeId; }
};

// The entries of a list answer: the root, or the first array inside the root object. Stops when there is
// none.
std::vector<Listed> readList(std::string_view body, const std::string& idKey, const std::string& typeKey);

} // namespace trevo::webmotors
