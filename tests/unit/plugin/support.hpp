// A host that remembers, a folder that goes away, and short ways to the libraries under test.
#pragma once

#include "plugin/plugin.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>

namespace trevo::plugin {

class MemoryHost : public Host {
  public:
    std::map<std::string, std::string> values;
    std::vector<std::string> lines;
    std::vector<HttpRequest> requests;
    HttpResponse answer;
    bool stateBroken = false;
    std::atomic<bool> released = false; // a state "release" is there

    std::set<std::string> locked;
    bool accountBusy = false;

    bool lockAccount(const std::string& name, int) override {
        return !accountBusy && locked.insert(name).second;
    }
    void unlockAccount(const std::string& name) override { locked.erase(name); }
    void log(LogLevel, std::string_view message) override { lines.emplace_back(message); }
    UtcTime time = UtcTime::fromSeconds(1'764'000'000);
    int callTimeout = 0, requestTakes = 0; // seconds

    UtcTime now() override { return time; }
    int callTimeoutSeconds() const override { return callTimeout; }
    std::optional<std::string> state(const std::string& key) override {
        if (key == "release") return released ? std::optional<std::string>("yes") : std::nullopt;
        if (stateBroken) throw std::runtime_error("disk");
        const auto found = values.find(key);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    }
    void setState(const std::string& key, const std::string& value) override {
        if (stateBroken) throw std::runtime_error("disk");
        values[key] = value;
    }
    HttpResponse http(const HttpRequest& request) override {
        requests.push_back(request);
        time = time + requestTakes * kSecond;
        return answer;
    }
};

class TempDir {
  public:
    TempDir() {
        std::string pattern = (std::filesystem::temp_directory_path() / "trevo-XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()));
        path_ = pattern;
    }
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

inline std::string badPath(const std::string& name) {
    return std::string(TREVO_BINARY_DIR) + "/bad-plugins/" + name + ".so";
}

inline std::shared_ptr<Library> loaded(const std::string& path) {
    auto library = Library::load(path);
    if (!library) FAIL(describe(library.error()));
    return *library;
}

inline std::unique_ptr<Instance> made(const std::string& path, Host& host, InstanceConfig config = {},
                                      const Limits& limits = {}) {
    auto instance = Instance::create(loaded(path), std::move(config), host, limits);
    if (!instance) FAIL(describe(instance.error()));
    return std::move(instance).value();
}

} // namespace trevo::plugin
