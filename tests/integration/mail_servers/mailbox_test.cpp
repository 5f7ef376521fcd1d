#include "ingest/mail/mailbox.hpp"
#include "support/dovecot.hpp"

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
    int steps = -1; // so many more, then the gateway is killed; negative: never

    void step() {
        if (steps == 0) throw std::runtime_error("killed");
        if (steps > 0) --steps;
    }
};
class WatchedServer final : public net::MailServer {
  public:
    WatchedServer(std::unique_ptr<net::MailServer> inner, Watched& watched)
        : inner_(std::move(inner)), watched_(watched) {}
    Result<net::MailList> list(const std::string& after, std::size_t most) override {
        watched_.step();
        return inner_->list(after, most);
    }
    Result<std::string> fetch(const net::MailEntry& mail, std::size_t maxBytes) override {
        ++watched_.fetched;
        auto whole = inner_->fetch(mail, maxBytes);
        watched_.step();
        return whole;
    }
    Result<std::string> head(const net::MailEntry& mail, std::size_t maxBytes) override {
        return inner_->head(mail, maxBytes);
    }
    Result<Done> finish(const std::vector<net::MailEntry>& mails, const net::FinishMails& how) override {
        if (watched_.failFinish) throw std::runtime_error("killed between commit and delete");
        watched_.step();
        auto done = inner_->finish(mails, how);
        watched_.step();
        return done;
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
    for (int i = 0; i < 457; ++i)
        server.deliver(leadMail(i));
    const auto source = scene.source({150, 60, 1 << 20});
    int rounds = 1;
    for (auto round = source->round(); round.more && rounds < 20; round = source->round(), ++rounds)
        good(round);
    CHECK(rounds > 1);
    CHECK(scene.kept() == 457);
    CHECK(scene.watched.fetched == 457);
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

TEST_CASE("killed at any step, again and again, each mail is kept once and none stays") {
    Dovecot server;
    const bool imap = GENERATE(true, false);
    Scene scene(imap ? server.imap() : server.pop3());
    int killed = 0, delivered = 0;
    for (int run = 0; run < 60; ++run) {
        for (int i = 0; i < 5; ++i)
            server.deliver(leadMail(delivered++));
        scene.watched.steps = run % 20;
        try {
            const auto source = scene.source({6, 2, 1 << 20});
            while (source->round().more) {
            }
        } catch (const std::runtime_error&) {
            ++killed;
        }
    }
    CHECK(killed > 40);
    scene.watched.steps = -1;
    const auto last = scene.source();
    INFO(server.log());
    poll::Round round;
    do {
        round = last->round();
        good(round);
    } while (round.more);
    CHECK(scene.kept() == static_cast<std::size_t>(delivered));
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

TEST_CASE("what people had read before the first round is theirs, however much it is") {
    Dovecot server;
    Scene scene(server.imap(), "seen");
    for (int i = 0; i < 30; ++i)
        server.deliver(leadMail(i), "S");
    server.deliver(leadMail(30));
    const auto source = scene.source({10, 5, 1 << 20});
    poll::Round round;
    do {
        round = source->round();
        good(round);
    } while (round.more);
    CHECK(scene.kept() == 1);
    server.deliver(leadMail(31), "S"); // somebody was faster than the round
    good(scene.source()->round());
    CHECK(scene.kept() == 2);
}

TEST_CASE("mails are moved after they are kept, over STARTTLS") {
    Dovecot server;
    Scene scene(server.imap(), "move");
    scene.box().plaintext = false;
    scene.config().caFile = server.authority();
    scene.box().moveTo = "Leads/Lidas ção";
    server.deliver(leadMail(1));
    auto round = scene.source()->round();
    CHECK(round.failed); // there is no such folder
    CHECK(scene.kept() == 1);
    CHECK(server.inbox() == 1);
    server.makeFolder(".Leads.Lidas &AOcA4w-o");
    server.deliver(leadMail(2));
    good(scene.source()->round());
    CHECK(server.inbox() == 0);
    CHECK(server.inFolder(".Leads.Lidas &AOcA4w-o") == 2);
    CHECK(scene.kept() == 2);
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
