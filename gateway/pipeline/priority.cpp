#include "pipeline/priority.hpp"

#include "ops/log.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace trevo::pipeline {

void yieldToListener() {
    constexpr int kNice =
        5; // a third of a normal thread's share: much lower, and a busy machine starves the pipeline
    const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
    if (::setpriority(PRIO_PROCESS, thread, kNice) != 0) {
        log::debug("pipeline.priority", "A thread of the pipeline keeps its normal priority.");
    }
}

} // namespace trevo::pipeline
