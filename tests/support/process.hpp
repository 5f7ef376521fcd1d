// A child process of a test. Ended by its own pid, and gone when the test is.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace trevo::test {

class Process {
  public:
    // Starts `arguments[0]`; its stdout and stderr go to the named files.
    Process(const std::vector<std::string>& arguments, const std::string& stdoutFile,
            const std::string& stderrFile);
    ~Process(); // SIGKILL if it still runs
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;

    pid_t pid() const { return pid_; }
    bool running();
    void signal(int number) const;
    // The exit code (128 + signal when it was killed), or empty when it still runs after `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit);

  private:
    pid_t pid_ = -1;
    std::optional<int> exit_;
};

struct Ran {
    int exitCode = 0;
    std::string out, err;
};
Ran run(const std::vector<std::string>& arguments, std::chrono::seconds limit = std::chrono::seconds(60));

// Asks `condition` until it holds or `limit` is over; the pause between is short.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(20));

void pauseShortly();

template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        pauseShortly();
    }
    return true;
}

} // namespace trevo::test
