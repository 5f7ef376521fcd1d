// Leads by mail: from a mailbox of a real dovecot, and by LMTP from a simulated portal.
#include "e2e/answers.hpp"
#include "support/daemon.hpp"
#include "support/dovecot.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace trevo::test;
using nlohmann::json;

namespace {

std::string mailConfig(const std::string& dealers, const std::string& door, const std::string& mailbox) {
    return standardConfig() + door + R"(
[integrations.mail-leads]
plugin = "mail-leads"
)" + dealers +
           R"(
[integrations.mail-leads.auth]
type = "none"
addresses = ["127.0.0.1"]
[integrations.mail-leads.mail]
senders = ["portal.example"]
)" + mailbox;
}

std::string mailboxOf(const std::string& url) {
    ::setenv("TREVO_TEST_MAILBOX", "segredo", 1);
    return R"([integrations.mail-leads.mail.mailbox]
url = ")" + url +
           R"("
tls = "off"
user = "leads"
password = "${env:TREVO_TEST_MAILBOX}"
interval_seconds = 1
)";
}

std::string leadMail(const std::string& id, const std::string& head = "Subject: Proposta\r\n",
                     const std::string& from = "leads@portal.example") {
    return "From: " + from + "\r\nMessage-ID: <" + id + "@portal.example>\r\n" + head +
           "Content-Type: text/plain; charset=utf-8\r\n\r\nNome: Maria de Souza\r\nTelefone: (11) "
           "99876-5432\r\n"
           "Protocolo: " +
           id + "\r\n";
}

// How often each lead is in the store, by its sender's id.
std::map<std::string, int> stored(const Daemon& daemon) {
    std::map<std::string, int> ids;
    std::istringstream rows(daemon.cli({"export", "records", "--format", "ndjson"}).out);
    for (std::string line; std::getline(rows, line);)
        ++ids[json::parse(line)["external_id"]];
    return ids;
}

} // namespace

TEST_CASE("a mail in the mailbox becomes a record, and what is no lead is kept with the reason") {
    Dovecot server;
    const bool imap = GENERATE(true, false);
    server.deliver(leadMail("A-1"));
    server.deliver(leadMail("A-2",
                            "Subject: Resposta autom=?UTF-8?Q?=C3=A1?=tica: Proposta\r\nAuto-Submitted: "
                            "auto-replied\r\n"));
    server.deliver(leadMail("A-3", "Subject: Proposta\r\n", "alguem@elsewhere.example"));
    const Daemon daemon(
        mailConfig("dealer = \"centro\"", "", mailboxOf(imap ? server.imap() : server.pop3())));
    const bool drained = eventually([&] { return server.inbox() == 0 && daemon.settled(); });
    INFO(daemon.log());
    REQUIRE(drained);
    INFO(daemon.cli({"dead", "list"}).out);
    CHECK(stored(daemon) == std::map<std::string, int>{{"A-1", 1}});
    const auto dead = daemon.cli({"dead", "list", "--json"}).out;
    CHECK(dead.find("sender_not_trusted") != std::string::npos);
    CHECK(dead.find("auto_reply") == std::string::npos);

    // By HTTP the answer tells the receipt.
    const auto pushed =
        daemon.post("/in/mail-leads", leadMail("A-4", "Subject: Fora do escritório\r\n"), "message/rfc822");
    INFO(pushed.body);
    REQUIRE(pushed.status == 200);
    const std::string receipt = json::parse(pushed.body)["receipt"];
    REQUIRE(eventually([&] { return daemon.settled(); }));
    const auto told = daemon.get("/v1/receipts/" + receipt).body;
    INFO(told);
    CHECK(json::parse(told)["state"] == "done");
    CHECK(told.find("auto_reply") != std::string::npos);
    CHECK(daemon.cli({"trace", receipt}).out.find("auto_reply") != std::string::npos);

    const auto doctor = daemon.cli({"doctor", "mail-leads"});
    INFO(doctor.out);
    CHECK(doctor.exitCode == 0);
    CHECK(doctor.out.find("the server lets this user in") != std::string::npos);
}

TEST_CASE("kill -9 while a mailbox is drained: each mail is one record, and none stays") {
    constexpr int kMails = 400;
    Dovecot server;
    const bool imap = GENERATE(true, false);
    for (int i = 0; i < kMails; ++i)
        server.deliver(leadMail("K-" + std::to_string(i)));
    Daemon daemon(mailConfig("dealer = \"centro\"", "", mailboxOf(imap ? server.imap() : server.pop3())));
    for (std::size_t left : {390U, 250U, 120U}) { // wherever it is by then
        CHECK(eventually([&] { return server.inbox() <= left; }));
        daemon.kill();
        daemon.start();
    }
    const bool drained =
        eventually([&] { return server.inbox() == 0 && daemon.settled(); }, std::chrono::seconds(60));
    INFO(daemon.log());
    REQUIRE(drained);
    const auto records = stored(daemon);
    CHECK(records.size() == kMails);
    for (const auto& [id, times] : records)
        CHECK(times == 1);
}

TEST_CASE("mails by LMTP, sent twice, cut off and through kill -9, are one record each") {
    const Folder sockets;
    const std::string socket = (sockets.path() / "lmtp").string();
    Daemon daemon(
        mailConfig("dealers = [\"centro\", \"sul\"]", "[mail]\nlmtp = \"unix:" + socket + "\"\n", ""));
    Process simulator({binary("trevo-sim"), "mail", "--target",
                       "mail=lmtp:" + socket + "?mail-leads@dealer.example", "--count", "150", "--rate",
                       "60/s", "--fail-rate", "0.1", "--duplicate-rate", "0.3", "--resend-ms", "1500",
                       "--seed", "5", "--ledger", (sockets.path() / "ledger").string()},
                      (sockets.path() / "out").string(), (sockets.path() / "err").string());
    for (const std::size_t arrived : {20U, 70U}) {
        CHECK(eventually([&] { return stored(daemon).size() >= arrived; }));
        daemon.kill();
        daemon.start();
    }
    REQUIRE(simulator.wait(std::chrono::seconds(60)) == 0);
    const bool settled = eventually([&] { return daemon.settled(); });
    INFO(daemon.log());
    REQUIRE(settled);

    const auto records = stored(daemon);
    for (const auto& [id, times] : records) {
        INFO(id);
        CHECK(times == 1);
    }
    int accepted = 0;
    std::istringstream ledger(sockets.read("ledger"));
    for (std::string line; std::getline(ledger, line);) {
        const json entry = json::parse(line);
        if (entry["state"] != "accepted") continue;
        const std::string id = entry["id"];
        INFO(line);
        CHECK(records.count("mail-" + id) + records.count("PX-" + id) == 1);
        ++accepted;
    }
    CHECK(accepted >= 150);
    CHECK(daemon.cli({"doctor", "mail-leads"}).out.find("over LMTP at unix:" + socket) != std::string::npos);
}
