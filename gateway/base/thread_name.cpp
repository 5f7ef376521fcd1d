#include "base/thread_name.hpp"

#include <sys/prctl.h>

namespace trevo {

void nameThisThread(const char* name) {
    ::prctl(PR_SET_NAME, name); // cuts by itself; nothing depends on it
}

} // namespace trevo
