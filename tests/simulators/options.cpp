#include "simulators/options.hpp"

#include "simulators/portals.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace trevo::sim {

namespace {

// "PARTNER=VALUE", or "VALUE" for the only partner; false when it is neither.
bool setOfPartner(const std::string& value, const std::vector<std::string>& partners,
                  std::map<std::string, std::string>& into) {
    const auto equals = value.find('=');
    const std::string name = value.substr(0, equals);
    if (equals != std::string::npos && std::find(partners.begin(), partners.end(), name) != partners.end()) {
        into[name] = value.substr(equals + 1);
    } else if (partners.size() == 1) {
        into[partners.front()] = value;
    } else {
        return false;
    }
    return true;
}

// One file a secret, as the gateway's credentials_dir has them.
void readCredentials(const std::string& dir, Options& options) {
    for (const auto& entry : std::filesystem::directory_iterator(dir)) {
        std::ifstream file(entry.path());
        std::string text;
        std::getline(file, text);
        options.secrets.emplace(entry.path().filename().string(), text);
    }
}

double rateOf(const std::string& text) {
    char* end = nullptr;
    const double count = std::strtod(text.c_str(), &end);
    const std::string unit = end;
    if (end == text.c_str() || count < 0 || (unit != "" && unit != "/s" && unit != "/m"))
        throw CLI::ValidationError("--rate", "expected something like 5/s or 30/m; 0 is as fast as possible");
    return unit == "/m" ? count / 60 : count;
}

void readListen(const std::string& text, Options& options) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) throw CLI::ValidationError("--listen", "expected ADDRESS:PORT");
    options.listenAddress = text.substr(0, colon);
    const char* const first = text.data() + colon + 1;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(first, last, options.listenPort);
    if (error != std::errc{} || end != last)
        throw CLI::ValidationError("--listen", "the port is a number up to 65535");
}

Dealer dealerOf(const std::string& text) {
    const auto first = text.find(':'), second = text.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos)
        throw CLI::ValidationError("--dealer", "expected ID:CNPJ:CODE, the CNPJ without mask");
    return {text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
}

} // namespace

std::string Options::targetOf(const std::string& partner) const {
    if (const auto found = targets.find(partner); found != targets.end()) return found->second;
    if (partner == "mail") return "lmtp://127.0.0.1:2424/mail-leads@dealer.example";
    if (partner == "olx") return gateway + "/in/olx-" + dealers.front().id; // one address each advertiser
    const Portal* portal = portalOf(partner);
    const bool inPath = portal ? portal->proof == Proof::Path
                               : partner == "adf" || partner == "webmotors" || partner == "mercadolivre";
    const std::string token = inPath ? secret(partner) : "";
    return gateway + "/in/" + partner + (token.empty() ? "" : '/' + token);
}

std::string Options::secret(const std::string& name) const {
    const auto found = secrets.find(name);
    if (found != secrets.end()) return found->second;
    return name.find('-') == std::string::npos || portalOf(name) ? "" : "sim-" + name;
}

Parsed parse(int argc, const char* const* argv) {
    CLI::App app(
        "Partner simulators: they push leads to the gateway and answer its questions, over real HTTP\n"
        "and, of mail, LMTP. 'all' is without mail, 'all mail' with it.\n"
        "The first line printed is 'listening ADDRESS:PORT', the second 'seed N'; 'sent PARTNER N' follows\n"
        "when a partner has sent its --count.",
        "trevo-sim");
    Options options;
    std::vector<std::string> partners, targets, tokens, dealers;
    std::string listen = "127.0.0.1:0", rate = "1/s", credentials;
    auto known = partnerNames();
    known.push_back("all");
    app.add_option("partner", partners, "Which to run")->required()->check(CLI::IsMember(known));
    app.add_option("--listen", listen, "Where questions are answered; port 0 takes a free one")
        ->capture_default_str();
    app.add_option("--gateway", options.gateway, "Base of the addresses that are pushed to")
        ->capture_default_str();
    app.add_option("--target", targets,
                   "PARTNER=URL to push to; without PARTNER as --gateway when there are several");
    app.add_option("--token", tokens, "[PARTNER=]TOKEN to send with each push");
    app.add_option("--credentials", credentials, "Folder with a file for each secret, as the gateway has it")
        ->check(CLI::ExistingDirectory);
    app.add_flag("--wait-for-target", options.waitForTarget,
                 "Start pushing when the target takes connections");
    app.add_option("--rate", rate, "Leads of each partner: 5/s, 30/m; 0 is as fast as possible")
        ->capture_default_str();
    app.add_option("--count", options.count, "Leads of each partner; 0 goes on without end")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--seed", options.seed, "Of everything invented; 0 takes a new one")
        ->capture_default_str();
    app.add_option("--people", options.people, "How many people there are")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    app.add_option("--dealer", dealers, "ID:CNPJ:CODE of a dealer, instead of the two invented ones");
    app.add_option("--ledger", options.ledgerFile,
                   "File that gets a JSON line for each lead that was offered");
    app.add_option("--fail-rate", options.failRate, "Share of pushes cut off and of answers that are 503")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--duplicate-rate", options.duplicateRate, "Share of pushes sent twice")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--lose-rate", options.loseRate,
                   "webmotors, mercadolivre, meta: share of leads never announced")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--delay-ms", options.delayMillis, "Each push and answer waits up to so long")
        ->check(CLI::Range(0, 600'000));
    app.add_option("--reorder", options.reorder, "Pushes leave in random order out of a window of so many")
        ->check(CLI::Range(1, 10'000));
    app.add_option("--resend-ms", options.resendMillis, "Wait before a refused push is sent again")
        ->check(CLI::Range(0, 86'400'000))
        ->capture_default_str();
    try {
        app.parse(argc, argv);
        if (std::find(partners.begin(), partners.end(), "all") != partners.end()) {
            const bool mails = std::find(partners.begin(), partners.end(), "mail") != partners.end();
            partners = partnerNames();
            if (!mails) std::erase(partners, "mail"); // it needs a door of its own
        }
        options.partners = partners;
        for (const std::string& target : targets) {
            if (!setOfPartner(target, partners, options.targets)) options.gateway = target;
        }
        for (const std::string& token : tokens) {
            if (!setOfPartner(token, partners, options.secrets))
                throw CLI::ValidationError("--token", "write PARTNER=TOKEN, with one of the partners named");
        }
        if (!credentials.empty()) readCredentials(credentials, options);
        options.perSecond = rateOf(rate);
        readListen(listen, options);
        for (const std::string& dealer : dealers)
            options.dealers.push_back(dealerOf(dealer));
        if (options.dealers.empty()) options.dealers = usualDealers();
    } catch (const CLI::ParseError& error) {
        return {{}, app.exit(error) == 0 ? 0 : 2};
    }
    return {options, -1};
}

} // namespace trevo::sim
