#pragma once

namespace trevo {

// Names the calling thread, for `top -H`, debuggers and the benches that count processor time by thread. At
// most 15 characters; what is longer is cut.
void nameThisThread(const char* name);

} // namespace trevo
