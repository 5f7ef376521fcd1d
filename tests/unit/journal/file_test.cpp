#include "unit/journal/support.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <fstream>

using namespace trevo;
using namespace trevo::journal;
using namespace trevo::journal::testing;

namespace {

void sql(const std::string& path, const char* text) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, text, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

std::string openingFails(const std::string& path) {
    ManualClock clock(kStart);
    UuidSource ids(clock);
    try {
        Journal journal({path, {}, "", 4000}, clock, ids);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

} // namespace

TEST_CASE("a journal of a newer version is refused with both versions and the next step") {
    Bench bench;
    bench.journal.reset();
    sql(bench.options.path, "PRAGMA user_version = 99");
    const std::string error = openingFails(bench.options.path);
    CHECK_THAT(error, Catch::Contains(bench.options.path) && Catch::Contains("version 99") &&
                          Catch::Contains("newer program"));
}

TEST_CASE("a file that is no journal is refused by name and left as it was") {
    TempDir dir;
    const std::string other = dir.file("other.db"), broken = dir.file("broken.db");
    sql(other, "CREATE TABLE leads(a)");
    CHECK_THAT(openingFails(other), Catch::Contains(other) && Catch::Contains("not a Trevo journal"));
    std::ofstream(broken) << std::string(8192, 'x');
    CHECK_THAT(openingFails(broken), Catch::Contains(broken) && Catch::Contains("damaged"));
    CHECK_THAT(openingFails(dir.file("no/such/folder/journal.db")), Catch::Contains("folder"));
}

TEST_CASE("a path with characters that mean something in a URI is taken as it is") {
    TempDir dir;
    const std::string path = dir.file("50% ? #1.db");
    ManualClock clock(kStart);
    UuidSource ids(clock);
    Journal journal({path, {}, "", 4000}, clock, ids);
    REQUIRE(append(journal, delivery("a")).ok());
    CHECK(std::filesystem::exists(path));
}
