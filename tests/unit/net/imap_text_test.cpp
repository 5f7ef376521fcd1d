#include "net/imap_text.hpp"

#include <catch2/catch.hpp>

using namespace trevo::net;

TEST_CASE("a folder's name is written as IMAP writes it") {
    CHECK(imapFolder("INBOX") == "INBOX");
    CHECK(imapFolder("Lixeira & cia") == "Lixeira &- cia");
    CHECK(imapFolder("Portais/Veículos") == "Portais/Ve&AO0-culos");
    CHECK(imapFolder("🚗") == "&2D3elw-");
    CHECK(imapQuoted("a\"b\\c\r\nd") == R"("a\"b\\cd")");
}

TEST_CASE("a listed mail is read in whatever order the server tells of it") {
    const auto entry = readImapEntry("* 12 FETCH (FLAGS (\\Seen $Junk) UID 34 RFC822.SIZE 4711)\r");
    REQUIRE(entry);
    CHECK(entry->uid == 34);
    CHECK(entry->size == 4711);
    CHECK(entry->seen);
    CHECK(readImapEntry("* 1 FETCH (UID 7)")->size == -1);
    for (const char* line : {"", "* 12 EXISTS", "* 12 FETCH (FLAGS ())", "* 12 FETCH (UID 0)",
                             "A1 OK FETCH (UID 3)", "* 12 FETCH (UID 99999999999)", "* 12 FETCH (XUID 3)"}) {
        INFO(line);
        CHECK_FALSE(readImapEntry(line));
    }
}

TEST_CASE("how many mails a folder has is the last that the server says of it") {
    CHECK(imapExists("* FLAGS (\\Seen)\r\n* 400 EXISTS\r\n* 2 RECENT\r\n* OK [UIDNEXT 9]\r\n") == 400);
    CHECK(imapExists("* 4 EXISTS\n* 5 EXISTS\n") == 5);
    CHECK(imapExists("* 99999999999 EXISTS\n* EXISTS\n7 EXISTS") == 0);
}

TEST_CASE("mails that follow each other are one range") {
    CHECK(imapSet({1, 2, 5}) == "1:2,5");
    CHECK(imapSet({7}) == "7");
    CHECK(imapSet({1, 2, 3, 4, 9, 10}) == "1:4,9:10");
}
