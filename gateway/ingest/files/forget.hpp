// A person in the files that a drop folder keeps: its archive and its answers.
//
// A file that holds one of the person's numbers or addresses is deleted whole: a name that is left of a row,
// or a packed workbook, can not be mended. What it sent of others is in the journal. ZIP archives and
// workbooks are looked into.
#pragma once

#include "ingest/files/folder.hpp"
#include "privacy/values.hpp"

namespace trevo::files {

// How many files were deleted. A Problem when one could not be read or deleted.
Result<std::size_t> forgetIn(const FolderRules& rules, const privacy::Values& values);

} // namespace trevo::files
