#include "support.hpp"

#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace trevo::mapping {

namespace {

// A mapping with its test file in a folder of their own.
class Files {
  public:
    explicit Files(const std::string& test) {
        std::string pattern = (fs::temp_directory_path() / "trevo-mapping-XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
        write("lead.map.toml", "format = 'json'\n[[record]]\nkind = 'lead'\n[record.fields]\ncustomer.name = "
                               "{ from = 'a', required = true }\nlead.amount = 'v'\n");
        write("lead.test.toml", test);
    }
    ~Files() { fs::remove_all(folder_); }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    std::string test() const { return (folder_ / "lead.test.toml").string(); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name, std::ios::binary) << text;
    }
    std::string read() const {
        std::ifstream file(folder_ / "lead.test.toml", std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }

  private:
    fs::path folder_;
};

} // namespace

TEST_CASE("a test file passes with records as tables or as JSON, and with problems") {
    const Files files(R"(
[[case]]
name = "as a table"
input = '{"a":"Ana","v":12.5}'
records = [{ kind = "lead", customer = { name = "Ana" }, lead = { amount = 12.50 } }]

[[case]]
name = "as tables of their own"
input = '{"a":"Ana"}'
[[case.records]]
kind = "lead"
customer.name = "Ana"

[[case]]
name = "as JSON"
input = '{"a":"Ana"}'
records = ['{"kind":"lead","customer":{"name":"Ana"}}']

[[case]]
name = "a problem"
input = '{}'
problems = [{ code = "missing_field", field = "/a" }]
)");
    const auto report = runTests(files.test());
    INFO(report.text);
    CHECK(report.passed == 4);
    CHECK(report.failed == 0);
}

TEST_CASE("what differs is told by JSON Pointer") {
    const Files files(R"(
[[case]]
name = "differs"
input = '{"a":"Ana","x":1}'
unmapped = []
records = ['{"kind":"lead","customer":{"name":"Bia"},"lead":{"type":"chat"}}']
)");
    const auto report = runTests(files.test());
    INFO(report.text);
    CHECK(report.failed == 1);
    CHECK(report.text.find(R"(record 1 /customer/name: came "Ana", expected "Bia")") != std::string::npos);
    CHECK(report.text.find("record 1 /lead: is missing") != std::string::npos);
    CHECK(report.text.find("record 1 /extra: came") != std::string::npos);
    CHECK(report.text.find(R"(unmapped/-: came "/x", expected nothing)") != std::string::npos);
}

TEST_CASE("a document that should have failed is a failed case") {
    const Files files(
        "[[case]]\nname = 'x'\ninput = '{\"a\":\"Ana\"}'\nproblems = [{ code = 'bad_json' }]\n");
    CHECK(runTests(files.test()).failed == 1);
}

TEST_CASE("update writes what came and leaves the rest of the file alone") {
    const Files files(R"(# Kept.
[[case]]
name = "first"   # kept too
input = '{"a":"Ana","x":1}'
records = [{ kind = "call" }]

# About the second.
[[case]]
name = "second"
input = '{}'
)");
    CHECK(runTests(files.test(), true).failed == 0);
    const auto text = files.read();
    CHECK(text.starts_with("# Kept.\n[[case]]\nname = \"first\"   # kept too\n"));
    CHECK(text.find("\n\n# About the second.\n[[case]]\n") != std::string::npos);
    CHECK(text.find("kind = \"call\"") == std::string::npos);
    CHECK(text.find(R"(unmapped = ["/x"])") != std::string::npos);
    CHECK(text.find(R"(problems = [{ code = "missing_field", field = "/a" }])") != std::string::npos);
    const auto report = runTests(files.test());
    INFO(text << report.text);
    CHECK(report.passed == 2);
    CHECK(runTests(files.test(), true).failed == 0);
    CHECK(files.read() == text);
}

TEST_CASE("a mistake in a test file is an error with its place") {
    CHECK(runTests(Files("[[case]]\nname = 'x'\ninpt = '1'\n").test())
              .text.find("lead.test.toml:3:8: case[0].inpt: unknown key, did you mean 'input'?") !=
          std::string::npos);
    CHECK(runTests("/nonexistent/lead.test.toml").failed == 1);
    CHECK(runTests(Files("").test()).failed == 1);
}

} // namespace trevo::mapping
