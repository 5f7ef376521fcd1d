#include "ingest/mail/mailbox.hpp"
#include "integration/mail_servers/dovecot.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <stdexcept>

using namespace trevo;
using test::Dovecot;

namespace {

std::string leadMail(int number) {
    return "From: Portal <leads@portal.example>\r\nMessage-ID: <" + std::to_string(number) +
           "@portal.example>\r\nSubject: Lead " + std::to_string(number) +
           "\r\n\r\nNome: Maria\r\nTelefone: (11) 99876-5432\r\n.linha com ponto\r\n";
}

// Between the source and the server: counts what is read, and fails where a gateway is to be killed.
struct Watched {
    int fetched = 0;
    bool failFinish = false;
};
class WatchedServer final : public net::MailServer {
  public:
    WatchedServer(std::unique_ptr<net::MailServer> inner, Watched& watched)
        : inner_(std::move(inner)), watched_(watched) {}
    Result<net::MailList> list(const std::string& after, std::size_t most) override {
        return inner_->list(after, most);
    }
    Result<std::string> fetch(const net::MailEntry& mail, std::size_t maxBytes) override {
        ++watched_.fetched;
        return inner_->fetch(mail, maxBytes);
    }
    Result<std::string> head(const net::MailEntry& mail, std::size_t maxBytes) override {
        return inner_->head(mail, maxBytes);
    }
    Result<Done> finish(const std::vector<net::MailEntry>& mails, const net::FinishMails& how) override {
        if (watched_.failFinish) throw std::runtime_error("killed between commit and delete");
        return inner_->finish(mails, how);
    }
    Result<Done> mayFinish(const net::FinishMails& how) override { return inner_->mayFinish(how); }

  private:
    std::unique_ptr<net::MailServer> inner_;
    Watched& watched_;
};

class Scene {
  public:
    explicit Scene(std::string url, std::string after = "delete") {
        config::Integration settings;
        settings.id = "leads";
        settings.mapping = "mail-leads/lead";
        settings.authentication.addresses = {"127.0.0.1"};
        settings.mail.emplace();
        settings.mail->senders = {"portal.example"};
        auto& box = settings.mail->mailbox.emplace();
        box.plaintext = !url.starts_with("imaps");
        box.url = std::move(url);
        box.user = "leads";
        box.password = "segredo";
        box.after = std::move(after);
        if (box.after == "move") box.moveTo = "Lidas";
        config_ = std::make_shared<config::Config>();
        config_->mappingDirs = {TREVO_SOURCE_DIR "/mappings"};
        config_->integrations = {settings};
        journal::Options options;
        options.path = (folder_.path() / "journal.db").string();
        journal_ = std::make_unique<journal::Journal>(options, clock_, ids_);
    }
    config::Mailbox& box() { return *config_->integrations[0].mail->mailbox; }
    config::Config& config() { return *config_; }

    // A source of its own each time, as after a restart.
    std::unique_ptr<mail::MailboxSource> source(mail::MailboxLimits limits = {}) {
        auto set = IntegrationSet::build(config_, nullptr, nullptr);
        if (!set) FAIL(toml::describe(set.error()));
        set_ = *set;
        return std::make_unique<mail::MailboxSource>(
            set_->find("leads"), *journal_, clock_, registry_,
            [this](net::MailServerConfig server, std::function<bool()> stopping) {
                return std::make_unique<WatchedServer>(
                    net::openMailServer(std::move(server), std::move(stopping)), watched);
            },
            limits);
    }
    std::size_t kept() const {
        journal::Query query;
        query.limit = 1'000;
        return journal_->list(query).size();
    }
    journal::Envelope newest() const {
        journal::Query query;
        query.withBody = true;
        return journal_->list(query).at(0);
    }
    Watched watched;

  private:
    test::Folder folder_;
    SystemClock clock_;
    UuidSource ids_{clock_};
    metrics::Registry registry_;
    std::shared_ptr<config::Config> config_;
    std::shared_ptr<const IntegrationSet> set_;
    std::unique_ptr<journal::Journal> journal_;
};

void good(const poll::Round& round) {
    INFO(describe(round.problem));
    REQUIRE_FALSE(round.failed);
}

} // namespace

