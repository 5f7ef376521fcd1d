#include "ingest/files/folder.hpp"
#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace trevo;
using namespace trevo::files;
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

namespace {

const UtcTime kNow = UtcTime::fromSeconds(1'800'000'000);

// A drop folder whose files are as old as a test says.
class Drop {
  public:
    explicit Drop(FolderRules rules = {}) : rules_(std::move(rules)) { rules_.folder = dir_.path().string(); }
    void put(const std::string& name, std::string_view text = "x", std::int64_t secondsAgo = 0) const {
        dir_.write(name, text);
        const timespec time{kNow.seconds() - secondsAgo, 0};
        const timespec times[2] = {time, time};
        REQUIRE(::utimensat(AT_FDCWD, path(name).c_str(), times, 0) == 0);
    }
    std::string path(const std::string& name) const { return (dir_.path() / name).string(); }
    bool has(const std::string& name) const { return fs::exists(dir_.path() / name); }
    Folder open() const {
        auto folder = Folder::open(rules_);
        REQUIRE(folder.ok());
        return std::move(folder).value();
    }

  private:
    test::Folder dir_;
    FolderRules rules_;
};

Names sweep(Folder& folder, UtcTime now = kNow) {
    auto names = folder.sweep(now);
    REQUIRE(names.ok());
    return *names;
}

} // namespace

TEST_CASE("hidden, half-written and strangely named files are passed over") {
    for (const char* name : {"leads.csv", "Leads São Paulo.CSV", "part.csv", "a.csv.1"})
        CHECK_FALSE(isPassedOver(name));
    for (const char* name : {"", ".leads.csv", "leads.csv.part", "leads.tmp", "leads.csv.filepart",
                             "LEADS.TMP", "leads.csv~", "a\nb.csv", "../leads.csv", "x.crdownload"})
        CHECK(isPassedOver(name));
    CHECK(isPassedOver(std::string(201, 'a')));
}

TEST_CASE("a file is complete when its writer closed it or moved it here") {
    const Drop drop;
    Folder folder = drop.open();
    drop.put("leads.csv");
    CHECK(sweep(folder).empty());
    folder.closed("leads.csv");
    CHECK(sweep(folder) == Names{"leads.csv"});
}

TEST_CASE("a file that no event told of is complete when it stopped growing") {
    const Drop drop;
    Folder folder = drop.open();
    drop.put("leads.csv", "a", 60);
    CHECK(sweep(folder).empty()); // seen for the first time
    drop.put("leads.csv", "ab", 60);
    CHECK(sweep(folder).empty()); // it grew
    CHECK(sweep(folder) == Names{"leads.csv"});
    drop.put("new.csv", "a", 0);
    CHECK(sweep(folder) == Names{"leads.csv"});
    CHECK(sweep(folder) == Names{"leads.csv"}); // unchanged, but only just written
    REQUIRE(folder.nextDue());
    CHECK(sweep(folder, kNow + 3 * kSecond) == Names{"leads.csv", "new.csv"});
}

TEST_CASE("the settle time is waited for after a file was closed") {
    FolderRules rules;
    rules.settleSeconds = 30;
    const Drop drop(rules);
    Folder folder = drop.open();
    drop.put("leads.csv", "a", 10);
    folder.closed("leads.csv");
    CHECK(sweep(folder).empty());
    CHECK(*folder.nextDue() == kNow + 20 * kSecond);
    CHECK(sweep(folder, kNow + 20 * kSecond) == Names{"leads.csv"});
}

TEST_CASE("with a done marker nothing else makes a file complete") {
    FolderRules rules;
    rules.doneMarker = ".ok";
    const Drop drop(rules);
    Folder folder = drop.open();
    drop.put("leads.csv", "a", 600);
    folder.closed("leads.csv");
    CHECK(sweep(folder).empty());
    drop.put("leads.csv.ok", "");
    CHECK(sweep(folder) == Names{"leads.csv"});
    REQUIRE(folder.putAway("leads.csv").ok());
    CHECK_FALSE(drop.has("leads.csv.ok"));
}

TEST_CASE("only names of the agreed patterns are taken, folders and links never") {
    FolderRules rules;
    rules.patterns = {"leads-*.csv", "*.xml"};
    const Drop drop(rules);
    Folder folder = drop.open();
    for (const char* name : {"leads-1.csv", "stock.csv", "a.xml", "secret"})
        drop.put(name);
    fs::create_directory(drop.path("folder.xml"));
    fs::create_symlink(drop.path("secret"), drop.path("link.xml"));
    REQUIRE(::mkfifo(drop.path("pipe.xml").c_str(), 0600) == 0);
    for (const char* name : {"leads-1.csv", "stock.csv", "a.xml", "folder.xml", "link.xml", "pipe.xml"})
        folder.closed(name);
    CHECK(sweep(folder) == Names{"a.xml", "leads-1.csv"});
    for (const char* name : {"link.xml", "pipe.xml", "folder.xml"})
        CHECK_FALSE(folder.open(name).ok());
}

TEST_CASE("what was taken goes to the archive, under a number when its name is taken there") {
    const Drop drop;
    Folder folder = drop.open();
    for (const char* text : {"one", "two", "three"}) {
        drop.put("leads.csv", text);
        REQUIRE(folder.putAway("leads.csv").ok());
    }
    CHECK_FALSE(drop.has("leads.csv"));
    std::string second;
    std::ifstream(drop.path("archive/leads.csv.2")) >> second;
    CHECK(second == "two");
    CHECK(drop.has("archive/leads.csv.3"));
}

TEST_CASE("without an archive what was taken is deleted") {
    FolderRules rules;
    rules.archive.clear();
    const Drop drop(rules);
    const Folder folder = drop.open();
    drop.put("leads.csv");
    REQUIRE(folder.putAway("leads.csv").ok());
    CHECK(fs::is_empty(drop.path("")));
}

TEST_CASE("an archive that is a link leads nowhere") {
    FolderRules rules;
    const test::Folder elsewhere;
    const Drop drop(rules);
    fs::create_directory_symlink(elsewhere.path(), drop.path("archive"));
    rules.folder = drop.path("");
    CHECK_FALSE(Folder::open(rules).ok());
}

TEST_CASE("what was archived is deleted after its days, and nothing else") {
    const Drop drop;
    Folder folder = drop.open();
    drop.put("leads.csv", "x", 1000 * 86'400);
    drop.put("new.csv");
    REQUIRE(folder.putAway("leads.csv").ok());
    fs::create_directory(drop.path("archive/2026"));
    fs::create_symlink(drop.path("new.csv"), drop.path("archive/link"));
    const UtcTime now = SystemClock().now();
    // It is old, but lies here since a moment ago.
    CHECK(*folder.clear("archive", now + -kDay) == 0);
    CHECK(*folder.clear("archive", now + kDay) == 1);
    CHECK_FALSE(drop.has("archive/leads.csv"));
    CHECK(drop.has("archive/2026"));
    CHECK(drop.has("archive/link"));
    CHECK(drop.has("new.csv"));
}
