#include "ingest/files/remote_source.hpp"
#include "integration/files_servers/servers.hpp"
#include "support/cutting_proxy.hpp"
#include "unit/files/scene.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>

using namespace trevo;
using namespace trevo::files;
using namespace trevo::test;
namespace fs = std::filesystem;

namespace {

// Between the source and its server: where the gateway is to be killed.
struct Killed {};
class MortalServer final : public net::FileServer {
    // Before a call and after it, when the server has done what the gateway will not remember.
    template <class Call>
    auto step(Call call) {
        count();
        auto result = call();
        count();
        return result;
    }
    void count() {
        if (steps_ == 0) throw Killed();
        if (steps_ > 0) --steps_;
    }

  public:
    MortalServer(std::unique_ptr<net::FileServer> inner, int& steps)
        : inner_(std::move(inner)), steps_(steps) {}
    Result<net::Listing> list() override {
        return step([&] { return inner_->list(); });
    }
    Result<net::FileState> state(const std::string& name) override {
        return step([&] { return inner_->state(name); });
    }
    Result<Done> fetch(const std::string& name, std::int64_t offset,
                       const std::function<bool(std::string_view)>& sink) override {
        return step([&] { return inner_->fetch(name, offset, sink); });
    }
    Result<Done> remove(const std::string& name) override {
        return step([&] { return inner_->remove(name); });
    }
    Result<Done> move(const std::string& name, const std::string& folder) override {
        return step([&] { return inner_->move(name, folder); });
    }

  private:
    std::unique_ptr<net::FileServer> inner_;
    int& steps_;
};

// A remote folder of a real server, and the source that asks it.
class Remote {
  public:
    explicit Remote(const std::string& kind, const std::string& after = "delete",
                    const std::string& marker = "")
        : scene_("drop/leads", [&](config::Integration& settings) {
              settings.remote.emplace();
              settings.remote->after = after;
              settings.remote->patterns = {"*.csv", "*.zip", "*.part"};
              settings.remote->doneMarker = marker;
          }) {
        if (kind == "sftp")
            sftp_ = std::make_unique<SftpServer>();
        else
            ftp_ =
                std::make_unique<FtpServer>(kind == "ftps" ? FtpServer::Tls::Explicit : FtpServer::Tls::None);
        fs::create_directory(folder());
        restart();
    }

    fs::path folder() const { return (ftp_ ? ftp_->root() : sftp_->root()) / "saida"; }
    bool has(const std::string& name) const { return fs::exists(folder() / name); }
    void put(const std::string& name, std::string_view text) const {
        std::ofstream(folder() / name, std::ios::binary) << text;
    }

    void restart() {
        source_.reset();
        scene_.reopen();
        source_ = std::make_unique<RemoteSource>(
            scene_.integration(),
            [this](std::function<bool()> stopping) {
                auto config = ftp_ ? ftp_->config("saida") : sftp_->config("saida");
                if (proxied_ > 0) config.url = url_ + std::to_string(proxied_);
                return std::make_unique<MortalServer>(
                    net::openFileServer(config, scene_.clock(), std::move(stopping)), stepsToLive);
            },
            (scene_.dir().path() / "spool").string(), scene_.journal(), scene_.clock(), registry_);
    }
    poll::Round ask() {
        scene_.clock().advance(10 * kSecond);
        return source_->round();
    }
    // Until a file has been seen twice.
    void askTwice() {
        for (int i = 0; i < 2; ++i) {
            const auto round = ask();
            INFO(describe(round.problem));
            REQUIRE_FALSE(round.failed);
        }
    }
    void through(const std::string& url, int port) {
        url_ = url;
        proxied_ = port;
    }

    testing::Scene& scene() { return scene_; }
    RemoteSource& source() { return *source_; }
    const FtpServer* ftp() const { return ftp_.get(); }
    const SftpServer* sftp() const { return sftp_.get(); }
    std::string metrics() { return registry_.text(); }
    int stepsToLive = -1; // for ever

  private:
    testing::Scene scene_;
    std::unique_ptr<FtpServer> ftp_;
    std::unique_ptr<SftpServer> sftp_;
    metrics::Registry registry_;
    std::string url_;
    int proxied_ = 0;
    std::unique_ptr<RemoteSource> source_;
};

const std::string kLeads = "Nome;Telefone\nMaria de Souza;11 998765432\n";

} // namespace

