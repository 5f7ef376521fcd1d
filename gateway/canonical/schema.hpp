// The field table as JSON Schema, draft-07.
#pragma once

#include "model/record.hpp"

#include <string>

namespace trevo::canonical {

// What read() takes for a record of this kind; ends with a line break. Published in sdk/schema/.
std::string jsonSchema(model::Kind kind);

} // namespace trevo::canonical
