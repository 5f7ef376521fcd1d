#include "base/backoff.hpp"

#include "base/hash.hpp"
#include "base/time.hpp"

#include <algorithm>

namespace trevo {

std::int64_t retryPause(int attempt, double draw) {
    const std::int64_t half =
        std::min<std::int64_t>(15 * kMinute, 5 * kSecond << std::clamp(attempt - 1, 0, 12)) / 2;
    return half + static_cast<std::int64_t>(static_cast<double>(half) * draw);
}

double drawFraction() {
    const std::string bytes = randomBytes(2);
    return static_cast<double>(static_cast<unsigned char>(bytes[0]) * 256 +
                               static_cast<unsigned char>(bytes[1])) /
           65'536.0;
}

} // namespace trevo
