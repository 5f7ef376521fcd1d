#include "app/daemon.hpp"

#include <iostream>

int main(int argc, char** argv) {
    try {
        trevo::app::Daemon daemon;
        return daemon.run(argc, argv);
    } catch (const std::exception& failure) {
        std::cerr << "trevod: " << failure.what() << '\n';
        return 1;
    }
}
