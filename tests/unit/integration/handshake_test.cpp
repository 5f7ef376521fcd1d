#include "integration/handshake.hpp"

#include <catch2/catch.hpp>

using namespace trevo;

TEST_CASE("a platform that knows the verify token gets its challenge back, bare; nobody else gets anything") {
    const config::Handshake handshake{{"old token", "new+token"}};
    struct Row {
        const char* rule;
        std::string query;
        const char* expected; // the challenge, or the code and field of the refusal
    };
    const std::string good = "hub.mode=subscribe&hub.verify_token=new%2Btoken&hub.challenge=";
    const Row rows[] = {
        {"as Meta asks", "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=new%2Btoken",
         "1158201444"},
        {"the token being replaced still passes",
         "hub.mode=subscribe&hub.verify_token=old+token&hub.challenge=a-b_c.d~", "a-b_c.d~"},
        {"names may be coded too", "hub%2Emode=subscribe&hub%2Everify_token=old%20token&hub%2Echallenge=7",
         "7"},
        {"a wrong token", "hub.mode=subscribe&hub.verify_token=new&hub.challenge=1",
         "bad_token hub.verify_token"},
        {"an empty token", "hub.mode=subscribe&hub.verify_token=&hub.challenge=1",
         "bad_token hub.verify_token"},
        {"no token", "hub.mode=subscribe&hub.challenge=1", "bad_token hub.verify_token"},
        {"another mode", "hub.mode=unsubscribe&hub.verify_token=new%2Btoken&hub.challenge=1",
         "bad_handshake hub.mode"},
        {"no query", "", "bad_handshake hub.mode"},
        {"no challenge", good, "bad_handshake hub.challenge"},
        {"markup as a challenge", good + "%3Cscript%3E", "bad_handshake hub.challenge"},
        {"a line break in the challenge", good + "1%0d%0aSet-Cookie:x", "bad_handshake hub.challenge"},
        {"the longest challenge", good + std::string(257, '1'), "bad_handshake hub.challenge"},
        {"only separators", "&&&=&", "bad_handshake hub.mode"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        const auto answer = answerHandshake(handshake, row.query);
        CHECK((answer ? *answer : answer.error().code + ' ' + answer.error().field) == row.expected);
    }
}
