// The parts of the command tree, by the file they live in.
#pragma once

#include "cli/command.hpp"

namespace trevo::cli {

std::vector<Command> readingCommands();    // records, people, negotiations, export
std::vector<Command> peopleCommands();     // matches
std::vector<Command> explainingCommands(); // trace, explain
std::vector<Command> operatingCommands();  // status, tail, merge, unmerge, integrations, poll, try, token
std::vector<Command> letterCommands();     // dead, replay
std::vector<Command> localCommands();      // doctor, config, man, completion
std::vector<Command> pluginCommands();     // plugin, decode
std::vector<Command> mappingCommands();    // mapping
std::vector<Command> matchingCommands();   // match

} // namespace trevo::cli
