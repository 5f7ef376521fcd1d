// What the command line of trevo-sim says.
#pragma once

#include "simulators/world.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace trevo::sim {

struct Options {
    std::vector<std::string> partners; // in the order named
    std::string listenAddress = "127.0.0.1";
    std::uint16_t listenPort = 0;
    std::string gateway = "http://127.0.0.1:8080";
    std::map<std::string, std::string> targets; // partner -> URL that it pushes to
    // What partner and gateway share, by name. A partner's name is the token of its pushes ("meta-app-secret"
    // signs Meta's); "webmotors-client", "webmotors-user", "icarros-client", "icarros-user",
    // "mercadolivre-client", "mercadolivre-DEALER" and "meta-page-token" are the passwords of questions.
    std::map<std::string, std::string> secrets;
    bool waitForTarget = false; // until it takes connections
    double perSecond = 1;       // of each partner; 0: as fast as answers come
    int count = 0;              // leads of each partner; 0: no end
    int people = 200;
    std::uint64_t seed = 0;
    std::vector<Dealer> dealers;
    std::string ledgerFile;

    double failRate = 0;      // pushes cut in the middle of the body; answers that are 503
    double duplicateRate = 0; // pushes sent twice
    double loseRate = 0;      // of webmotors, mercadolivre and meta: leads that are never announced
    int delayMillis = 0;      // each push and answer waits up to so long
    int reorder = 1;          // pushes leave in random order out of a window of so many
    int resendMillis = 5'000; // before a refused push is sent again

    std::string targetOf(const std::string& partner) const;
    std::string
    secret(const std::string& name) const; // "sim-NAME" when none is set; empty for the token of a push
};

// Prints help or mistakes itself; then `exitCode` is what to end with, else -1.
struct Parsed {
    Options options;
    int exitCode = -1;
};
Parsed parse(int argc, const char* const* argv);

} // namespace trevo::sim
