// match replay: what another model file would make of the stored history.
#include "cli/gateway.hpp"
#include "cli/output.hpp"
#include "cli/tree.hpp"

#include "base/uuid.hpp"
#include "canonical/read.hpp"
#include "integration/matching.hpp"
#include "match/model.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <ostream>
#include <set>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;

// A folder that is gone with the command.
class Scratch {
  public:
    Scratch() {
        std::string pattern = (std::filesystem::temp_directory_path() / "trevo-replay-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw Failure{kFailed, "no temporary folder can be made in " + pattern};
        path_ = pattern;
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::string file() const { return path_ + "/store.db"; }

  private:
    std::string path_;
};

using People = std::map<std::string, std::set<std::string>>; // person to records

struct Replay {
    People before, after;
    std::int64_t records = 0;
};

store::Incoming again(const store::RecordRow& row, UuidSource& ids) {
    canonical::Context reading;
    reading.integration = row.integration;
    reading.anyIntegration = reading.dealerOptional = true;
    reading.resolveDealer = [](std::string_view id) { return std::string(id); };
    reading.dealerZone = [](std::string_view) { return std::string("America/Sao_Paulo"); };
    reading.dealerDdd = [](std::string_view) { return std::string(); };
    reading.receivedAt = row.receivedAt;
    auto record = canonical::read(row.body, reading);
    if (!record)
        throw Failure{kFailed, row.id + " can not be read again: " + describe(record.error().front())};
    store::Incoming incoming;
    incoming.envelope = ids.next();
    incoming.integration = row.integration;
    incoming.mappingVersion = "replay";
    incoming.receivedAt = row.receivedAt;
    incoming.records.push_back(std::move(*record));
    return incoming;
}

// All records in the order of their arrival through a store of its own. The stored one is only read.
Replay replayed(const store::Options& stored, std::shared_ptr<const match::Model> model) {
    const Scratch scratch;
    store::Options trial = stored;
    trial.path = scratch.file();
    trial.matching.model = std::move(model);
    const auto reader = store::openSqliteReader(stored);
    const auto fresh = store::openSqlite(trial);
    const SystemClock clock;
    UuidSource ids(clock);

    Replay replay;
    std::map<std::string, std::string> stays; // new record id to stored one
    store::Page page;
    page.limit = 500;
    while (true) {
        const auto rows = reader->records({}, page);
        if (rows.empty()) break;
        page.after = rows.back().number;
        std::vector<store::Incoming> batch;
        for (const auto& row : rows)
            batch.push_back(again(row, ids));
        const auto results = fresh->writer().apply(batch, clock.now());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (results[i].records.empty()) continue;
            stays[results[i].records.front().record] = rows[i].id;
            replay.before[rows[i].person].insert(rows[i].id);
            ++replay.records;
        }
    }
    page.after = 0;
    while (true) {
        const auto rows = fresh->reader().records({}, page);
        if (rows.empty()) break;
        page.after = rows.back().number;
        for (const auto& row : rows)
            replay.after[row.person].insert(stays[row.id]);
    }
    return replay;
}

// For each entry of `people`, into whom of `others` its records went, when that is more than one.
Json torn(const People& people, const People& others, bool ofBefore) {
    std::map<std::string, std::string> owner;
    for (const auto& [person, records] : others) {
        for (const auto& record : records)
            owner[record] = person;
    }
    Json list = Json::array();
    for (const auto& [person, records] : people) {
        std::set<std::string> parts;
        for (const auto& record : records)
            parts.insert(owner[record]);
        if (parts.size() < 2) continue;
        if (ofBefore)
            list.push_back({{"person", person}, {"records", records.size()}, {"parts", parts.size()}});
        else
            list.push_back({{"people", parts}, {"records", records.size()}});
    }
    return list;
}

int replayModel(Context& context) {
    if (!context.arguments.has("dry-run"))
        throw Failure{kUsage, "only --dry-run is possible: a model is adopted by naming it in matching.model "
                              "of the configuration"};
    auto config = config::load(configPath(context));
    if (!config) throw Failure{kFailed, toml::describe(config.error())};
    const auto options = storeOptionsOf(*config);
    if (!options) throw Failure{kFailed, toml::describe(options.error())};
    auto model = context.arguments.has("model")
                     ? match::readModelFile(context.arguments.text("model"))
                     : Result<std::shared_ptr<const match::Model>, toml::Errors>(options->matching.model);
    if (!model) throw Failure{kFailed, toml::describe(model.error())};

    const Replay replay = replayed(*options, *model);
    const Json merges = torn(replay.after, replay.before, false);
    const Json splits = torn(replay.before, replay.after, true);
    std::size_t stay = 0;
    std::set<std::set<std::string>> groups;
    for (const auto& [person, records] : replay.after)
        groups.insert(records);
    for (const auto& [person, records] : replay.before)
        stay += groups.count(records);
    if (context.arguments.json) {
        context.io.out << Json{{"model", (*model)->version},
                               {"records", replay.records},
                               {"people_before", replay.before.size()},
                               {"people_after", replay.after.size()},
                               {"stay", stay},
                               {"merges", merges},
                               {"splits", splits}}
                              .dump()
                       << '\n';
        return kDone;
    }
    const auto most = static_cast<std::size_t>(context.arguments.number("limit", 20));
    context.io.out << "model " << (*model)->version << ", " << replay.records
                   << " records: " << replay.before.size() << " people now, " << replay.after.size()
                   << " with it; " << stay << " stay as they are, " << merges.size()
                   << " would be merged of others, " << splits.size() << " would be split\n";
    for (std::size_t i = 0; i < std::min(most, merges.size()); ++i)
        context.io.out << "  merge  " << joined(merges[i]["people"]) << " (" << merges[i]["records"]
                       << " records)\n";
    for (std::size_t i = 0; i < std::min(most, splits.size()); ++i)
        context.io.out << "  split  " << splits[i]["person"].get<std::string>() << " ("
                       << splits[i]["records"] << " records into " << splits[i]["parts"] << " people)\n";
    context.io.out
        << "What people decided by hand is not replayed: their merges show as splits here and stay.\n";
    return kDone;
}

} // namespace

std::vector<Command> matchingCommands() {
    return {
        {"match replay",
         "Shows what another model of matching would merge, split and leave in the stored history",
         {},
         {{"--model", "FILE", "The model file to try; that of the configuration when absent.", {}},
          {"--dry-run", "", "Change nothing; required, for a model is adopted in the configuration.", {}},
          {"--limit", "N", "So many merges and splits are listed; 20 when absent.", {}}},
         replayModel},
    };
}

} // namespace trevo::cli
