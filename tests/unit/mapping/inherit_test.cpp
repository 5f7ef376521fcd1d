// `extends`: a mapping that says only in what it differs from another one.
#include "support.hpp"
#include "support/folder.hpp"

#include <nlohmann/json.hpp>

namespace trevo::mapping {

namespace {

constexpr std::string_view kBase = R"(
format = "json"
delivery_key = "id"
search_in = ["data"]
[[record]]
kind = "lead"
require_any = ["customer/phones"]
[record.set]
source.channel = "base"
lead.type = "message"
[record.fields]
customer.name = "name"
customer.phones = { all = ["phone", "mobile"] }
[record.fields.vehicle]
plate = "plate"
)";

class Mappings {
  public:
    Mappings() { write("base/lead", kBase); }
    void write(const std::string& id, std::string_view text) const {
        folder_.write("maps/" + id + ".map.toml", text);
    }
    std::string file(const std::string& id) const { return (folder_.path() / (id + ".map.toml")).string(); }
    std::string place(const std::string& folder) const { return (folder_.path() / folder).string(); }
    const test::Folder& folder() const { return folder_; }

    std::shared_ptr<const Mapping> get(const std::string& id) const {
        auto made = Mapping::compileFile(file("maps/" + id));
        if (!made.ok()) FAIL(toml::describe(made.error()));
        return *made;
    }
    std::string mistake(std::string_view text) const {
        write("acme/lead", text);
        const auto made = Mapping::compileFile(file("maps/acme/lead"));
        return made.ok() ? std::string("compiled") : toml::describe(made.error());
    }

  private:
    test::Folder folder_;
};

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a mapping that extends another one says only what is different") {
    const Mappings files;
    files.write("acme/lead", "extends = 'base/lead'\n[[record]]\n[record.set]\nsource.channel = 'acme'\n"
                             "[record.fields]\ncustomer.name = 'comprador'\n\"vehicle/model\" = 'carro'\n");
    const auto mapping = files.get("acme/lead");
    CHECK(mapping->id() == "acme/lead");
    const auto text = outcome(
        *mapping, R"({"data":{"comprador":"Ana","phone":"1","mobile":"2","carro":"Uno","plate":"ABC1D23"}})");
    INFO(text);
    const auto record = nlohmann::json::parse(text);
    CHECK(record["kind"] == "lead");
    CHECK(record["source"]["channel"] == "acme");
    CHECK(record["lead"]["type"] == "message");
    CHECK(record["customer"]["name"] == "Ana");
    CHECK(record["customer"]["phones"].size() == 2);
    CHECK(record["vehicle"]["model"] == "Uno");
    CHECK(record["vehicle"]["plate"] == "ABC1D23");
    CHECK(holds(outcome(*mapping, R"({"comprador":"Ana"})"), "missing_field"));
}

TEST_CASE("own rules are tried first, those of the other mapping after them") {
    const Mappings files;
    files.write("acme/lead", "extends = 'base/lead'\n[[record]]\n[record.fields]\ncustomer.name = 'nome'\n");
    const auto mapping = files.get("acme/lead");
    CHECK(holds(outcome(*mapping, R"({"nome":"Own","name":"Other","phone":"1"})"), R"("name":"Own")"));
    CHECK(holds(outcome(*mapping, R"({"name":"Other","phone":"1"})"), R"("name":"Other")"));
}

TEST_CASE("any other key replaces that of the other mapping, and further records are added") {
    const Mappings files;
    files.write("acme/lead", "extends = 'base/lead'\nsearch_in = ['pessoa']\n[[record]]\n"
                             "require_any = ['customer/emails']\n[record.fields]\ncustomer.emails = 'mail'\n"
                             "[[record]]\nkind = 'call'\n[record.fields]\ncall.from = 'fone'\n");
    const auto mapping = files.get("acme/lead");
    const auto mapped =
        mapping->apply({"application/json", R"({"pessoa":{"mail":"a@b.c","fone":"9"}})", {}, 0});
    REQUIRE(mapped.ok());
    CHECK(mapped->records.size() == 2);
    CHECK(holds(outcome(*mapping, R"({"data":{"mail":"a@b.c"}})"), "missing_field"));
}

TEST_CASE("the version changes with either file") {
    const Mappings files;
    files.write("acme/lead", "extends = 'base/lead'\n");
    const auto before = files.get("acme/lead")->version();
    files.write("base/lead", std::string(kBase) + "# other\n");
    CHECK(files.get("acme/lead")->version() != before);
}

TEST_CASE("a copy in an earlier folder extends the shipped mapping of its name") {
    const Mappings files;
    files.folder().write("own/base/lead.map.toml",
                         "extends = 'base/lead'\n[[record]]\n[record.set]\nsource.channel = 'own'\n");
    const auto made =
        Mapping::compileFile(files.file("own/base/lead"), {}, {files.place("own"), files.place("maps")});
    REQUIRE(made.ok());
    CHECK(holds(outcome(**made, R"({"phone":"1"})"), R"("channel":"own")"));
}

TEST_CASE("what can not be extended is a mistake with its place") {
    const Mappings files;
    CHECK(holds(files.mistake("\nextends = 'base/nothing'\n"), "lead.map.toml:2:"));
    CHECK(holds(files.mistake("extends = 'base/nothing'\n"), "there is no mapping 'base/nothing'"));
    CHECK(holds(files.mistake("extends = '../../etc/passwd'\n"), "expected the id of a mapping"));
    CHECK(holds(files.mistake("extends = '/etc/passwd'\n"), "expected the id of a mapping"));
    CHECK(holds(files.mistake("extends = 7\n"), "expected the id of a mapping"));
    CHECK(holds(files.mistake("extends = 'acme/lead'\n"), "there is no mapping 'acme/lead'"));
    CHECK(holds(files.mistake("extends = 'base/lead'\n[[record]]\n[record.fields]\ncustomer.nam = 'x'\n"),
                "customer/nam"));
    CHECK(holds(files.mistake("extends = 'base/lead'\nrecord = 'none'\n"), "record"));
    CHECK(holds(files.mistake("extends = 'base/lead'\n[[record]]\nfields = 'none'\n"), "fields"));
    const auto text = Mapping::compile("extends = 'base/lead'\n", "acme/lead.map.toml");
    CHECK_FALSE(text.ok());
}

TEST_CASE("a mistake in the other mapping has its place there, and a circle ends") {
    const Mappings files;
    files.write("base/lead",
                "format = 'json'\n[[record]]\nkind = 'lead'\n[record.fields]\ncustomer.nam = 'x'\n");
    CHECK(holds(files.mistake("extends = 'base/lead'\n"), "base/lead.map.toml:5:"));
    files.write("base/lead", "extends = 'acme/lead'\n");
    CHECK(holds(files.mistake("extends = 'base/lead'\n"), "circle"));
}

} // namespace trevo::mapping
