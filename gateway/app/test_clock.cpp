#include "app/test_clock.hpp"

#include "base/utf8.hpp"

#include <chrono>
#include <fstream>
#include <optional>
#include <stdexcept>

namespace trevo::app {

namespace {

std::optional<UtcTime> readTime(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    return parseIsoTime(trimAscii(line), "UTC");
}

std::int64_t steadyMicros() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

FileClock::FileClock(std::string path) : path_(std::move(path)) {
    const auto time = readTime(path_);
    if (!time) throw std::runtime_error("--test-clock " + path_ + ": the file holds no RFC 3339 time");
    shown_ = *time;
}

UtcTime FileClock::now() const {
    const std::lock_guard lock(mutex_);
    const std::int64_t steady = steadyMicros();
    if (steady - readAt_ >= 10'000) {
        readAt_ = steady;
        if (const auto time = readTime(path_)) shown_ = *time;
    }
    return shown_;
}

} // namespace trevo::app
