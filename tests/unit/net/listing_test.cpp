#include "net/listing.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::net;

namespace {

const UtcTime kNow = *parseIsoTime("2026-11-25T20:24:00Z", "UTC");

struct Row {
    const char* rule;
    const char* line;
    ListedFile file; // name empty: no regular file
};

Result<Listing> listed(const std::string& text) {
    return readListing(text, ListingForm::List, kNow);
}

} // namespace

TEST_CASE("the usual forms of LIST") {
    const auto row = GENERATE(values<Row>({
        {"vsftpd",
         "-rw-r--r--    1 0        0            1234 Nov 25 20:24 leads.csv",
         {"leads.csv", 1234, "2026-11-25 20:24"}},
        {"OpenSSH",
         "-rw-r--r--    1 root     root            4 Nov 25  2024 a b.csv",
         {"a b.csv", 4, "2024-11-25"}},
        {"a month to come is of last year",
         "-rw-r--r-- 1 a b 1 Dec 31 23:59 x",
         {"x", 1, "2025-12-31 23:59"}},
        {"tomorrow, by a clock ahead of ours",
         "-rw-r--r-- 1 a b 1 Nov 26 00:10 x",
         {"x", 1, "2026-11-26 00:10"}},
        {"no group", "-rw-r--r--   1 owner   5 Jan  3 09:01 x.csv", {"x.csv", 5, "2026-01-03 09:01"}},
        {"an access list", "-rw-r--r--+  1 o g 5 Jan  3 09:01 x.csv", {"x.csv", 5, "2026-01-03 09:01"}},
        {"day before month", "-rw-r--r-- 1 o g 5 3 Jan 09:01 x.csv", {"x.csv", 5, "2026-01-03 09:01"}},
        {"Portuguese months", "-rw-r--r-- 1 o g 5 Fev 28 09:01 x.csv", {"x.csv", 5, "2026-02-28 09:01"}},
        {"ISO time", "-rw-r--r-- 1 o g 5 2026-02-28 09:01 x.csv", {"x.csv", 5, "2026-02-28 09:01"}},
        {"full ISO time",
         "-rw-r--r-- 1 o g 5 2026-02-28 09:01:07.000000000 +0000 x.csv",
         {"x.csv", 5, "2026-02-28 09:01:07"}},
        {"an inode first", "  8388 -rw-r--r-- 1 o g 5 Jan  3 09:01 x.csv", {"x.csv", 5, "2026-01-03 09:01"}},
        {"a name that begins with a blank",
         "-rw-r--r-- 1 o g 5 Jan  3 09:01  x",
         {" x", 5, "2026-01-03 09:01"}},
        {"a name that looks like a date",
         "-rw-r--r-- 1 o g 5 Jan  3 09:01 Feb  4 10:02 y",
         {"Feb  4 10:02 y", 5, "2026-01-03 09:01"}},
        {"a folder", "drwxr-xr-x 2 o g 4096 Jan  3 09:01 old", {}},
        {"a link, which may lead anywhere", "lrwxrwxrwx 1 o g 9 Jan  3 09:01 x -> /etc/passwd", {}},
        {"IIS", "11-25-26  08:24PM                 1234 leads.csv", {"leads.csv", 1234, "2026-11-25 20:24"}},
        {"IIS after midnight", "11-25-2026  12:04AM  7 a b.csv", {"a b.csv", 7, "2026-11-25 00:04"}},
        {"Windows, day first",
         "25/11/2026  20:24            1.234 leads.csv",
         {"leads.csv", 1234, "2026-11-25 20:24"}},
        {"Windows, year first",
         "2026-11-25  20:24   1,234 leads.csv",
         {"leads.csv", 1234, "2026-11-25 20:24"}},
        {"IIS folder", "11-25-26  08:24PM       <DIR>          old", {}},
        {"EPLF", "+i8388621.48594,m1764102247,r,s280,\tleads.csv", {"leads.csv", 280, "2025-11-25 20:24:07"}},
        {"EPLF folder", "+i8388621.44468,m1764102247,/,\told", {}},
    }));
    INFO(row.rule);
    const auto listing = listed("total 12\r\n" + std::string(row.line) + "\r\n");
    REQUIRE(listing.ok());
    CHECK(listing->unreadable == 0);
    if (row.file.name.empty()) {
        CHECK(listing->files.empty());
        return;
    }
    REQUIRE(listing->files.size() == 1);
    CHECK(listing->files[0].name == row.file.name);
    CHECK(listing->files[0].size == row.file.size);
    CHECK(listing->files[0].time == row.file.time);
}

TEST_CASE("MLSD says what each entry is") {
    const auto listing =
        readListing("type=cdir;modify=20261125202407; .\r\n"
                    "Type=file;Size=12;Modify=20261125202407.123;UNIX.mode=0644; pre\xE7os de hoje.csv\r\n"
                    "type=OS.unix=slink:/etc/passwd;size=1; link\r\n"
                    "type=file;size=x;modify=20269999999999; odd.csv\r\n",
                    ListingForm::Mlsd, kNow);
    REQUIRE(listing.ok());
    REQUIRE(listing->files.size() == 2);
    CHECK(listing->files[0] == ListedFile{"pre\xE7os de hoje.csv", 12, "2026-11-25 20:24:07"});
    CHECK(listing->files[1] == ListedFile{"odd.csv", -1, ""});
}

TEST_CASE("a name that leads elsewhere is used for nothing") {
    const std::string name = GENERATE("..", ".", "../up.csv", "/etc/passwd", "a/b.csv", "..\\up.csv", "a\tb",
                                      "a\x7f", "a\rDELE b", "");
    const auto listing = listed("-rw-r--r-- 1 o g 5 Jan  3 09:01 " + name + "\n");
    REQUIRE(listing.ok());
    CHECK(listing->files.empty());
    CHECK(listing->refusedNames == 1);
}

TEST_CASE("an endless name, an endless line and a listing in no known form") {
    CHECK_FALSE(isPlainName(std::string(201, 'a')));
    const std::string endless(1 << 20, 'x');
    const auto listing = listed(endless + "\n-rw-r--r-- 1 o g 5 Jan  3 09:01 x\n");
    REQUIRE(listing.ok());
    CHECK(listing->unreadable == 1);
    CHECK(listing->files.size() == 1);
    const auto none = listed("<html><body>Index of /</body></html>\n");
    REQUIRE_FALSE(none.ok());
    CHECK(none.error().code == "bad_listing");
    CHECK(listed("").ok());
}

TEST_CASE("a folder with too many files is told, not read for ever") {
    std::string text;
    for (std::size_t i = 0; i <= kMaxListedFiles; ++i)
        text += "-rw-r--r-- 1 o g 5 Jan  3 09:01 f" + std::to_string(i) + "\n";
    const auto listing = listed(text);
    REQUIRE_FALSE(listing.ok());
    CHECK(listing.error().code == "listing_too_large");
}

TEST_CASE("a time is the same when one of two tells less of it") {
    CHECK(sameListedTime("2026-11-25", "2026-11-25 20:24"));
    CHECK(sameListedTime("", "2026-11-25 20:24"));
    CHECK_FALSE(sameListedTime("2026-11-25 20:25", "2026-11-25 20:24"));
}
