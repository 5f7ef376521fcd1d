// Calls into plugins that an envelope asks for: fetch the details behind a thin push, or decode by code. They
// run on the integration's own runner, so that a slow partner or plugin holds up nothing else.
#pragma once

#include "integration/integration.hpp"
#include "journal/journal.hpp"
#include "pipeline/writer.hpp"

#include <memory>

namespace trevo::pipeline {

class PartnerCalls {
  public:
    PartnerCalls(journal::Journal& journal, StoreWriter& writer, const Clock& clock,
                 metrics::Registry& registry);

    void fetch(plugin::Runner& runner, std::shared_ptr<const Integration> integration,
               journal::Envelope envelope);
    void decode(plugin::Runner& runner, std::shared_ptr<const Integration> integration,
                journal::Envelope envelope);

  private:
    // What a verdict makes of an envelope: put off with growing pauses, or dead.
    void settle(const Integration& integration, const journal::Envelope& envelope,
                const plugin::Verdict& verdict, const char* stage);
    void putOff(const journal::Envelope& envelope, const char* code, const char* detail);

    journal::Journal& journal_;
    StoreWriter& writer_;
    const Clock& clock_;
    metrics::Counter fetched_, failed_;
};

} // namespace trevo::pipeline