TEST_CASE("a complete remote file is in the journal before it is deleted, moved or marked") {
    const std::string kind = GENERATE("ftp", "ftps", "sftp");
    const std::string after = GENERATE("delete", "move", "keep");
    INFO(kind + ' ' + after);
    Remote remote(kind, after);
    remote.put("leads.csv", kLeads);
    remote.put("half.csv.part", "Nome;Tele");
    auto round = remote.ask();
    REQUIRE_FALSE(round.failed);
    CHECK(round.pauseSeconds == 2); // seen once: is it growing?
    CHECK(remote.scene().envelopes().empty());
    CHECK(remote.has("leads.csv"));
    round = remote.ask();
    REQUIRE_FALSE(round.failed);
    const auto envelopes = remote.scene().envelopes();
    REQUIRE(envelopes.size() == 1);
    CHECK(envelopes[0].body == kLeads);
    CHECK(envelopes[0].door == "file");
    CHECK(envelopes[0].meta.find("\"file\":\"leads.csv\"") != std::string::npos);
    CHECK(remote.has("leads.csv") == (after == "keep"));
    CHECK(remote.has("taken/leads.csv") == (after == "move"));
    CHECK(remote.has("half.csv.part"));
    CHECK(fs::is_empty(remote.scene().dir().path() / "spool"));

    // A restart takes nothing again, and what comes new is taken.
    remote.restart();
    remote.askTwice();
    remote.put("leads2.csv", kLeads + "Ana Lima;11 991234567\n");
    remote.askTwice();
    CHECK(remote.scene().envelopes().size() == 2);
    CHECK(remote.metrics().find("outcome=\"repeated\"} 1") == std::string::npos);
}

// A thousand times with a server in memory: tests/unit/files/remote_test.cpp.
TEST_CASE("killed at any step against a real server, every remote file is taken once and none stays") {
    const std::string kind = GENERATE("ftp", "sftp");
    const std::string after = GENERATE("delete", "move");
    INFO(kind + ' ' + after);
    Remote remote(kind, after);
    const int kKills = after == "delete" ? 60 : 20;
    int killed = 0, put = 0;
    for (; killed < kKills; ++put) {
        remote.put("leads" + std::to_string(put) + ".csv",
                   "Nome;Telefone\nPessoa " + std::to_string(put) + ";11 998765432\n");
        remote.stepsToLive = 1 + put % 23;
        try {
            for (int round = 0; round < 6; ++round)
                remote.ask();
        } catch (const Killed&) {
            ++killed;
        }
        remote.stepsToLive = -1;
        if (put % 5 == 0) remote.restart(); // else the round alone is lost
    }
    for (int round = 0; round < 3; ++round)
        CHECK_FALSE(remote.ask().failed);
    std::map<std::string, int> taken;
    for (const auto& envelope : remote.scene().envelopes())
        ++taken[envelope.body];
    CHECK(std::all_of(taken.begin(), taken.end(), [](const auto& entry) { return entry.second == 1; }));
    CHECK(taken.size() == static_cast<std::size_t>(put));
    for (int i = 0; i < put && after == "move"; ++i)
        CHECK(remote.has("taken/leads" + std::to_string(i) + ".csv"));
    for (const auto& entry : fs::directory_iterator(remote.folder()))
        CHECK(entry.path().filename() == "taken");
}

TEST_CASE("a remote file that grows is left until it is whole") {
    Remote remote("sftp");
    remote.put("leads.csv", kLeads.substr(0, 20));
    remote.ask();
    remote.put("leads.csv", kLeads);
    remote.ask();
    CHECK(remote.scene().envelopes().empty());
    remote.ask();
    REQUIRE(remote.scene().envelopes().size() == 1);
    CHECK(remote.scene().envelopes()[0].body == kLeads);
}

TEST_CASE("with a marker a remote file is taken once it is there, and both go") {
    const std::string kind = GENERATE("ftp", "sftp");
    Remote remote(kind, "delete", ".ok");
    remote.put("leads.csv", kLeads);
    remote.askTwice();
    CHECK(remote.scene().envelopes().empty());
    remote.put("leads.csv.ok", "");
    remote.ask();
    CHECK(remote.scene().envelopes().size() == 1);
    CHECK_FALSE(remote.has("leads.csv"));
    CHECK_FALSE(remote.has("leads.csv.ok"));
}

