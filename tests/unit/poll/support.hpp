// A scheduler over scripted sources, a journal of its own and a clock that the test moves.
#pragma once

#include "ingest/poll/scheduler.hpp"
#include "support/folder.hpp"
#include "support/process.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace trevo::poll::testing {

// What all sources of one integration share with the test.
struct Script {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Round> answers; // in this order, then good ones
    bool blocked = false;       // rounds wait until it is false or they are interrupted
    bool throws = false;
    int begun = 0, ended = 0, together = 0, mostTogether = 0, interrupts = 0, examined = 0;
    std::int64_t interval = 60;
    std::string partner = "acme";

    void block(bool on) {
        {
            const std::lock_guard lock(mutex);
            blocked = on;
        }
        changed.notify_all();
    }
    void answer(Round round) {
        const std::lock_guard lock(mutex);
        answers.push_back(std::move(round));
    }
    int rounds() {
        const std::lock_guard lock(mutex);
        return ended;
    }
    int started() {
        const std::lock_guard lock(mutex);
        return begun;
    }
};

class Scripted final : public Source {
  public:
    Scripted(std::shared_ptr<const Integration> integration, Script& script)
        : Source(std::move(integration)), script_(script) {}

    std::string_view kind() const override { return "scripted"; }
    std::string partner() const override { return script_.partner; }
    std::int64_t intervalSeconds() const override { return script_.interval; }

    Round round() override {
        std::unique_lock lock(script_.mutex);
        ++script_.begun;
        script_.mostTogether = std::max(script_.mostTogether, ++script_.together);
        script_.changed.wait(lock, [&] { return !script_.blocked || interrupted_; });
        --script_.together;
        ++script_.ended;
        if (script_.throws) throw std::runtime_error("on purpose");
        if (script_.answers.empty()) return {};
        Round next = script_.answers.front();
        script_.answers.erase(script_.answers.begin());
        return next;
    }
    std::vector<Check> examine() override {
        const std::lock_guard lock(script_.mutex);
        ++script_.examined;
        return {{"log_in", "", Check::State::Good, "the partner let us in", ""}};
    }
    void interrupt() override {
        {
            const std::lock_guard lock(script_.mutex);
            ++script_.interrupts;
            interrupted_ = true;
        }
        script_.changed.notify_all();
    }

  private:
    Script& script_;
    bool interrupted_ = false;
};

inline const UtcTime kStart = UtcTime::fromSeconds(1'800'000'000);

class Bench {
  public:
    explicit Bench(std::vector<std::string> ids = {"one"}) : ids_(std::move(ids)) {
        for (const auto& id : ids_)
            scripts[id] = std::make_unique<Script>();
        openJournal();
        configure("");
    }
    ~Bench() {
        for (auto& [id, script] : scripts)
            script->block(false);
        scheduler.reset();
    }

    // `extra` goes into every integration's table: another text is another configuration.
    void configure(const std::string& extra) {
        std::string text = "mapping_dirs = ['" TREVO_SOURCE_DIR "/mappings']\n[dealers.centro]\n";
        for (const auto& id : ids_)
            text += "[integrations." + id +
                    "]\nmapping = 'site/form'\ndealer = 'centro'\nauth = { type = 'none', addresses = "
                    "['127.0.0.1'] }\n" +
                    extra + '\n';
        auto config = config::load(folder_.write("trevo.toml", text));
        if (!config) throw std::runtime_error(toml::describe(config.error()));
        const auto before = directory.snapshot();
        auto set = IntegrationSet::build(std::make_shared<config::Config>(std::move(*config)), nullptr,
                                         before.get());
        if (!set) throw std::runtime_error(toml::describe(set.error()));
        directory.replace(*set);
        if (scheduler) scheduler->wake();
    }
    void only(std::vector<std::string> ids) {
        ids_ = std::move(ids);
        configure("");
    }
    void start(std::size_t workers = 4) {
        const Factory factory = [this](std::shared_ptr<const Integration> integration) {
            const auto found = scripts.find(integration->id());
            return found == scripts.end()
                       ? nullptr
                       : std::unique_ptr<Source>(new Scripted(std::move(integration), *found->second));
        };
        scheduler =
            std::make_unique<Scheduler>(directory, *journal, clock, registry, std::vector<Factory>{factory},
                                        Options{workers, 2, [this] { return draw.load(); }});
    }
    void restart() {
        scheduler.reset();
        openJournal();
        start();
    }

    Script& script(const std::string& id = "one") { return *scripts.at(id); }
    bool reached(int rounds, const std::string& id = "one") {
        return test::eventually([&] { return script(id).rounds() == rounds && next(id) > clock.now(); });
    }
    UtcTime next(const std::string& id = "one") {
        return directory.snapshot()->find(id)->health().nextPoll();
    }
    void advance(std::int64_t seconds) { clock.advance(seconds * kSecond); }
    // The schedule was looked at, with nothing due: two more rounds of an integration that asks all the time.
    bool stays(int rounds, const std::string& id = "one") {
        for (int i = 0; i < 20; ++i) {
            scheduler->wake();
            test::pauseShortly();
        }
        return script(id).started() == rounds;
    }

    ManualClock clock{kStart};
    metrics::Registry registry;
    std::map<std::string, std::unique_ptr<Script>> scripts;
    IntegrationDirectory directory;
    std::atomic<double> draw{0.0};
    std::unique_ptr<journal::Journal> journal;
    std::unique_ptr<Scheduler> scheduler;

  private:
    void openJournal() {
        journal.reset();
        journal::Options options;
        options.path = (folder_.path() / "journal.db").string();
        journal = std::make_unique<journal::Journal>(options, clock, uuids_);
    }

    std::vector<std::string> ids_;
    test::Folder folder_;
    UuidSource uuids_{clock};
};

} // namespace trevo::poll::testing