TEST_CASE("mails are taken whole, and leave the mailbox when they are kept") {
    Dovecot server;
    const bool imap = GENERATE(true, false);
    Scene scene(imap ? server.imap() : server.pop3());
    server.deliver(leadMail(1));
    server.deliver(leadMail(2));
    good(scene.source()->round());
    CHECK(scene.kept() == 2);
    CHECK(server.inbox() == 0);
    const auto body = scene.newest().body;
    CHECK(body == leadMail(2));
    good(scene.source()->round());
    CHECK(scene.watched.fetched == 2);
}

TEST_CASE("a mailbox is drained in batches, each mail read once") {
    Dovecot server;
    const bool imap = GENERATE(true, false);
    Scene scene(imap ? server.imap() : server.pop3());
    for (int i = 0; i < 57; ++i)
        server.deliver(leadMail(i));
    const auto source = scene.source({20, 7, 1 << 20});
    int rounds = 1;
    for (auto round = source->round(); round.more && rounds < 20; round = source->round(), ++rounds)
        good(round);
    CHECK(rounds > 1);
    CHECK(scene.kept() == 57);
    CHECK(scene.watched.fetched == 57);
    CHECK(server.inbox() == 0);
}

TEST_CASE("killed between commit and delete, nothing is lost and nothing is read again") {
    Dovecot server;
    const bool imap = GENERATE(true, false);
    Scene scene(imap ? server.imap() : server.pop3());
    server.deliver(leadMail(1));
    scene.watched.failFinish = true;
    CHECK_THROWS(scene.source()->round());
    CHECK(scene.kept() == 1);
    CHECK(server.inbox() == 1);
    scene.watched.failFinish = false;
    server.deliver(leadMail(2));
    good(scene.source()->round());
    CHECK(scene.kept() == 2);
    CHECK(scene.watched.fetched == 2);
    CHECK(server.inbox() == 0);
}

TEST_CASE("mails are marked as seen after they are kept, and not before") {
    Dovecot server;
    Scene scene(server.imap(), "seen");
    server.deliver(leadMail(1));
    scene.watched.failFinish = true;
    CHECK_THROWS(scene.source()->round());
    CHECK(scene.kept() == 1);
    CHECK(server.seen() == 0);
    scene.watched.failFinish = false;
    good(scene.source()->round());
    CHECK(server.seen() == 1);
    server.deliver(leadMail(2));
    good(scene.source()->round());
    CHECK(scene.kept() == 2);
    CHECK(server.seen() == 2);
    CHECK(scene.watched.fetched == 2);
}

TEST_CASE("the doctor tells a mailbox that works from one that does not") {
    Dovecot server;
    SECTION("good, over TLS") {
        Scene scene(server.imaps());
        scene.config().caFile = server.authority();
        server.deliver(leadMail(1));
        const auto checks = scene.source()->examine();
        REQUIRE(checks.size() == 3);
        for (const auto& check : checks) {
            INFO(check.name << ": " << check.detail);
            CHECK(check.state == poll::Check::State::Good);
        }
        CHECK(scene.kept() == 0);
        CHECK(server.inbox() == 1);
        CHECK(server.seen() == 0);
    }
    SECTION("a certificate of nobody known") {
        Scene scene(server.imaps());
        const auto checks = scene.source()->examine();
        REQUIRE(checks.size() == 1);
        CHECK(checks[0].detail.find("certificate is not trusted") != std::string::npos);
    }
    SECTION("a wrong password") {
        Scene scene(server.imap());
        scene.box().password = "wrong";
        const auto checks = scene.source()->examine();
        REQUIRE(checks.size() == 1);
        CHECK(checks[0].name == "log_in");
        CHECK(checks[0].detail.find("does not let this user in") != std::string::npos);
    }
    SECTION("a folder that is not there") {
        Scene scene(server.imap());
        scene.box().folder = "Portais";
        const auto checks = scene.source()->examine();
        REQUIRE(checks.size() == 2);
        CHECK(checks[1].name == "list");
        CHECK(checks[1].state == poll::Check::State::Failed);
    }
}
