// What a plugin polls, asked on the runner of its instance. A cursor is committed in the transaction of the
// documents that it stands for.
#pragma once

#include "ingest/poll/source.hpp"

#include <condition_variable>
#include <mutex>

namespace trevo::poll {

class PluginSource final : public Source {
  public:
    // All references must outlive it.
    PluginSource(std::shared_ptr<const Integration> integration, const IntegrationDirectory& directory,
                 journal::Journal& journal, const Clock& clock);

    std::string_view kind() const override { return "plugin"; }
    std::string partner() const override { return integration().settings().plugin; }
    std::int64_t intervalSeconds() const override;
    Round round() override;
    std::vector<Check> examine() override;
    void interrupt() override;

  private:
    // Runs `task` on the instance and waits. What the task touches is its own: it may come back after the
    // wait was given up.
    enum class Ran { Yes, NotAtAll, Interrupted };
    Ran run(std::function<void(plugin::Instance&)> task);
    Problem troubleOfRunner() const;

    const IntegrationDirectory& directory_;
    journal::Journal& journal_;
    const Clock& clock_;
    struct Wait {
        std::mutex mutex;
        std::condition_variable changed;
        bool interrupted = false;
        bool ended = false, finished = false;
    };
    std::mutex mutex_;
    std::shared_ptr<Wait> waiting_;
    bool interrupted_ = false;
};

// For every integration whose plugin polls or can be examined.
Factory pluginSources(const IntegrationDirectory& directory, journal::Journal& journal, const Clock& clock);

} // namespace trevo::poll
