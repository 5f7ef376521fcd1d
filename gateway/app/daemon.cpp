#include "app/daemon.hpp"

#include "app/gateway.hpp"
#include "app/resident.hpp"
#include "app/test_clock.hpp"
#include "integration/matching.hpp"
#include "ops/log.hpp"

#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/Option.h>
#include <Poco/Util/OptionCallback.h>
#include <csignal>
#include <iostream>
#include <malloc.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>

namespace trevo::app {

namespace {

constexpr int kStorageBroken = 70;

// Every connection is a descriptor; the soft limit of 1024 that systems start with would be reached by 1,000
// slow clients.
void raiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        log::warning("process.descriptors",
                     "The limit of open files can not be raised; raise it in the service's unit.");
    }
}

// An arena for each busy thread, and freed memory kept for the next batch: with fewer arenas the threads wait
// for each other, and giving memory back after every batch costs more than the batch's own work.
void tuneAllocator() {
    ::mallopt(M_ARENA_MAX, 8);
    ::mallopt(M_TRIM_THRESHOLD, 32 << 20);
    ::mallopt(M_MMAP_THRESHOLD, 4 << 20);
}

sigset_t controlSignals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&set, number);
    return set;
}

} // namespace

void Daemon::defineOptions(Poco::Util::OptionSet& options) {
    using Poco::Util::Option;
    using Poco::Util::OptionCallback;
    const OptionCallback<Daemon> callback(this, &Daemon::onOption);
    options.addOption(Option("config", "c", "configuration file (default /etc/trevo/trevo.toml)")
                          .argument("FILE")
                          .callback(callback));
    options.addOption(
        Option("check", "", "check the configuration, plugins and mappings, and exit").callback(callback));
    options.addOption(Option("version", "", "print the version and exit").callback(callback));
    options.addOption(Option("help", "h", "print this help and exit").callback(callback));
#ifdef TREVO_TEST_BUILD
    options.addOption(Option("test-clock", "", "follow the time written in FILE (test builds only)")
                          .argument("FILE")
                          .callback(callback));
#endif
}

// POCO's own configuration files, pid file and daemon mode are not wanted: the service manager does that.
void Daemon::initialize(Poco::Util::Application&) {}

void Daemon::onOption(const std::string& name, const std::string& value) {
    if (name == "config")
        configFile_ = value;
    else if (name == "check")
        checkOnly_ = true;
    else if (name == "test-clock")
        testClock_ = value;
    else if (name == "version")
        showVersion_ = true;
    else if (name == "help")
        showHelp_ = true;
    if (showHelp_ || showVersion_) stopOptionsProcessing();
}

int Daemon::main(const std::vector<std::string>&) {
    if (showVersion_) {
        std::cout << "trevod " TREVO_VERSION "\n";
        return EXIT_OK;
    }
    if (showHelp_) {
        Poco::Util::HelpFormatter help(options());
        help.setCommand("trevod");
        help.setUsage("--config FILE [--check]");
        help.setHeader("The Trevo gateway: takes leads, calls and sales in and keeps one clean record of "
                       "each customer.");
        help.format(std::cout);
        return EXIT_OK;
    }
    return checkOnly_ ? check() : serve();
}

int Daemon::check() const {
    auto config = config::load(configFile_);
    if (!config) {
        std::cerr << toml::describe(config.error());
        return EXIT_CONFIG;
    }
    const auto shared = std::make_shared<const config::Config>(std::move(*config));
    const auto set = IntegrationSet::build(shared, nullptr, nullptr);
    if (!set) {
        std::cerr << toml::describe(set.error());
        return EXIT_CONFIG;
    }
    if (const auto store = storeOptionsOf(*shared); !store) {
        std::cerr << toml::describe(store.error());
        return EXIT_CONFIG;
    }
    std::cout << configFile_ << ": good, " << shared->dealers.size() << " dealers, " << (*set)->all().size()
              << " integrations\n";
    return EXIT_OK;
}

int Daemon::serve() const {
    // Blocked before any thread starts, so that only the wait below sees them.
    const sigset_t signals = controlSignals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    tuneAllocator();
    raiseDescriptorLimit();

    auto config = config::load(configFile_);
    if (!config) {
        std::cerr << toml::describe(config.error());
        return EXIT_CONFIG;
    }
    log::configure(config->logLevel, config->logFormat);
    const SystemClock systemClock;
    std::unique_ptr<FileClock> fileClock;
    if (!testClock_.empty()) fileClock = std::make_unique<FileClock>(testClock_);
    const Clock& clock = fileClock ? static_cast<const Clock&>(*fileClock) : systemClock;

    std::unique_ptr<Gateway> gateway;
    try {
        gateway =
            std::make_unique<Gateway>(std::make_shared<const config::Config>(std::move(*config)), clock);
    } catch (const std::exception& failure) {
        std::cerr << "trevod: " << failure.what() << '\n';
        return kStorageBroken;
    }
    gateway->start();
    releaseStartPages();
    ::sd_notify(0, "READY=1");
    log::info("gateway.started", "The gateway is up.", {{"version", TREVO_VERSION}});
    while (true) {
        int number = 0;
        if (::sigwait(&signals, &number) != 0) continue;
        if (number != SIGHUP) break;
        gateway->reload();
    }
    ::sd_notify(0, "STOPPING=1");
    log::info("gateway.stopping", "The gateway stops: requests in progress are answered first.");
    gateway->stop();
    log::info("gateway.stopped", "The gateway has stopped.");
    return EXIT_OK;
}

} // namespace trevo::app
