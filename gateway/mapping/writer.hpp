// Writes one canonical JSON object field by field. Blocks open when their first field comes and close when a
// field of another block follows, so fields of one block must be neighbours.
#pragma once

#include "base/json_text.hpp"
#include "mapping/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace trevo::mapping {

// A number that its reader could not keep exactly is written as text.
void appendJson(std::string& out, const Value& scalar);

class Writer {
  public:
    explicit Writer(std::string& out) : out_(out) { out_ += '{'; }

    // Leaves the text at the place of the value; the caller appends it.
    std::string& at(const std::vector<std::string>& steps);
    // Closes the blocks, not the object itself.
    void closeBlocks();
    bool empty() const { return !any_; }

  private:
    std::string& out_;
    std::vector<std::string_view> open_;
    bool comma_ = false, any_ = false;
};

} // namespace trevo::mapping
