#include "support.hpp"

#include <fstream>
#include <sstream>

namespace fs = std::filesystem;
using namespace trevo;
using namespace trevo::plugin;

namespace {

const std::string kSample = std::string(TREVO_BINARY_DIR) + "/test-plugins/sample.so";

// The sample plugin's folder with the cases that a test puts into it.
class Folder {
  public:
    Folder() {
        fs::create_directories(dir_.path() / "cases");
        fs::create_directories(dir_.path() / "mappings/sample");
        fs::copy(std::string(TREVO_SOURCE_DIR) + "/tests/unit/plugin/plugin.toml",
                 dir_.path() / "plugin.toml");
        write("cases/one-lead.in", "a body");
        write("cases/settings.toml",
              "call = 'decode'\n[settings]\nsecret = 's3cret'\n[dealers.centro]\ntoken = 't0ken'\n");
        write("mappings/sample/lead.map.toml", "format = 'json'\n[[record]]\nkind = 'lead'\n[record.fields]\n"
                                               "'source/external_id' = { from = 'id', required = true }\n");
    }
    void write(const std::string& name, const std::string& text) {
        std::ofstream(dir_.path() / name) << text;
    }
    std::string read(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(dir_.path() / name).rdbuf();
        return text.str();
    }
    CaseReport run(bool update = false, const std::string& library = kSample) const {
        return runCases(dir_.path().string(), library, (dir_.path() / "mappings").string(), update);
    }

  private:
    TempDir dir_;
};

const char* const kFetch =
    "call = 'fetch'\n[settings]\nsecret = 's3cret'\n[dealers.centro]\ntoken = 't0ken'\n";

} // namespace

TEST_CASE("a case without an expectation fails until one is written, and then holds") {
    Folder folder;
    CHECK_THAT(folder.run().text, Catch::Contains("there is no one-lead.expected; --update writes it"));
    CHECK(folder.run(true).failed == 0);
    CHECK_THAT(folder.read("cases/one-lead.expected"),
               Catch::Contains("\"verdict\": \"ok\"") && Catch::Contains("\"body\": \"a body\""));
    const auto again = folder.run();
    CHECK(again.passed == 1);
    CHECK(again.failed == 0);
    CHECK(again.text == "ok    one-lead\n");
}

TEST_CASE("an outcome that differs is shown by JSON Pointer") {
    Folder folder;
    REQUIRE(folder.run(true).failed == 0);
    folder.write("cases/one-lead.in", "another");
    const auto report = folder.run();
    CHECK(report.failed == 1);
    CHECK_THAT(report.text, Catch::Contains("/records/1/body: came \"another\", expected \"a body\""));
}

TEST_CASE("a fetch talks to the scripted partner and its documents are read by the mapping") {
    Folder folder;
    folder.write("cases/one-lead.in", "7");
    folder.write("cases/one-lead.settings.toml", kFetch);
    folder.write(
        "cases/one-lead.http",
        "[[exchange]]\nurl = 'https://sample.test/7'\nrequest_headers = { Authorization = 'Bearer t0ken' }\n"
        "headers = { Content-Type = 'application/json' }\nbody = '{\"id\": \"A-7\"}'\n");
    const auto written = folder.run(true);
    INFO(written.text);
    REQUIRE(written.failed == 0);
    const auto expected = folder.read("cases/one-lead.expected");
    CHECK_THAT(expected,
               Catch::Contains("\"key\": \"key-1\"") && Catch::Contains("\"external_id\": \"A-7\""));

    struct Row {
        const char* rule;
        const char* script;
        const char* complaint;
    };
    const Row rows[] = {
        {"another URL", "[[exchange]]\nurl = 'https://sample.test/8'\n",
         "exchange 1: came GET https://sample.test/7, expected GET https://sample.test/8"},
        {"another header",
         "[[exchange]]\nurl = 'https://sample.test/7'\nrequest_headers = { Authorization = 'x' }\n",
         "exchange 1: the header Authorization is another"},
        {"no header", "[[exchange]]\nurl = 'https://sample.test/7'\nrequest_headers = { X-Id = 'x' }\n",
         "exchange 1: the header X-Id is missing"},
        {"another body", "[[exchange]]\nurl = 'https://sample.test/7'\nrequest_body = 'x'\n",
         "exchange 1: came the body"},
        {"one too many", "", "exchange 1: came GET https://sample.test/7, expected no more"},
        {"one too few",
         "[[exchange]]\nurl = 'https://sample.test/7'\n[[exchange]]\nurl = 'https://sample.test/9'\n",
         "exchange 2: GET https://sample.test/9 was not asked for"},
        {"a mistake in the file", "[[exchange]]\nurl = 'https://sample.test/7'\nstats = 200\n",
         "one-lead.http:3:9: exchange[0].stats: unknown key, did you mean 'status'?"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        folder.write("cases/one-lead.http", row.script);
        const auto report = folder.run(true); // not even an update hides it
        CHECK(report.failed == 1);
        CHECK_THAT(report.text, Catch::Contains(row.complaint) && !Catch::Contains("t0ken"));
    }
    CHECK(folder.read("cases/one-lead.expected") == expected);
}

TEST_CASE("what keeps cases from running is said once and plainly") {
    Folder folder;
    const auto first = [&](const CaseReport& report) {
        CHECK(report.failed > 0);
        return report.text;
    };
    CHECK_THAT(first(folder.run(false, "")), Catch::Contains("needs the plugin's library"));
    CHECK_THAT(first(folder.run(false, "/nowhere/sample.so")), Catch::Contains("plugin_not_loaded"));
    CHECK_THAT(first(folder.run(false, badPath("late_emit"))),
               Catch::Contains("built from another plugin.toml"));
    CHECK_THAT(first(runCases("/nowhere", "", "", false)), Catch::Contains("there is no plugin.toml"));
    folder.write("cases/settings.toml", "call = 'pol'\n[dealers.centro]\n");
    const auto text = first(folder.run());
    CHECK_THAT(text, Catch::Contains("did you mean 'poll'?") &&
                         Catch::Contains("settings.secret: is missing") &&
                         Catch::Contains("dealers.centro.token: is missing"));
}
