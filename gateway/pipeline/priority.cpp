#include "pipeline/priority.hpp"

#include "ops/log.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace trevo::pipeline {

void yieldToListener() {
    constexpr int kNice = 15;
    const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
    if (::setpriority(PRIO_PROCESS, thread, kNice) != 0) {
        log::debug("pipeline.priority", "A thread of the pipeline keeps its normal priority.");
    }
}

} // namespace trevo::pipeline
