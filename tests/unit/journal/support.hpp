// A journal in a folder of its own, with a clock that stands still, and calls that wait for their answer.
#pragma once

#include "journal/journal.hpp"

#include <filesystem>
#include <future>
#include <memory>
#include <string>

namespace trevo::journal::testing {

class TempDir {
  public:
    TempDir() {
        std::string name = (std::filesystem::temp_directory_path() / "trevo-journal-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~TempDir() { std::filesystem::remove_all(path_); }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    std::string file(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

inline const UtcTime kStart = UtcTime::fromSeconds(1'800'000'000);

inline Delivery delivery(std::string body, std::string key = "", std::string integration = "olx") {
    Delivery d;
    d.integration = std::move(integration);
    d.door = "http";
    d.contentType = "application/json";
    d.meta = R"({"method":"POST"})";
    d.body = std::move(body);
    d.receivedAt = kStart;
    d.key = std::move(key);
    return d;
}

inline Reason reason() {
    return {{"wrong_type", "/vehicle/km", "line 1, column 9", "expected a number"}, "ingest"};
}

inline Result<Receipt, AppendError> append(Journal& journal, Delivery d) {
    std::promise<Result<Receipt, AppendError>> answered;
    journal.append(std::move(d), [&](auto result) { answered.set_value(std::move(result)); });
    return answered.get_future().get();
}

inline Result<std::vector<Receipt>, AppendError> append(Journal& journal, std::vector<Delivery> ds,
                                                        std::vector<StateChange> changes) {
    std::promise<Result<std::vector<Receipt>, AppendError>> answered;
    journal.append(std::move(ds), std::move(changes),
                   [&](auto result) { answered.set_value(std::move(result)); });
    return answered.get_future().get();
}

struct Bench {
    TempDir dir;
    ManualClock clock{kStart};
    UuidSource ids{clock};
    Options options{dir.file("journal.db"), {}, "", 4000};
    std::unique_ptr<Journal> journal;

    Bench() { open(); }
    explicit Bench(const Limits& limits) {
        options.limits = limits;
        open();
    }
    void open() {
        journal.reset();
        journal = std::make_unique<Journal>(options, clock, ids);
    }
    Journal* operator->() { return journal.get(); }
    Receipt add(Delivery d) { return append(*journal, std::move(d)).value(); }

    void settle(Outcome outcome) {
        journal->settle({std::move(outcome)});
        journal->flush();
    }
    // A row in the state that the test starts from.
    Receipt inState(State state, const std::string& body) {
        Delivery d = delivery(body);
        if (state == State::Dead || state == State::Dropped) d.dead = reason();
        const Receipt receipt = add(std::move(d));
        if (state == State::Dropped) journal->drop(receipt.id);
        if (state == State::Done) {
            for (const Envelope& envelope : journal->claim(100, 0))
                settle({envelope.seq, Outcome::Kind::Done, {}, {}});
        }
        return receipt;
    }
};

} // namespace trevo::journal::testing
