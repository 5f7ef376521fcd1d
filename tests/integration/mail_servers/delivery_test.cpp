// Postfix delivers to the gateway by LMTP.
#include "ingest/mail/lmtp_server.hpp"
#include "integration/mail_servers/postfix.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <memory>

using namespace trevo;
using test::Postfix;

namespace {

std::string mailOf(const std::string& id,
                   const std::string& text = "Nome: Maria\nTelefone: (11) 99876-5432\n") {
    return "From: Portal <leads@portal.example>\nMessage-ID: <" + id +
           "@portal.example>\nSubject: Lead\nDate: Wed, 25 Nov 2026 10:00:00 -0300\n\n" + text;
}

// The journal and the door, as the daemon has them.
class Gateway {
  public:
    Gateway() {
        auto config = std::make_shared<config::Config>();
        config->mappingDirs = {TREVO_SOURCE_DIR "/mappings"};
        for (const char* id : {"olx", "icarros", "site"}) {
            config::Integration one;
            one.id = id;
            one.mapping = "mail-leads/lead";
            one.authentication.addresses = {"127.0.0.1"};
            if (one.id != "site") one.mail.emplace().senders = {"portal.example"};
            config->integrations.push_back(one);
        }
        auto set = IntegrationSet::build(config, nullptr, nullptr);
        if (!set) FAIL(toml::describe(set.error()));
        directory_.replace(*set);
        journal::Options options;
        options.path = (folder_.path() / "journal.db").string();
        journal_ = std::make_unique<journal::Journal>(options, clock_, ids_);
        std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
    }
    std::string address() const { return "unix:" + (folder_.path() / "lmtp").string(); }
    void open(int maxMessageMegabytes = 32) {
        config::Lmtp settings;
        settings.listen = address();
        settings.maxMessageMegabytes = maxMessageMegabytes;
        server_ = std::make_unique<mail::LmtpServer>(settings, directory_, *journal_, clock_, registry_);
        // What the administrator does by putting the user postfix into the gateway's group.
        REQUIRE(test::run({"/bin/chgrp", "postfix", address().substr(5)}).exitCode == 0);
    }
    void close() { server_.reset(); }

    std::map<std::string, int> kept() const { // by integration
        std::map<std::string, int> out;
        for (const auto& envelope : all())
            ++out[envelope.integration];
        return out;
    }
    std::vector<journal::Envelope> all() const {
        journal::Query query;
        query.limit = 1'000;
        query.withBody = true;
        return journal_->list(query);
    }

  private:
    test::Folder folder_;
    SystemClock clock_;
    UuidSource ids_{clock_};
    metrics::Registry registry_;
    IntegrationDirectory directory_;
    std::unique_ptr<journal::Journal> journal_;
    std::unique_ptr<mail::LmtpServer> server_;
};

} // namespace

TEST_CASE("Postfix delivers mails to the integrations that their recipients name") {
    if (!Postfix::mayRun()) {
        WARN("Postfix starts for the superuser alone");
        return;
    }
    Gateway gateway;
    gateway.open(1);
    const Postfix postfix(gateway.address());

    SECTION("by name, by extension, several at once") {
        postfix.send(mailOf("1"), {"olx@leads.dealer.example"});
        postfix.send(mailOf("2"), {"vendas+icarros@leads.dealer.example"});
        postfix.send(mailOf("3"), {"olx@leads.dealer.example", "icarros@leads.dealer.example"});
        REQUIRE(test::eventually([&] { return postfix.count("status=sent") == 4; }));
        CHECK(gateway.kept() == std::map<std::string, int>{{"olx", 2}, {"icarros", 2}});
    }
    SECTION("whole, with what a line of one dot and long lines are") {
        const std::string text = ".\n..\n" + std::string(900, 'x') + "\nfim \xC3\xA7\n";
        postfix.send(mailOf("1", text), {"olx@leads.dealer.example"});
        REQUIRE(test::eventually([&] { return postfix.count("status=sent") == 1; }));
        std::string body = gateway.all().at(0).body;
        std::erase(body, '\r');
        CHECK(body.starts_with("Return-Path: <leads@portal.example>\n"));
        CHECK(body.ends_with("\n\n" + text));
    }
    SECTION("the same mail again is one; another under its Message-ID is another") {
        for (int i = 0; i < 2; ++i)
            postfix.send(mailOf("1"), {"olx@leads.dealer.example"});
        postfix.send(mailOf("1", "Nome: Ana\nTelefone: (11) 91234-5678\n"), {"olx@leads.dealer.example"});
        REQUIRE(test::eventually([&] { return postfix.count("status=sent") == 3; }));
        CHECK(gateway.kept() == std::map<std::string, int>{{"olx", 2}});
    }
    SECTION("refused: who is no integration, one that takes no mails, a mail that is too large") {
        postfix.send(mailOf("1"), {"ninguem@leads.dealer.example"});
        postfix.send(mailOf("2"), {"site@leads.dealer.example"});
        postfix.send(mailOf("3", std::string(1'100, 'x') + '\n' + std::string(1'200'000, '\n')),
                     {"olx@leads.dealer.example"});
        REQUIRE(test::eventually([&] { return postfix.count("status=bounced") == 3; }));
        CHECK(postfix.count("said: 550 5.1.1") == 2);
        CHECK(gateway.kept().empty());
    }
    SECTION("while the gateway is away the mails wait") {
        gateway.close();
        postfix.send(mailOf("1"), {"olx@leads.dealer.example"});
        REQUIRE(test::eventually([&] { return postfix.count("status=deferred") > 0; }));
        gateway.open();
        REQUIRE(test::eventually([&] {
            postfix.flush();
            return postfix.count("status=sent") == 1;
        }));
        CHECK(gateway.kept() == std::map<std::string, int>{{"olx", 1}});
    }
}
