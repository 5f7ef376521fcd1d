#include "support/process.hpp"

#include "support/folder.hpp"

#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace trevo::test {

Process::Process(const std::vector<std::string>& arguments, const std::string& stdoutFile,
                 const std::string& stderrFile) {
    std::vector<char*> argv;
    for (const auto& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int out = ::open(stdoutFile.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        const int err = ::open(stderrFile.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(err, STDERR_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
}

Process::Process(Process&& other) noexcept : pid_(other.pid_), exit_(other.exit_) {
    other.pid_ = -1;
}

Process::~Process() {
    if (pid_ <= 0 || !running()) return;
    ::kill(pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
}

bool Process::running() {
    return pid_ > 0 && !wait(std::chrono::milliseconds(0));
}

void Process::signal(int number) const {
    ::kill(pid_, number);
}

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
    eventually(
        [&] {
            int status = 0;
            if (exit_ || ::waitpid(pid_, &status, WNOHANG) != pid_) return exit_.has_value();
            exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            return true;
        },
        limit);
    return exit_;
}

void pauseShortly() {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

Ran run(const std::vector<std::string>& arguments, std::chrono::seconds limit) {
    const Folder folder;
    Process process(arguments, (folder.path() / "out").string(), (folder.path() / "err").string());
    Ran ran;
    ran.exitCode = process.wait(limit).value_or(-1);
    ran.out = folder.read("out");
    ran.err = folder.read("err");
    return ran;
}

} // namespace trevo::test