TEST_CASE("a remote transfer over a line that breaks goes on where it was, until all is there") {
    const std::string kind = GENERATE("ftp", "sftp");
    INFO(kind);
    Remote remote(kind);
    std::string text = "Nome;Telefone\n";
    for (int i = 0; text.size() < (3 << 20); ++i)
        text += "Maria de Souza;11 9" + std::to_string(80'000'000 + i) + '\n';
    remote.put("leads.csv", text);
    remote.askTwice(); // without the proxy nothing would be cut
    const auto direct = remote.scene().envelopes().size();
    REQUIRE(direct > 100);

    // Again under other bytes, through the line.
    text.insert(text.size(), "Ana Lima;11 991234567\n");
    remote.put("leads.csv", text);
    const int port = remote.ftp() ? remote.ftp()->port() : remote.sftp()->port();
    CuttingProxy control("127.0.0.2", 0, port);
    std::unique_ptr<CuttingProxy> data;
    if (remote.ftp())
        data =
            std::make_unique<CuttingProxy>("127.0.0.2", remote.ftp()->dataPort(), remote.ftp()->dataPort());
    CuttingProxy& line = data ? *data : control;
    remote.through(remote.ftp() ? "ftp://127.0.0.2:" : "sftp://127.0.0.2:", control.port());
    CHECK(eventually([&] {
        if (line.cuts() < 3) line.cutAfter(900'000);
        const auto round = remote.ask();
        if (round.failed) CHECK((round.problem.code == "cut" || round.problem.code == "unreachable"));
        return !remote.has("leads.csv");
    }));
    CHECK(line.cuts() == 3);
    CHECK(remote.scene().envelopes().size() == direct + 1); // the last piece alone is new
}

TEST_CASE("a server that does not let go of files is told of, and they are not fetched again and again") {
    // Root may delete anything, so the folder to move to can not be one.
    Remote remote("sftp", "move");
    std::ofstream(remote.folder() / "taken") << "a file";
    remote.put("leads.csv", kLeads);
    remote.askTwice();
    const auto round = remote.ask();
    CHECK_FALSE(round.failed);
    CHECK(round.problem.code == "permission");
    CHECK(round.problem.detail.find("can not be moved") != std::string::npos);
    CHECK(remote.has("leads.csv"));
    CHECK(remote.scene().envelopes().size() == 1);
    CHECK(remote.metrics().find("outcome=\"repeated\"} 1") == std::string::npos);
    const auto checks = remote.source().examine();
    const auto permission = std::find_if(checks.begin(), checks.end(),
                                         [](const auto& check) { return check.name == "permission"; });
    REQUIRE(permission != checks.end());
    CHECK(permission->state == poll::Check::State::Failed);

    fs::remove(remote.folder() / "taken");
    const auto mended = remote.ask();
    CHECK(mended.problem.code.empty());
    CHECK(remote.has("taken/leads.csv"));
}

TEST_CASE("what can not be taken stays on the server, is told of once, and holds up nothing") {
    Remote remote("sftp");
    remote.put("a.zip", "PK\x03\x04 this is no archive");
    remote.put("b.csv", kLeads);
    remote.ask();
    auto round = remote.ask();
    CHECK_FALSE(round.failed);
    CHECK(round.problem.code == "bad_zip");
    CHECK(remote.has("a.zip"));
    CHECK_FALSE(remote.has("b.csv"));
    round = remote.ask();
    CHECK(round.problem.code == "bad_zip");
    CHECK(remote.metrics().find("outcome=\"refused\"} 1") != std::string::npos);
    fs::remove(remote.folder() / "a.zip");
    CHECK(remote.ask().problem.code.empty());
}

TEST_CASE("the doctor sees a login, a listing and clocks, and changes nothing") {
    const std::string kind = GENERATE("ftp", "sftp");
    Remote remote(kind);
    remote.put("leads.csv", kLeads);
    const auto checks = remote.source().examine();
    REQUIRE(checks.size() == 4);
    CHECK(checks[0].name == "log_in");
    CHECK(checks[1].name == "list");
    CHECK(checks[1].detail.find("1 files, of which 1") == 0);
    CHECK(checks[2].name == "permission");
    CHECK(checks[3].name == "clock");
    CHECK(checks[3].state == poll::Check::State::Good);
    CHECK(remote.has("leads.csv"));
    fs::remove_all(remote.folder());
    const auto failed = remote.source().examine();
    CHECK(failed.back().name == "list");
    CHECK(failed.back().state == poll::Check::State::Failed);
}
