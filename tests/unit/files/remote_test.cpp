#include "ingest/files/remote_source.hpp"
#include "unit/files/scene.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace trevo;
using namespace trevo::files;

namespace {

// A file server in memory that a test breaks at any of its calls.
struct Fake {
    std::map<std::string, std::pair<std::string, std::int64_t>> files; // name: bytes, time
    std::map<std::string, int> fetched;
    int callsLeft = -1;  // then every call fails with `failure`; negative: never
    bool thrown = false; // instead of failing: the process ends here
    std::string failure = "unreachable";

    struct Killed {};
    std::optional<Problem> call() {
        if (callsLeft == 0 && thrown) throw Killed();
        if (callsLeft == 0) return Problem{failure, "", "", "broken by the test"};
        if (callsLeft > 0) --callsLeft;
        return std::nullopt;
    }
};

class FakeServer final : public net::FileServer {
  public:
    explicit FakeServer(Fake& fake) : fake_(fake) {}

    Result<net::Listing> list() override {
        if (auto failed = fake_.call()) return *failed;
        net::Listing listing;
        for (const auto& [name, file] : fake_.files)
            listing.files.push_back({name, static_cast<std::int64_t>(file.first.size()),
                                     "2026-11-25 20:24:" + std::to_string(10 + file.second)});
        return listing;
    }
    Result<net::FileState> state(const std::string& name) override {
        if (auto failed = fake_.call()) return *failed;
        const auto found = fake_.files.find(name);
        if (found == fake_.files.end()) return Problem{"no_file", "", "", "gone"};
        return net::FileState{static_cast<std::int64_t>(found->second.first.size()),
                              UtcTime::fromSeconds(found->second.second)};
    }
    Result<Done> fetch(const std::string& name, std::int64_t offset,
                       const std::function<bool(std::string_view)>& sink) override {
        if (auto failed = fake_.call()) return *failed;
        const auto found = fake_.files.find(name);
        if (found == fake_.files.end()) return Problem{"no_file", "", "", "gone"};
        ++fake_.fetched[name];
        const std::string_view bytes =
            std::string_view(found->second.first).substr(static_cast<std::size_t>(offset));
        const auto half = bytes.substr(0, bytes.size() / 2);
        if (!sink(half)) return Problem{"stopped", "", "", "by the sink"};
        if (auto failed = fake_.call()) return Problem{"cut", "", "", "broken by the test"};
        if (!sink(bytes.substr(half.size()))) return Problem{"stopped", "", "", "by the sink"};
        return Done{};
    }
    Result<Done> remove(const std::string& name) override {
        if (auto failed = fake_.call()) return *failed;
        fake_.files.erase(name);
        return Done{};
    }
    Result<Done> move(const std::string& name, const std::string&) override { return remove(name); }

  private:
    Fake& fake_;
};

class RemoteScene : public testing::Scene {
  public:
    explicit RemoteScene(const std::string& after = "delete")
        : Scene("drop/leads", [&](config::Integration& settings) {
              settings.remote.emplace();
              settings.remote->after = after;
          }) {
        restart();
    }
    void restart() {
        source_.reset();
        reopen();
        source_ = std::make_unique<RemoteSource>(
            integration(), [this](const auto&) { return std::make_unique<FakeServer>(fake); },
            (dir().path() / "spool").string(), journal(), clock(), registry_);
    }
    poll::Round ask() {
        clock().advance(10 * kSecond);
        return source_->round();
    }
    Fake fake;

  private:
    metrics::Registry registry_;
    std::unique_ptr<RemoteSource> source_;
};

std::string leads(int number) {
    return "Nome;Telefone;Código\nPessoa;11 9" + std::to_string(80'000'000 + number) + ";R-" +
           std::to_string(number) + '\n';
}

} // namespace

