#pragma once

namespace trevo::app {

// Gives back the memory that only the start needed: freed heap, and the pages of code and constants of the
// program and its libraries. Those stay in the system's page cache; what is used again comes back as it is
// used, at a fraction of a microsecond a page. Nothing that was ever written is touched.
void releaseStartPages();

} // namespace trevo::app
