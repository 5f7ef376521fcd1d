// Partners that are asked: Mercado Livre with its single-use tokens and lost notifications, pausing, quotas,
// the doctor.
#include "support/daemon.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <map>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

using namespace trevo::test;
using nlohmann::json;

namespace {

std::string sellersOf(const std::string& id, const std::string& simulator, const std::string& more) {
    return "[integrations." + id + R"(]
plugin = "mercadolivre"
dealers = ["centro", "sul"]
poll_interval_seconds = 1
)" + more + "[integrations." +
           id + R"(.auth]
type = "path_token"
secret = "${cred:mercadolivre}"
[integrations.)" +
           id + R"(.settings]
base_url = "http://)" +
           simulator + R"("
app_id = "5503910000000001"
client_secret = "${cred:mercadolivre-client}"
page_size = 7
batch = 10
[integrations.)" +
           id + R"(.dealer_settings.centro]
user_id = "7712340"
refresh_token = "${cred:mercadolivre-centro}"
[integrations.)" +
           id + R"(.dealer_settings.sul]
user_id = "7712341"
refresh_token = "${cred:mercadolivre-sul}"
)";
}

// A daemon and a simulated Mercado Livre that push to and ask each other.
class Partnership {
  public:
    explicit Partnership(std::vector<std::string> options) {
        for (const char* name :
             {"mercadolivre", "mercadolivre-client", "mercadolivre-centro", "mercadolivre-sul"})
            daemon.folder().write(std::string("credentials/") + name, std::string(name) + "-secret\n");
        std::vector<std::string> command = {binary("trevo-sim"),
                                            "mercadolivre",
                                            "--listen",
                                            "127.0.0.1:0",
                                            "--gateway",
                                            "http://127.0.0.1:" + std::to_string(daemon.port()),
                                            "--credentials",
                                            file("credentials"),
                                            "--seed",
                                            "11",
                                            "--people",
                                            "30",
                                            "--ledger",
                                            file("ledger")};
        command.insert(command.end(), options.begin(), options.end());
        simulator = std::make_unique<Process>(command, file("sim.out"), file("sim.err"));
        REQUIRE(eventually([&] {
            std::istringstream lines(daemon.folder().read("sim.out"));
            std::string word;
            return static_cast<bool>(lines >> word >> address) && word == "listening";
        }));
    }

    void configure(const std::string& integrations) {
        std::string config = standardConfig() + integrations;
        for (const auto& [mark, value] :
             {std::pair{"@BUILD@", TREVO_BINARY_DIR}, std::pair{"@SOURCE@", TREVO_SOURCE_DIR}}) {
            for (auto at = config.find(mark); at != std::string::npos; at = config.find(mark))
                config.replace(at, std::string(mark).size(), value);
        }
        daemon.folder().write("trevo.toml", config);
        daemon.process().signal(SIGHUP);
        REQUIRE(eventually([&] { return daemon.log().find("event=reload.done") != std::string::npos; }));
    }
    bool sentAll() {
        return eventually(
            [&] { return daemon.folder().read("sim.out").find("sent mercadolivre") != std::string::npos; },
            std::chrono::seconds(60));
    }
    // What the simulator knows of itself: ids of its leads, as the ledger has them.
    std::map<std::string, std::string> offered() const {
        std::map<std::string, std::string> states;
        std::istringstream stream(daemon.folder().read("ledger"));
        for (std::string line; std::getline(stream, line);) {
            const json entry = json::parse(line);
            states[entry["id"]] = entry["state"];
        }
        return states;
    }
    // Records of an integration by the number of their lead.
    std::map<std::string, int> stored(const std::string& integration) const {
        std::map<std::string, int> ids;
        const json records = json::parse(daemon.get("/v1/records?limit=1000").body);
        for (const auto& row : records["items"]) {
            if (row["integration"] != integration) continue;
            const std::string external = row["external_id"];
            const auto first = external.find_first_not_of("0", external.find_last_not_of("0123456789") + 1);
            ++ids[external.substr(first)];
        }
        return ids;
    }
    std::string file(const char* name) const { return (daemon.folder().path() / name).string(); }

