// Loads plugins and calls them at arm's length.
//
// Invariants: a library is checked (symbol, ABI number, struct sizes, manifest id) before anything of it runs
// and is never unloaded; no exception and no memory crosses the boundary; whatever a plugin returns is
// checked (status, UTF-8, JSON, size, count) before it is believed. An Instance is called by one thread at a
// time; the guard sees to it.
#pragma once

#include "plugin/host.hpp"
#include "plugin/manifest.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace trevo::plugin {

class Library {
  public:
    // `path` is absolute. The Problem names the file and the reason ("symbol trevo_plugin_v1 not found",
    // "built for ABI 2 …").
    static Result<std::shared_ptr<Library>> load(const std::string& path);
    ~Library();

    const Manifest& manifest() const; // the embedded one

  private:
    friend class Instance;
    struct Impl;
    explicit Library(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

struct InstanceConfig {
    std::string integration;
    std::map<std::string, std::string> settings;
    std::map<std::string, std::map<std::string, std::string>>
        dealers; // dealer id -> settings of dealer scope, plus "cnpj"
};

struct AuthenticateRequest {
    std::string_view metaJson; // {"method","path","query","remote","headers":{name: value}}, as sent
    std::string_view body;
};

// A call's verdict is Bug, and all that it put out is dropped, when any of it is not what it must be.
struct Decoded {
    Verdict verdict;
    std::vector<std::string> records; // canonical JSON objects, valid UTF-8 and JSON, not yet normalised
};

// By fetch or poll. What was brought is good whatever the verdict (it is empty for Bug): one dealer's refused
// token does not hold back another's leads. Commit it, then act on the verdict.
struct Brought {
    Verdict verdict;
    std::vector<Document> documents;
    std::vector<std::pair<std::string, std::string>> stateChanges; // to be committed with the documents
    std::int64_t nextPollSeconds = 0;                              // poll: 0 takes the configured interval
};

// What was seen is told whatever the verdict (nothing for Bug).
struct Examined {
    Verdict verdict;
    std::vector<Check> checks;
};

struct Limits {
    std::size_t maxOutputBytes = std::size_t{32} << 20; // of one call
    std::size_t maxDocuments = 10'000;
};

// One configured plugin. Not thread-safe: one caller at a time.
class Instance {
  public:
    // Checks the configuration without side effects; the Problem names the setting.
    static Result<Done> check(const Library& library, const InstanceConfig& config);
    // `host` must outlive the instance.
    static Result<std::unique_ptr<Instance>> create(std::shared_ptr<Library> library, InstanceConfig config,
                                                    Host& host, const Limits& limits = {});
    ~Instance();

    bool canAuthenticate() const;
    bool canDecode() const;
    bool canFetch() const;
    bool canPoll() const;
    bool canExamine() const;

    // Calling what the plugin cannot do throws std::logic_error; nothing else throws.
    Verdict authenticate(const AuthenticateRequest& request);
    Decoded decode(std::string_view role, std::string_view contentType, std::string_view metaJson,
                   std::string_view body);
    Brought fetch(std::string_view contentType, std::string_view body); // the bytes of the thin push
    Brought poll();
    Examined examine();

  private:
    struct Impl;
    explicit Instance(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// Runs calls into one instance on a thread of its own, so that a slow or stuck plugin delays only its
// integration.
class Runner {
  public:
    struct Config {
        int callTimeoutSeconds =
            60; // a call past it is given up: its thread is left behind, the instance is replaced
        int maxStuckThreads = 2; // after so many the integration is suspended until restart
        std::size_t maxQueued = 256;
    };
    using Task = std::function<void(Instance&)>;
    using Factory = std::function<Result<std::unique_ptr<Instance>>()>;

    // `factory` makes the instance on the runner's thread and is kept as long as any thread is left: what its
    // instances need, the Host first of all, is best owned by its captures. `clock` outlives the runner.
    Runner(std::string integration, Factory factory, const Config& config, const Clock& clock);
    ~Runner(); // waits for the running call up to its time limit; not from within a task or a `done`

    // Thread-safe. False when suspended or the queue is full; nothing is called then. Else `done` is called
    // exactly once: with true after the task ran, on the runner's thread; with false when there was no
    // instance to run it on (trouble() says why), on that thread too; with false when the call was given up
    // or dropped, on the thread of tick() or of the destructor. A task that was given up may still be
    // running: it owns what it touches.
    bool submit(Task task, std::function<void(bool finished)> done);
    void tick(); // watchdog; called about once a second, by one thread
    bool suspended() const;
    int stuckThreads() const;               // given up and not come back yet, at most maxStuckThreads + 1
    std::optional<Problem> trouble() const; // why there is no instance, or why calls were given up

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

// `trevo plugin new`: a plugin folder from the SDK's template; gives the files written. `targetDir` is the
// folder itself and must be new or empty. The Problem names what stands in the way.
Result<std::vector<std::string>> scaffold(const std::string& id, const std::string& targetDir,
                                          const std::string& templateDir);

// `trevo plugin test DIR`: runs cases/NAME.in against NAME.expected with a fake host; NAME.http scripts its
// HTTP exchanges.
struct CaseReport {
    int passed = 0, failed = 0;
    std::string text;
};
CaseReport runCases(const std::string& pluginDir, const std::string& libraryPath,
                    const std::string& mappingsDir, bool update);

} // namespace trevo::plugin