TEST_CASE("ended at any call to the server, a thousand times, every remote file is taken once") {
    const std::string after = GENERATE("delete", "keep");
    RemoteScene scene(after);
    std::set<std::string> bodies;
    for (int i = 0; i < 500; ++i) {
        scene.fake.files["leads.csv"] = {leads(i), i % 50};
        bodies.insert(leads(i));
        // Round i dies at its call i % 9: list, state, fetch (begun, half), state, state, remove …
        scene.fake.callsLeft = i % 9;
        scene.fake.thrown = i % 2 == 0;
        for (int round = 0; round < 2; ++round) {
            try {
                scene.ask();
            } catch (const Fake::Killed&) {
                if (i % 10 == 0) scene.restart(); // else only the round is lost
            }
        }
        scene.fake.callsLeft = -1;
        for (int round = 0; round < 3; ++round)
            CHECK_FALSE(scene.ask().failed);
        if (after == "delete") REQUIRE(scene.fake.files.empty());
    }
    std::multiset<std::string> taken;
    for (const auto& envelope : scene.envelopes())
        taken.insert(envelope.body);
    CHECK(taken.size() == bodies.size());
    CHECK(std::set<std::string>(taken.begin(), taken.end()) == bodies);
}

TEST_CASE("what stays on its server is fetched once, also after a restart, and again when it changes") {
    RemoteScene scene("keep");
    for (int i = 0; i < 200; ++i)
        scene.fake.files["leads" + std::to_string(i) + ".csv"] = {leads(i), 1};
    for (int round = 0; round < 4; ++round)
        scene.ask();
    scene.restart();
    for (int round = 0; round < 4; ++round)
        scene.ask();
    CHECK(scene.envelopes().size() == 200);
    CHECK(std::all_of(scene.fake.fetched.begin(), scene.fake.fetched.end(),
                      [](const auto& entry) { return entry.second == 1; }));
    scene.fake.files["leads7.csv"] = {leads(1007), 2};
    for (int round = 0; round < 3; ++round)
        scene.ask();
    CHECK(scene.fake.fetched["leads7.csv"] == 2);
    CHECK(scene.envelopes().size() == 201);
}

TEST_CASE("a file that is written to between fetch and delete is not deleted unread") {
    RemoteScene scene;
    scene.fake.files["leads.csv"] = {leads(1), 1};
    scene.ask();
    // list, state, fetch, its second half, state: then another version is there.
    scene.fake.callsLeft = 5;
    CHECK(scene.ask().failed);
    scene.fake.callsLeft = -1;
    scene.fake.files["leads.csv"] = {leads(2), 2};
    for (int round = 0; round < 3; ++round)
        scene.ask();
    CHECK(scene.envelopes().size() == 2);
    CHECK(scene.fake.files.empty());
}

TEST_CASE("of a cut transfer the rest alone is fetched, of the same version only") {
    test::Folder dir;
    Fake fake;
    FakeServer server(fake);
    Spool spool((dir.path() / "spool").string());
    fake.files["a"] = {std::string(1000, 'a') + std::string(1000, 'b'), 1};
    const auto fetch = [&](std::int64_t limit = 1 << 20) {
        const auto state = server.state("a");
        return spool.fetch(server, "a", *state, limit);
    };
    fake.callsLeft = 2; // state, fetch; then its second half
    CHECK(fetch().error().code == "cut");
    CHECK(spool.bytesFetched() == 1000);
    fake.callsLeft = -1;
    auto whole = fetch();
    REQUIRE(whole.ok());
    CHECK(spool.bytesFetched() == 2000);
    CHECK(*whole->read(4000) == fake.files["a"].first);

    fake.files["a"] = {std::string(2000, 'c'), 2};
    auto other = fetch();
    REQUIRE(other.ok());
    CHECK(*other->read(4000) == std::string(2000, 'c'));
    CHECK(fetch(1999).error().code == "too_large");
    spool.keepOnly({"b"});
    CHECK(std::filesystem::is_empty(dir.path() / "spool"));
}

TEST_CASE("bytes that a lost power may have taken are not gone on from") {
    test::Folder dir;
    Fake fake;
    FakeServer server(fake);
    fake.files["a"] = {std::string(10 << 20, 'a'), 1};
    const std::string folder = (dir.path() / "spool").string();
    {
        Spool spool(folder);
        fake.callsLeft = 2;
        const auto state = server.state("a");
        CHECK(spool.fetch(server, "a", *state, 1 << 30).error().code == "cut"); // after 5 MiB
    }
    fake.callsLeft = -1;
    Spool next(folder); // another process: it knows no more than what lies there
    const auto state = server.state("a");
    REQUIRE(next.fetch(server, "a", *state, 1 << 30).ok());
    CHECK(next.bytesFetched() == 6 << 20); // from 4 MiB on
}