    Daemon daemon;
    std::unique_ptr<Process> simulator;
    std::string address;
};

// Takes connections and never answers.
class SilentPartner {
  public:
    SilentPartner() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const raw = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(socket_, raw, size) == 0);
        REQUIRE(::listen(socket_, 64) == 0);
        REQUIRE(::getsockname(socket_, raw, &size) == 0);
        address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    }
    ~SilentPartner() { ::close(socket_); }
    SilentPartner(const SilentPartner&) = delete;
    SilentPartner& operator=(const SilentPartner&) = delete;
    const std::string& address() const { return address_; }

  private:
    const int socket_;
    std::string address_;
};

} // namespace

TEST_CASE("every lead and question of Mercado Livre is one record, also those whose notification was lost") {
    constexpr int kMany = 40;
    Partnership pair({"--count", std::to_string(kMany), "--rate", "30/s", "--duplicate-rate", "0.3",
                      "--fail-rate", "0.03", "--lose-rate", "0.2", "--reorder", "6", "--resend-ms", "100",
                      "--delay-ms", "20"});
    // Two integrations of the same sellers: tokens end after 40 questions and are good once, so both renew
    // all the time.
    pair.configure(sellersOf("mercadolivre", pair.address, "account = \"loja\"\n") +
                   sellersOf("second", pair.address, "account = \"loja\"\n"));
    REQUIRE(pair.sentAll());
    const auto offered = pair.offered();
    REQUIRE(offered.size() == kMany);
    const bool complete = eventually(
        [&] { return pair.stored("mercadolivre").size() == kMany && pair.stored("second").size() == kMany; },
        std::chrono::seconds(60));
    CAPTURE(pair.stored("mercadolivre").size(), pair.stored("second").size());
    INFO(pair.daemon.get("/v1/integrations").body);
    CHECK(complete);
    const auto stored = pair.stored("mercadolivre");
    int lost = 0;
    for (const auto& [id, state] : offered) {
        INFO(id << ' ' << state);
        lost += state == "lost";
        const auto found = stored.find(id);
        CHECK((found == stored.end() ? 0 : found->second) == 1);
    }
    CHECK(lost > 3);
    CHECK(pair.daemon.log().find("authorisation_lost") == std::string::npos);
    CHECK(json::parse(pair.daemon.get("/v1/dead").body)["items"].empty());

    // Reading all of it again changes nothing.
    const auto before = json::parse(pair.daemon.get("/v1/records?limit=1000").body)["items"].size();
    REQUIRE(pair.daemon.cli({"poll", "mercadolivre"}).exitCode == 0);
    REQUIRE(eventually([&] { return pair.daemon.settled(); }));
    CHECK(json::parse(pair.daemon.get("/v1/records?limit=1000").body)["items"].size() == before);
}

TEST_CASE("a notification is answered well within 500 ms while Mercado Livre itself is slow") {
    Partnership pair({"--count", "1", "--delay-ms", "3000"});
    pair.configure(sellersOf("mercadolivre", pair.address, ""));
    std::int64_t slowest = 0;
    for (int i = 0; i < 40; ++i) {
        const json body = {{"_id", "n-" + std::to_string(i)},
                           {"resource", "/vis/leads/none-" + std::to_string(i)},
                           {"user_id", 7712340},
                           {"topic", "vis_leads"},
                           {"application_id", 5503910000000001}};
        const auto start = std::chrono::steady_clock::now();
        const Answer answer = pair.daemon.request("POST", "/in/mercadolivre/mercadolivre-secret", body.dump(),
                                                  {{"Content-Type", "application/json"}});
        const auto spent = std::chrono::steady_clock::now() - start;
        slowest = std::max<std::int64_t>(
            slowest, std::chrono::duration_cast<std::chrono::milliseconds>(spent).count());
        REQUIRE(answer.status == 200);
    }
    CAPTURE(slowest);
    CHECK(slowest < 500);
}

