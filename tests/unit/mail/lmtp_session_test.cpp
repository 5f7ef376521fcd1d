#include "ingest/mail/lmtp_session.hpp"

#include <catch2/catch.hpp>

using namespace trevo::mail;

namespace {

struct Conversation {
    explicit Conversation(std::size_t maxBytes = 1'000)
        : session({[](std::string_view recipient) {
                       return recipient.starts_with("olx@") || recipient.starts_with("site@")
                                  ? std::string(recipient.substr(0, recipient.find('@')))
                                  : std::string();
                   },
                   [this](const std::vector<std::string>& integrations, const std::string& message) {
                       messages.push_back(message);
                       return std::vector<Kept>(integrations.size(), answer);
                   }},
                  maxBytes) {}
    std::string say(std::string_view bytes) {
        std::string replies;
        session.take(bytes, replies);
        return replies;
    }
    void begin() { say("LHLO mx\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<olx@here>\r\nDATA\r\n"); }

    Kept answer = Kept::Yes;
    std::vector<std::string> messages;
    LmtpSession session;
};

} // namespace

TEST_CASE("a mail is answered for each recipient once it is kept") {
    Conversation talk;
    talk.say("LHLO mx\r\n");
    CHECK(talk.say("MAIL FROM:<a@b.example> SIZE=100\r\nRCPT TO:<olx@here>\r\nRCPT TO:<nobody@here>\r\n"
                   "RCPT TO:<site@here>\r\nDATA\r\n") ==
          "250 2.1.0 ok\r\n250 2.1.5 ok\r\n550 5.1.1 no integration takes mail for this recipient\r\n"
          "250 2.1.5 ok\r\n354 go on, and end with a dot\r\n");
    CHECK(talk.say("Subject: x\r\n\r\n..one\r\n.\r\nQUIT\r\n") ==
          "250 2.0.0 kept\r\n250 2.0.0 kept\r\n221 2.0.0 bye\r\n");
    REQUIRE(talk.messages.size() == 1);
    CHECK(talk.messages[0] == "Return-Path: <a@b.example>\r\nSubject: x\r\n\r\n.one\r\n");
    CHECK(talk.session.over());
}

TEST_CASE("the bytes may come in any pieces") {
    Conversation talk;
    std::string replies;
    for (const char c : std::string("LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<olx@here>\r\nDATA\r\na\r\n.\r\n"))
        replies += talk.say({&c, 1});
    CHECK(replies.ends_with("354 go on, and end with a dot\r\n250 2.0.0 kept\r\n"));
    CHECK(talk.messages.at(0) == "Return-Path: <>\r\na\r\n");
}

TEST_CASE("while the journal takes nothing the mail server keeps its mail") {
    Conversation talk;
    talk.answer = Kept::Later;
    talk.begin();
    CHECK(talk.say("x\r\n.\r\n").starts_with("451 "));
}

TEST_CASE("a mail that is too large is refused, declared or not") {
    Conversation talk(100);
    CHECK(talk.say("LHLO mx\r\nMAIL FROM:<a@b.example> SIZE=101\r\n").find("552 5.3.4") != std::string::npos);
    talk.begin();
    CHECK(talk.say(std::string(5'000, 'x') + "\r\n.\r\n").starts_with("552 "));
    CHECK(talk.messages.empty());
    talk.begin();
    CHECK(talk.say("x\r\n.\r\n").starts_with("250 "));
}

TEST_CASE("nobody smuggles a second mail in behind a bare line feed") {
    Conversation talk;
    talk.begin();
    CHECK(talk.say("a\n.\nMAIL FROM:<evil@x>\r\n").empty());
    CHECK(talk.say("\r\n.\r\n") == "250 2.0.0 kept\r\n");
    CHECK(talk.messages.size() == 1);
}

TEST_CASE("what is out of order or nonsense is told, and ends in the end") {
    Conversation talk;
    CHECK(talk.say("MAIL FROM:<a@b>\r\n").starts_with("503 "));
    CHECK(talk.say("EHLO mx\r\n").starts_with("500 "));
    talk.say("LHLO mx\r\n");
    CHECK(talk.say("DATA\r\n").starts_with("503 "));
    CHECK(talk.say(std::string(5'000, 'x') + "\r\n").starts_with("500 "));
    for (int i = 0; i < 20; ++i)
        talk.say("HELP\r\n");
    CHECK(talk.session.over());
}
