// Records and a store in a temporary folder for the store's tests.
#pragma once

#include "store/store.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace trevo::store::test {

struct Who {
    std::string name = {}, document = {}, phone = {}, email = {}, birthDate = {};
    bool phoneAreaAssumed = false;
};
struct What {
    model::Kind kind = model::Kind::Lead;
    std::string externalId = {}, dealer = "centro", plate = {}, model = {};
    UtcTime at = UtcTime::fromSeconds(1'790'000'000);
};
inline const Who kAna{"Ana Lima", "", "+5511911112222", "ana@example.com"};
inline const Who kRui{"Rui Dias", "39053344705", "+5521922223333", "rui@example.com"};
inline const Actor kHuman{"operator", "seen the papers"};

// A record with its canonical body, as the decoder makes them.
model::Record record(const Who& who, const What& what = {});

inline const UtcTime kNow = UtcTime::fromSeconds(1'790'000'000);

// A store of two dealers of one group ("centro", "norte") and one of another ("rival").
class TestStore {
  public:
    TestStore();
    ~TestStore();

    AppliedRecord add(const model::Record& record, bool trial = false);
    EnvelopeResult send(std::vector<model::Record> records, bool trial = false);
    Incoming incoming(std::vector<model::Record> records, bool trial = false);
    Store& operator*() { return *store_; }
    Store* operator->() { return store_.get(); }
    Reader& reader() { return store_->reader(); }
    Writer& writer() { return store_->writer(); }
    void reopen();
    void reopen(std::vector<DuplicateRule> duplicates);
    std::string path() const { return (folder_ / "store.db").string(); }

    // People, golden records and negotiations as one text: what merge and unmerge must restore byte for byte.
    std::string projection();
    Options options() const;

  private:
    std::filesystem::path folder_;
    std::unique_ptr<Store> store_;
    std::vector<DuplicateRule> duplicates_;
    std::uint64_t envelopes_ = 0;
};

} // namespace trevo::store::test
