// `extends`: a mapping file that says only in what it differs from another one.
#pragma once

#include "base/result.hpp"
#include "toml/value.hpp"

#include <string>
#include <vector>

namespace trevo::mapping {

// A mapping file with everything it extends put into it.
struct Inherited {
    toml::Value root;
    std::string sources; // of all files, for the version
};

// Reads the file. What it extends ("site/form") is looked for in `folders` and then beside it; a file of the
// same name in a later folder may be extended too. Errors have the place in the file that holds the mistake.
Result<Inherited, toml::Errors> readInherited(const std::string& path,
                                              const std::vector<std::string>& folders);

// Puts into `own` what only `base` says. Of one field's rules the own ones are tried first.
void inherit(toml::Value& own, const toml::Value& base);

} // namespace trevo::mapping
