#pragma once

namespace trevo::pipeline {

// Gives the calling thread a lower priority: answering a partner comes before working its delivery off, so
// when both want the processor the listener gets it. The journal bounds what may pile up meanwhile.
void yieldToListener();

} // namespace trevo::pipeline
