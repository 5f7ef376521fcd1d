// How long to wait before trying again.
#pragma once

#include <cstdint>

namespace trevo {

// The pause before attempt `attempt` (from 1), in microseconds: doubling from 5 s to 15 min, drawn from its
// upper half by `draw` in [0,1).
std::int64_t retryPause(int attempt, double draw);

// In [0,1), from the kernel's random bytes, so that many who wait do not come back at one moment.
// Thread-safe.
double drawFraction();

} // namespace trevo
