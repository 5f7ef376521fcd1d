// Forgetting a person in every file of the data folder.
//
// The journal and the archives of drop folders first: should the process end in between, the person is still
// in the store and the call can be made again. What the journal took in meanwhile is looked at once more
// afterwards.
#include "app/gateway.hpp"

#include "ingest/files/forget.hpp"
#include "ops/log.hpp"

#include <algorithm>

namespace trevo::app {

namespace {

journal::Erasure deliveriesOf(const store::Erasure& what, store::Store& store) {
    journal::Erasure erasure;
    for (const auto& delivery : what.deliveries) {
        if (delivery.whole)
            erasure.whole.push_back(delivery.envelope);
        else
            erasure.shared.push_back({delivery.envelope, what.values.without(delivery.others)});
    }
    erasure.values = what.values;
    erasure.others = [&store](const Uuid& envelope) { return store.reader().valuesIn(envelope); };
    return erasure;
}

} // namespace

// The names of the files that hold one of the values still.
std::vector<std::string> Gateway::cleanUp(const privacy::Values& values) {
    constexpr int kTries = 3; // each waits for readers as long as a busy file is waited for
    const auto compact = [](const auto& once) {
        for (int i = 0; i < kTries; ++i)
            if (once()) return;
        throw std::runtime_error("a long read keeps a write-ahead log from being emptied; erase again");
    };
    const auto compactStore = [&](bool rebuild) {
        compact([&] {
            return pipeline_->writer().run([&](store::Writer& writer) { return writer.compact(rebuild); });
        });
    };
    const auto compactJournal = [&](bool rebuild) { compact([&] { return journal_->compact(rebuild); }); };
    compactStore(false);
    compactJournal(false);
    const auto needles = privacy::needles(values);
    auto left = privacy::filesHolding(folder_.path(), needles);
    if (left.empty()) return left;
    // Older copies in free pages, or somebody else's who has the value too: a rebuilt file tells. Rebuilding
    // makes writers wait, so only a file that has to be is rebuilt.
    const auto holds = [&](std::string_view file) {
        return std::any_of(left.begin(), left.end(),
                           [&](const std::string& name) { return name.starts_with(file); });
    };
    if (holds("store.db")) compactStore(true);
    if (holds("journal.db")) compactJournal(true);
    return privacy::filesHolding(folder_.path(), needles);
}

Result<api::ErasedPerson> Gateway::erase(const std::string& person) {
    api::ErasedPerson answer;
    const auto forget = [&](const store::Erasure& what) {
        const auto erased = journal_->erase(deliveriesOf(what, *store_));
        answer.emptied += erased.emptied;
        answer.overwritten += erased.overwritten;
    };
    if (const auto plan = store_->reader().erasure(person)) {
        forget(*plan);
        for (const auto& [id, integration] : directory_.snapshot()->all()) {
            if (!integration->settings().files) continue;
            const auto gone = files::forgetIn(files::rulesOf(*integration->settings().files), plan->values);
            if (!gone) return gone.error();
            answer.archived += static_cast<std::int64_t>(*gone);
        }
    }
    auto erased = pipeline_->writer().run(
        [&, now = clock_.now()](store::Writer& writer) { return writer.erase(person, now); });
    if (!erased && erased.error().code != "erased") return erased.error();
    if (erased) {
        forget(*erased);
        answer.what = std::move(*erased);
    }
    answer.files = cleanUp(answer.what.values);
    log::info("person.erased", "A person was erased.",
              {{"person", person}, {"records", static_cast<std::int64_t>(answer.what.records.size())}});
    return answer;
}

} // namespace trevo::app
