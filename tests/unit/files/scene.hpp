// An integration that takes files by a shipped mapping, with a journal of its own and a clock that the test
// moves.
#pragma once

#include "base/uuid.hpp"
#include "integration/integration.hpp"
#include "journal/journal.hpp"
#include "support/folder.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace trevo::files::testing {

class Scene {
  public:
    using Change = std::function<void(config::Integration&)>;

    explicit Scene(const std::string& mapping = "drop/leads", const Change& change = {}) {
        config::Integration settings;
        settings.id = "drop";
        settings.mapping = mapping;
        settings.authentication.addresses = {"127.0.0.1"};
        if (change) change(settings);
        auto config = std::make_shared<config::Config>();
        config->mappingDirs = {TREVO_SOURCE_DIR "/mappings", dir_.path().string()};
        config->integrations = {settings};
        auto set = IntegrationSet::build(config, nullptr, nullptr);
        if (!set) throw std::runtime_error(toml::describe(set.error()));
        set_ = *set;
        integration_ = set_->find("drop");
        reopen();
    }

    // As after a crash: only what was committed is there.
    void reopen() {
        journal_.reset();
        journal::Options options;
        options.path = (dir_.path() / "journal.db").string();
        journal_ = std::make_unique<journal::Journal>(options, clock_, ids_);
    }

    std::vector<journal::Envelope> envelopes() const {
        journal::Query query;
        query.limit = 100'000;
        query.withBody = true;
        return journal_->list(query);
    }

    const test::Folder& dir() const { return dir_; }
    ManualClock& clock() { return clock_; }
    journal::Journal& journal() { return *journal_; }
    const std::shared_ptr<const Integration>& integration() const { return integration_; }

  private:
    test::Folder dir_;
    ManualClock clock_{SystemClock().now()};
    UuidSource ids_{clock_};
    std::shared_ptr<const IntegrationSet> set_;
    std::shared_ptr<const Integration> integration_;
    std::unique_ptr<journal::Journal> journal_;
};

} // namespace trevo::files::testing
