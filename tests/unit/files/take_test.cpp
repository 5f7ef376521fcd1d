#include "base/uuid.hpp"
#include "ingest/files/take.hpp"
#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

using namespace trevo;
using namespace trevo::files;

namespace {

// A drop folder of an integration that reads the shipped layout of leads.
class Scene {
  public:
    Scene() {
        config::Integration settings;
        settings.id = "drop";
        settings.mapping = "drop/leads";
        settings.files.emplace();
        settings.authentication.addresses = {"127.0.0.1"};
        settings.files->folder = (dir_.path() / "in").string();
        std::filesystem::create_directory(dir_.path() / "in");
        auto config = std::make_shared<config::Config>();
        config->mappingDirs = {TREVO_SOURCE_DIR "/mappings"};
        config->integrations = {settings};
        auto set = IntegrationSet::build(config, nullptr, nullptr);
        if (!set) FAIL(toml::describe(set.error()));
        integration_ = (*set)->find("drop");
        set_ = *set;
        FolderRules rules;
        rules.folder = settings.files->folder;
        auto folder = Folder::open(rules);
        REQUIRE(folder.ok());
        folder_ = std::make_unique<Folder>(std::move(folder).value());
        journal::Options options;
        options.path = (dir_.path() / "journal.db").string();
        journal_ = std::make_unique<journal::Journal>(options, clock_, ids_);
    }
    Result<Taken, NotTaken> take(const std::string& name, std::string_view text) {
        dir_.write("in/" + name, text);
        return files::take(*folder_, name, *integration_, *journal_, clock_);
    }
    journal::Journal& journal() { return *journal_; }

  private:
    test::Folder dir_;
    SystemClock clock_;
    UuidSource ids_{clock_};
    std::shared_ptr<const IntegrationSet> set_;
    std::shared_ptr<const Integration> integration_;
    std::unique_ptr<Folder> folder_;
    std::unique_ptr<journal::Journal> journal_;
};

std::string table(int rows) {
    std::string text = "Nome;Telefone;Placa\n";
    for (int i = 0; i < rows; ++i)
        text += "Maria de Souza;11 9" + std::to_string(80'000'000 + i) + ";ABC1D23\n";
    return text;
}

} // namespace

TEST_CASE("a file is in the journal as it came before take returns") {
    Scene scene;
    const std::string text = table(3);
    const auto taken = scene.take("leads.csv", text);
    REQUIRE(taken.ok());
    REQUIRE(taken->receipts.size() == 1);
    const auto envelope = scene.journal().find(taken->receipts[0]);
    REQUIRE(envelope);
    CHECK(envelope->body == text);
    CHECK(envelope->door == "file");
    CHECK(envelope->contentType == "text/csv");
    CHECK(envelope->meta.find("\"file\":\"leads.csv\"") != std::string::npos);
}

TEST_CASE("the same file again, also under another name, has no second effect") {
    Scene scene;
    const auto first = scene.take("leads.csv", table(3));
    const auto again = scene.take("renamed.csv", table(3));
    REQUIRE(first.ok());
    REQUIRE(again.ok());
    CHECK_FALSE(first->repeated);
    CHECK(again->repeated);
    CHECK(again->receipts == first->receipts);
}

TEST_CASE("a large table is cut into pieces that keep the lines of the file, the same ones each time") {
    Scene scene;
    const std::string text = table(20'000);
    const auto taken = scene.take("leads.csv", text);
    REQUIRE(taken.ok());
    CHECK(taken->receipts.size() == 40);
    const auto last = scene.journal().find(taken->receipts.back());
    REQUIRE(last);
    CHECK(last->body.find("Nome;Telefone;Placa") != std::string::npos);
    CHECK(last->meta.find("\"line_offset\":") != std::string::npos);
    const auto again = scene.take("leads2.csv", text);
    REQUIRE(again.ok());
    CHECK(again->repeated);
    CHECK(again->receipts == taken->receipts);

    SECTION("a file that grew brings only what is new") {
        const auto grown = scene.take("leads3.csv", text + "Ana;11 970000000;\n");
        REQUIRE(grown.ok());
        CHECK_FALSE(grown->repeated);
        const std::set<std::string> before = [&] {
            std::set<std::string> ids;
            for (const auto& id : taken->receipts)
                ids.insert(id.text());
            return ids;
        }();
        int fresh = 0;
        for (const auto& id : grown->receipts)
            fresh += before.contains(id.text()) ? 0 : 1;
        CHECK(fresh == 1);
    }
}

TEST_CASE("a file that can not be understood is kept whole as a dead letter") {
    Scene scene;
    const auto taken = scene.take("leads.csv", "Nome;Telefone\nMaria;\nJose;\n");
    REQUIRE(taken.ok());
    CHECK(taken->dead);
    const auto envelope = scene.journal().find(taken->receipts.at(0));
    REQUIRE(envelope);
    REQUIRE(envelope->reason);
    CHECK(envelope->reason->problem.place.find("line 2") != std::string::npos);
}

TEST_CASE("a broken archive stays where it is and says why") {
    Scene scene;
    const auto taken = scene.take("leads.zip", "PK\x03\x04 this is no archive");
    REQUIRE_FALSE(taken.ok());
    CHECK(taken.error().why == NotTaken::Why::Refused);
    CHECK_FALSE(taken.error().problem.detail.empty());
}

TEST_CASE("a journal that takes nothing leaves the file for later") {
    Scene scene;
    scene.journal().stop();
    const auto taken = scene.take("leads.csv", table(1));
    REQUIRE_FALSE(taken.ok());
    CHECK(taken.error().why == NotTaken::Why::Busy);
}
