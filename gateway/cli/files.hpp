// Where plugins and mappings lie, for commands that run without the daemon.
#pragma once

#include "cli/command.hpp"

#include <string>
#include <vector>

namespace trevo::cli {

std::string readFile(const std::string& path); // throws Failure when it can not be read

// Searched in order: those of --plugins / --mappings; else those of the configuration, when it can be read;
// else ./plugins and ./mappings.
std::vector<std::string> pluginFolders(const Context& context);
std::vector<std::string> mappingFolders(const Context& context);

// "olx/lead" -> the file, or empty.
std::string mappingFile(const Context& context, const std::string& id);

} // namespace trevo::cli
