// The `trevo` command.
#include "cli/command.hpp"

#include <csignal>

int main(int argc, char** argv) {
    // A pipe that closes ("trevo export … | head") is an error of write(), not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    return trevo::cli::runHere(argc, argv);
}
