// Slips of the pen in numbers, addresses and dates.
#pragma once

#include <string>

namespace trevo::match {

// Whether two dates differ by one digit, in only one of day, month and year, or by day and month swapped.
bool alikeDates(const std::string& a, const std::string& b);
// At most one digit wrong, missing, added, or two neighbours swapped.
bool oneSlipApart(const std::string& a, const std::string& b);

} // namespace trevo::match
