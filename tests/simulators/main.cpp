#include "simulators/campaign.hpp"
#include "simulators/options.hpp"

#include <Poco/Exception.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace trevo::sim;

namespace {

struct Part {
    std::string name;
    std::unique_ptr<Partner> partner;
    std::unique_ptr<Campaign> campaign;
};

int run(Options options) {
    // Signals wait for the main thread; every other thread inherits the mask.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1})
        sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    const pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) return 0; // it died before the line above

    if (options.seed == 0) options.seed = std::random_device{}();
    const World world(options.seed, options.people, options.dealers);
    Ledger ledger(options.ledgerFile);
    std::vector<Part> parts;
    bool answers = false;
    for (const std::string& name : options.partners) {
        auto partner = makePartner(name, world, options);
        answers = answers || partner->answers();
        auto campaign = std::make_unique<Campaign>(name, *partner, world, options, ledger);
        parts.push_back({name, std::move(partner), std::move(campaign)});
    }

    std::stop_source stop;
    Faults serverFaults(options, 1);
    const Server server(options.listenAddress, options.listenPort, [&](const Request& request) {
        for (const Part& part : parts) {
            if (auto answer = answerWithFaults(*part.partner, serverFaults, request, stop.get_token()))
                return *answer;
        }
        return Answer{404, "{}"};
    });
    std::printf("listening %s\nseed %llu\n", server.address().c_str(),
                static_cast<unsigned long long>(options.seed));
    std::fflush(stdout);

    std::atomic<int> running{static_cast<int>(parts.size())};
    std::vector<std::jthread> threads;
    for (Part& part : parts) {
        threads.emplace_back([&part, &running, token = stop.get_token()] {
            try {
                const int sent = part.campaign->run(token);
                std::printf("sent %s %d\n", part.name.c_str(), sent);
            } catch (const std::exception& error) {
                std::fprintf(stderr, "trevo-sim: %s: %s\n", part.name.c_str(), error.what());
            }
            std::fflush(stdout);
            if (--running == 0) kill(getpid(), SIGUSR1);
        });
    }
    for (int signal = 0; signal != SIGTERM && signal != SIGINT;) {
        if (sigwait(&signals, &signal) != 0) break;
        if (signal == SIGUSR1 && !answers) break; // all is sent and nothing will be asked
    }
    // At once: a push in flight may hold its thread for as long as the gateway lets it wait.
    std::fflush(stdout);
    std::_Exit(0);
}

} // namespace

int main(int argc, char** argv) {
    auto parsed = parse(argc, argv);
    if (parsed.exitCode >= 0) return parsed.exitCode;
    try {
        return run(std::move(parsed.options));
    } catch (const Poco::Exception& error) {
        std::fprintf(stderr, "trevo-sim: %s\n", error.displayText().c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "trevo-sim: %s\n", error.what());
    }
    return 1;
}