TEST_CASE("what an operator pauses is not asked, also after a restart, until it is resumed") {
    Partnership pair({"--count", "5", "--rate", "0", "--lose-rate", "1"}); // only the list tells of them
    pair.configure(sellersOf("mercadolivre", pair.address, ""));
    REQUIRE(pair.sentAll());
    REQUIRE(eventually([&] { return pair.stored("mercadolivre").size() == 5; }));

    const Ran paused = pair.daemon.cli({"integrations", "pause", "mercadolivre"});
    CHECK(paused.exitCode == 0);
    CHECK(paused.out.find("integrations resume mercadolivre") != std::string::npos);
    const auto stateOf = [&] {
        const json answer = json::parse(pair.daemon.get("/v1/integrations").body);
        for (const auto& item : answer["items"])
            if (item["id"] == "mercadolivre") return item["state"].get<std::string>();
        return std::string("none");
    };
    CHECK(stateOf() == "paused");
    const Ran refused = pair.daemon.cli({"poll", "mercadolivre"});
    CHECK(refused.exitCode == 1);
    CHECK(refused.err.find("paused") != std::string::npos);
    CHECK(pair.daemon.cli({"integrations", "pause", "nobody"}).exitCode == 1);

    CHECK(pair.daemon.stop() == 0);
    pair.daemon.start();
    CHECK(stateOf() == "paused");
    CHECK(pair.daemon.cli({"integrations", "resume", "mercadolivre"}).exitCode == 0);
    CHECK(stateOf() == "running");
    CHECK(pair.daemon.cli({"poll", "mercadolivre"}).exitCode == 0);
    CHECK(pair.stored("mercadolivre").size() == 5);
}

TEST_CASE("a partner that never answers costs its integration a round, not its plugin, and others nothing") {
    const SilentPartner silent;
    Partnership pair({"--count", "5", "--rate", "0", "--lose-rate", "1"});
    pair.configure(sellersOf("mercadolivre", pair.address, "") +
                   sellersOf("silent", silent.address(), "call_timeout_seconds = 2\n"));
    const auto failedPolls = [&] {
        const std::string all = pair.daemon.get("/metrics").body,
                          name = "trevo_polls_total{outcome=\"failed\"} ";
        const auto at = all.find(name);
        return at == std::string::npos ? 0.0 : std::stod(all.substr(at + name.size()));
    };
    for (int round = 1; round <= 4; ++round) { // more than the threads that a stuck plugin may leave behind
        REQUIRE(eventually([&] { return failedPolls() >= round; }));
        REQUIRE(pair.daemon.cli({"poll", "silent"}).exitCode == 0);
    }
    CHECK(pair.daemon.log().find("plugin_stuck") == std::string::npos);
    const auto start = std::chrono::steady_clock::now();
    const Ran told = pair.daemon.cli({"doctor", "silent", "--json"});
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
    CHECK(told.exitCode == 1);
    INFO(told.out);
    std::map<std::string, std::string> advice; // by dealer
    const json doctor = json::parse(told.out);
    for (const json& check : doctor["checks"]) {
        if (check.value("name", "") == "log_in" && check["result"] == "failed")
            advice[check["dealer"]] = check["do"];
    }
    CHECK(advice["centro"] == "check the way out: proxy, firewall, and base_url");
    CHECK(advice.contains("sul"));
    REQUIRE(pair.sentAll());
    CHECK(eventually([&] { return pair.stored("mercadolivre").size() == 5; }));
}

