// The one thread that changes the file. It gathers what came while the last commit ran, commits it as one
// transaction, answers the waiters, and only then does chores (checkpoint).
//
// When a transaction fails it is rolled back whole; its deliveries are refused, its outcomes are kept and
// tried again. From then on appends are refused at once. After each probe interval one append, or failing
// that the thread itself, tries again: the first success opens the journal. Too little free disk closes it in
// the same way, but outcomes are still written.
#pragma once

#include "journal/maintenance.hpp"
#include "journal/table.hpp"
#include "journal/window.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace trevo::journal {

using Receipts = Result<std::vector<Receipt>, AppendError>;

// What is committed or refused together.
struct Group {
    std::vector<Item> items;
    std::vector<StateChange> changes;
    std::function<void(Receipts)> done;
};

class Writer {
  public:
    // Opens, migrates and starts. Throws SqlError or std::runtime_error.
    Writer(const Options& options, const Clock& clock, UuidSource& ids);
    ~Writer();

    void append(Group group);
    void settle(std::vector<Outcome> outcomes);
    std::vector<Envelope> claim(std::size_t max, std::int64_t waitMicros) {
        return window_.claim(max, waitMicros);
    }

    // Runs `work` in the next transaction and waits for its commit. False when stopped; throws SqlError when
    // it failed.
    using Work = std::function<void(Table&, UtcTime now, Effects&)>;
    bool run(Work work);
    // Between two transactions; see Journal::compact.
    bool compact(bool rebuild);
    void flush(); // until what was settled before is committed, or an attempt to do so has failed

    Stats stats() const; // without oldestReadyMicros
    void stop();

  private:
    struct Job {
        Work work;
        std::promise<void> done;
    };
    struct Compaction {
        bool rebuild = false;
        std::promise<bool> done;
    };
    struct Batch {
        std::vector<Group> groups;
        std::vector<Outcome> outcomes;
        std::vector<std::shared_ptr<Job>> jobs;
        std::size_t rows = 0;
        bool probe = false;
    };

    void loop();
    bool gather(Batch& batch); // false: stopped and nothing left
    void process(Batch& batch);
    std::vector<Receipts> write(Batch& batch, UtcTime now, Effects& effects);
    Receipts writeGroup(Group& group, UtcTime now, Effects& effects);
    void succeeded(Batch& batch, Effects& effects, std::vector<Receipts> answers);
    void failed(Batch& batch, const SqlError& error);
    void checkpointWhenLong();
    void compactWhenAsked();
    bool spaceLeft() const;
    std::optional<AppendError> refusal(std::size_t rows); // under mutex_
    void wake();

    const Limits limits_;
    const int checkpointFrames_;
    const std::string directory_;
    const Clock& clock_;
    Database database_;
    Table table_;
    Statement begin_, commit_, savepoint_, releaseSavepoint_, undoSavepoint_, probe_;
    Window window_;
    int walFrames_ = 0; // since the last complete checkpoint

    mutable std::mutex mutex_;
    std::condition_variable wakeUp_;
    std::deque<Group> queue_;
    std::vector<Outcome> outcomes_;
    std::vector<std::shared_ptr<Job>> jobs_;
    std::vector<std::shared_ptr<Compaction>> compactions_;
    std::size_t waitingRows_ = 0; // of queue_ and of the batch in hand
    Counters counters_;
    std::int64_t commits_ = 0, refused_ = 0;
    bool broken_ = false;   // the last transaction failed
    bool lowSpace_ = false; // less free disk than the limit
    UtcTime probeAt_;       // when broken_ or lowSpace_: not to be tried before
    UtcTime spaceCheckAt_;
    bool refillWanted_ = false;
    bool idle_ = false; // the thread waits
    bool stopping_ = false;

    std::mutex joinMutex_;
    std::thread thread_;
};

} // namespace trevo::journal