TEST_CASE("logins that are good once outlive ten crashes while they are renewed all the time") {
    Partnership pair({"--count", "60", "--rate", "20/s", "--lose-rate", "1"});
    pair.configure(sellersOf("mercadolivre", pair.address, ""));
    REQUIRE(eventually([&] { return !pair.stored("mercadolivre").empty(); }));
    for (int crash = 0; crash < 10; ++crash) {
        // Not amid a renewal: what Mercado Livre has used up and the gateway never saw is lost, here as
        // there. Paused, no round begins, and the doctor waits for the one that runs.
        REQUIRE(pair.daemon.cli({"integrations", "pause", "mercadolivre"}).exitCode == 0);
        REQUIRE(pair.daemon.cli({"doctor", "mercadolivre"}).exitCode == 0);
        pair.daemon.kill();
        pair.daemon.start();
        REQUIRE(pair.daemon.cli({"integrations", "resume", "mercadolivre"}).exitCode == 0);
    }
    REQUIRE(pair.sentAll());
    CHECK(eventually([&] { return pair.stored("mercadolivre").size() == 60; }, std::chrono::seconds(60)));
    CHECK(pair.daemon.cli({"doctor", "mercadolivre"}).exitCode == 0);
    for (const auto& [id, times] : pair.stored("mercadolivre"))
        CHECK(times == 1);
}

TEST_CASE("a quota is kept without failing anything, told, and what waited for it is brought afterwards") {
    Partnership pair({"--count", "6", "--rate", "0", "--lose-rate", "1"});
    pair.configure(sellersOf("mercadolivre", pair.address, "quota = { per_minute = 4 }\n"));
    REQUIRE(pair.sentAll());
    const auto problem = [&] {
        const json answer = json::parse(pair.daemon.get("/v1/integrations").body);
        for (const auto& item : answer["items"]) {
            if (item["id"] == "mercadolivre" && item["last_problem"].is_string())
                return item["last_problem"].get<std::string>();
        }
        return std::string();
    };
    REQUIRE(eventually([&] { return problem().find("quota_used_up") == 0; }));
    CHECK(pair.stored("mercadolivre").size() < 6);
    CHECK(json::parse(pair.daemon.get("/v1/dead").body)["items"].empty());
    pair.configure(sellersOf("mercadolivre", pair.address, "quota = { per_minute = 600 }\n"));
    CHECK(eventually([&] { return pair.stored("mercadolivre").size() == 6; }));
    CHECK(eventually([&] { return problem().empty(); }));
}

TEST_CASE("the doctor tries an integration for real and says what to do") {
    Partnership pair({"--count", "1"});
    pair.configure(sellersOf("mercadolivre", pair.address, ""));
    const auto doctor = [&](const std::string& id) {
        const Ran ran = pair.daemon.cli({"doctor", id, "--json"});
        const json told = json::parse(ran.out);
        std::map<std::string, std::string> checks; // sentence -> result, of that integration
        for (const auto& check : told["checks"])
            if (check.value("integration", "") == id) checks[check["check"]] = check["result"];
        return std::pair(ran.exitCode, checks);
    };
    const auto [good, checks] = doctor("mercadolivre");
    INFO(pair.daemon.cli({"doctor", "mercadolivre"}).out);
    CHECK(good == 0);
    CHECK(checks.at("mercadolivre (centro): seller 7712340 has authorised the application") == "ok");
    CHECK(checks.at("mercadolivre (sul): the list of interested people answers") == "ok");
    CHECK(checks.at("mercadolivre: this machine's clock agrees with the partner's") == "ok");

    pair.daemon.folder().write("credentials/mercadolivre-sul", "nobody-gave-this\n");
    pair.daemon.process().signal(SIGHUP);
    REQUIRE(eventually([&] { return doctor("mercadolivre").first == 1; }));
    const std::string said = pair.daemon.cli({"doctor", "mercadolivre"}).out;
    CHECK(said.find("-> let seller 7712341 authorise the application again") != std::string::npos);
    CHECK(doctor("olx").first == 0);
    CHECK(pair.daemon.cli({"doctor", "nobody"}).exitCode == 1);
    const std::string reader = pair.daemon.newToken({"--scope", "read"});
    CHECK(pair.daemon
              .request("POST", "/v1/integrations/mercadolivre/examine", "",
                       {{"Authorization", "Bearer " + reader}})
              .status == 403);
}
