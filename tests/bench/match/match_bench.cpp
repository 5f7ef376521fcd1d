// How well and how fast records find their person and negotiation: a labelled stream through the real store.
//
//   bench_match [persons=20000] [--stream group|market|extract] [--seed N] [--shuffles N] [--write FILE]
//   [--wrong N] [--true-people]
//
// --stream       which invented data: `group` is hard on purpose, `market` kinder and made apart from it,
//                `extract` a foreign customer extract with damaged duplicates
// --records      of `group`: three a person unless given
// --true-people  tells the engine who everybody is, to see the grouping of negotiations alone
// --shuffles     runs the stream again in other orders of arrival
// --write        the stream as NDJSON, with the truth beside it in FILE.truth; nothing is matched
// --model        another model file        --ablations  what each guard and feature brings
// --dump         each record with the truth and what was found, tab-separated
// --wrong        prints so many wrong merges and splits with their records
#include "match/model.hpp"
#include "store/store.hpp"
#include "support/labelled/extract.hpp"
#include "support/labelled/prototype.hpp"
#include "support/labelled/quality.hpp"
#include "support/labelled/stream.hpp"

#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

using namespace trevo;
using Steady = std::chrono::steady_clock;

namespace {

struct Arguments {
    int persons = 20'000;
    std::size_t records = 0;
    std::uint64_t seed = 1;
    int shuffles = 0, wrong = 0;
    std::string write, dump, stream = "group";
    bool ablations = false, truePeople = false;
    std::shared_ptr<const match::Model> model = match::defaultModel();
};

double seconds(Steady::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

double percentile(std::vector<double> values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

std::filesystem::path temporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "trevo-bench-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    return pattern;
}

store::Options storeOptions(const std::filesystem::path& folder, const std::vector<std::string>& dealers,
                            std::shared_ptr<const match::Model> model) {
    store::Options options;
    options.path = (folder / "store.db").string();
    options.matching.model = std::move(model);
    for (std::size_t i = 0; i < 4; ++i)
        options.dealers.push_back(
            {"loja" + std::to_string(i), "grupo", i < dealers.size() ? dealers[i] : std::string()});
    return options;
}

struct Outcome {
    std::vector<std::string> persons, negotiations;        // by position in the stream
    std::vector<std::string> first;                        // person at the moment of the decision
    double rate = 0, cpu = 0, p50 = 0, p99 = 0, worst = 0; // ms
    std::int64_t people = 0, found = 0;
};

// A record as the gateway reads it; or as one that says who it is and nothing else of the customer.
model::Record recordOf(const labelled::Labelled& one, bool truePeople) {
    model::Record record = labelled::read(one);
    if (!truePeople) return record;
    record.customer = {};
    record.callPhone.reset();
    record.customer.document = model::Document{
        labelled::validCpf(static_cast<std::uint64_t>(one.person) * 7 + 1'000'003), false, true};
    return record;
}

Outcome run(const std::vector<labelled::Labelled>& stream, const std::vector<std::string>& dealers,
            std::shared_ptr<const match::Model> model, bool truePeople = false) {
    const auto folder = temporaryFolder();
    Outcome outcome;
    {
        auto store = store::openSqlite(storeOptions(folder, dealers, std::move(model)));
        constexpr std::size_t kBatch = 2048; // as many as the pipeline takes under load
        std::vector<std::string> ids;
        double total = 0, cpu = 0;
        std::vector<double> times;
        ManualClock clock(UtcTime::fromSeconds(1'790'000'000));
        UuidSource uuids(clock);
        for (std::size_t i = 0; i < stream.size(); i += kBatch) {
            std::vector<store::Incoming> batch(std::min(kBatch, stream.size() - i));
            for (std::size_t j = 0; j < batch.size(); ++j) {
                batch[j].envelope = uuids.next();
                batch[j].integration = "labelled";
                batch[j].mappingVersion = "1";
                batch[j].receivedAt = stream[i + j].received;
                batch[j].records.push_back(recordOf(stream[i + j], truePeople));
            }
            const double before = cpuSeconds();
            const auto start = Steady::now();
            const auto results = store->writer().apply(batch, clock.now());
            const double took = seconds(Steady::now() - start);
            cpu += cpuSeconds() - before;
            total += took;
            times.push_back(took / static_cast<double>(batch.size()));
            for (const auto& result : results) {
                ids.push_back(result.records.at(0).record);
                outcome.first.push_back(result.records.at(0).person);
            }
        }
        const auto n = static_cast<double>(stream.size());
        outcome.rate = n / total;
        outcome.cpu = cpu / n * 1e6;
        outcome.p50 = percentile(times, 0.5) * 1e3;
        outcome.p99 = percentile(times, 0.99) * 1e3;
        outcome.worst = percentile(times, 1) * 1e3;
        std::map<std::string, std::pair<std::string, std::string>> rows;
        store::Page page;
        page.limit = 1000;
        while (true) {
            const auto list = store->reader().records({}, page);
            if (list.empty()) break;
            for (const auto& row : list)
                rows[row.id] = {row.person, row.negotiation};
            page.after = list.back().number;
        }
        for (const auto& id : ids) {
            outcome.persons.push_back(rows[id].first);
            outcome.negotiations.push_back(rows[id].second);
        }
        outcome.people = store->reader().counts().people;
        outcome.found = store->reader().counts().negotiations;
    }
    std::filesystem::remove_all(folder);
    return outcome;
}

void print(const char* what, const labelled::Quality& q) {
    std::printf("%-13s P %.4f  R %.4f  F1 %.4f | B3 P %.4f R %.4f F1 %.4f | worst cluster %zu (%s)\n", what,
                q.precision, q.recall, q.f1, q.cubedPrecision, q.cubedRecall, q.cubedF1, q.worstCluster,
                q.worst.c_str());
}

void printTraps(const std::vector<labelled::Labelled>& stream,
                const std::vector<labelled::RecordError>& errors) {
    std::printf("%-18s %8s  %13s %7s\n", "trap", "records", "foreign pairs", "missing");
    for (int bit = 0; bit < labelled::kTraps; ++bit) {
        double foreign = 0, missing = 0;
        std::size_t count = 0;
        for (std::size_t i = 0; i < stream.size(); ++i) {
            if ((stream[i].traps >> bit & 1U) == 0) continue;
            foreign += errors[i].foreign;
            missing += errors[i].missing;
            ++count;
        }
        if (count == 0) continue;
        const auto n = static_cast<double>(count);
        std::printf("%-18s %8zu  %12.2f%% %6.1f%%\n", std::string(labelled::trapName(bit)).c_str(), count,
                    foreign / n * 100, missing / n * 100);
    }
}

// Online accuracy: of the records whose person had been seen before, how many were put with a record of that
// person; of those of new people, how many opened a new person.
void printOnline(const std::vector<labelled::Labelled>& stream, const Outcome& outcome) {
    std::map<int, std::set<std::string>> known;
    std::map<std::string, int> owner;
    double right = 0;
    for (std::size_t i = 0; i < stream.size(); ++i) {
        auto& mine = known[stream[i].person];
        const std::string& given = outcome.first[i];
        right += mine.empty() ? !owner.contains(given) : mine.contains(given);
        mine.insert(given);
        owner.emplace(given, stream[i].person);
    }
    std::printf("online decisions right: %.4f\n", right / static_cast<double>(stream.size()));
}

void printWrong(const std::vector<labelled::Labelled>& stream, const Outcome& outcome, int most) {
    std::map<std::string, std::vector<std::size_t>> clusters;
    std::map<int, std::vector<std::size_t>> truth;
    for (std::size_t i = 0; i < stream.size(); ++i) {
        clusters[outcome.persons[i]].push_back(i);
        truth[stream[i].person].push_back(i);
    }
    int merges = 0, splits = 0;
    for (const auto& [id, members] : clusters) {
        std::set<int> people;
        for (const std::size_t i : members)
            people.insert(stream[i].person);
        if (people.size() < 2 || merges++ >= most) continue;
        std::printf("MERGED %s\n", id.c_str());
        for (const std::size_t i : members)
            std::printf("  #%zu person %d %s\n", i, stream[i].person, stream[i].json.c_str());
    }
    for (const auto& [person, members] : truth) {
        std::set<std::string> ids;
        for (const std::size_t i : members)
            ids.insert(outcome.persons[i]);
        if (ids.size() < 2 || person % 7 != 0 || splits++ >= most) continue;
        std::printf("SPLIT person %d\n", person);
        for (const std::size_t i : members)
            std::printf("  #%zu %s %s\n", i, outcome.persons[i].c_str(), stream[i].json.c_str());
    }
}

std::vector<int> persons(const std::vector<labelled::Labelled>& stream) {
    std::vector<int> all;
    for (const auto& one : stream)
        all.push_back(one.person);
    return all;
}
std::vector<int> negotiations(const std::vector<labelled::Labelled>& stream) {
    std::vector<int> all;
    for (const auto& one : stream)
        all.push_back(one.negotiation);
    return all;
}

int writeStream(const std::vector<labelled::Labelled>& stream, const std::string& path) {
    std::ofstream records(path), truth(path + ".truth");
    for (const auto& one : stream) {
        records << one.json << '\n';
        truth << one.person << ' ' << one.negotiation << '\n';
    }
    return records && truth ? 0 : 1;
}

void writeOutcome(const std::vector<labelled::Labelled>& stream, const Outcome& outcome,
                  const std::string& path) {
    std::ofstream out(path);
    for (std::size_t i = 0; i < stream.size(); ++i)
        out << stream[i].person << '\t' << outcome.persons[i] << '\t' << stream[i].negotiation << '\t'
            << outcome.negotiations[i] << '\t' << stream[i].traps << '\t' << stream[i].json << '\n';
}

// The same stream with one thing switched off at a time.
void ablate(const std::vector<labelled::Labelled>& stream, const std::vector<std::string>& dealers,
            const match::Model& model, const labelled::Quality& whole) {
    constexpr double kNothing = -30; // no evidence at all
    const std::pair<const char*, void (*)(match::Model&)> ablations[] = {
        {"generic values", [](match::Model& m) { m.guards.genericValues = false; }},
        {"incompatible names", [](match::Model& m) { m.guards.incompatibleNames = false; }},
        {"two valid documents", [](match::Model& m) { m.guards.twoValidDocuments = false; }},
        {"generational suffix", [](match::Model& m) { m.guards.generationalSuffix = false; }},
        {"company against person", [](match::Model& m) { m.guards.companyAgainstPerson = false; }},
        {"merges on a bridge", [](match::Model& m) { m.guards.bridgingMerges = false; }},
        {"disputed documents", [](match::Model& m) { m.guards.disputedDocuments = false; }},
        {"nearest in time", [](match::Model& m) { m.time.namelessDays = 1e-6; }},
        {"missing area codes", [](match::Model& m) { m.values.phoneAreaAssumed = kNothing; }},
        {"the same car", [](match::Model& m) { m.values.ad = m.values.plate = m.values.vin = kNothing; }},
        {"same dealer lately",
         [](match::Model& m) { m.values.visitDealer = m.values.visitModel = kNothing; }},
        {"nicknames", [](match::Model& m) { m.nicknames.clear(); }},
        {"documents with a slip", [](match::Model& m) { m.values.documentTypo = kNothing; }},
        {"name frequencies", [](match::Model& m) { m.names.rarest = 0.01; }},
    };
    std::printf("%-24s %9s %9s %9s\n", "without", "P", "R", "F1");
    for (const auto& [name, change] : ablations) {
        auto changed = std::make_shared<match::Model>(model);
        change(*changed);
        const auto q = labelled::compare(persons(stream), run(stream, dealers, changed).persons);
        std::printf("%-24s %+9.4f %+9.4f %+9.4f  worst cluster %zu\n", name, q.precision - whole.precision,
                    q.recall - whole.recall, q.f1 - whole.f1, q.worstCluster);
        std::fflush(stdout);
    }
}

labelled::Stream streamFor(const Arguments& arguments) {
    if (arguments.stream == "market") return labelled::marketStream(arguments.seed, arguments.persons);
    if (arguments.stream == "extract") return labelled::extractStream(arguments.seed, arguments.persons);
    const labelled::World world(arguments.seed, arguments.persons);
    const std::size_t records =
        arguments.records ? arguments.records : static_cast<std::size_t>(arguments.persons) * 3;
    return {labelled::streamOf(world, arguments.seed, records), world.dealerDocuments};
}

int bench(const Arguments& arguments) {
    auto [stream, dealers] = streamFor(arguments);
    if (!arguments.write.empty()) return writeStream(stream, arguments.write);
    const Outcome outcome = run(stream, dealers, arguments.model, arguments.truePeople);
    const auto people = labelled::compare(persons(stream), outcome.persons);
    std::printf("%s: %d persons, %zu records, seed %llu: %lld people, %lld negotiations found\n",
                arguments.stream.c_str(), arguments.persons, stream.size(),
                static_cast<unsigned long long>(arguments.seed), static_cast<long long>(outcome.people),
                static_cast<long long>(outcome.found));
    print("persons", people);
    print("a prototype", labelled::compare(persons(stream), labelled::prototype(stream)));
    print("negotiations", labelled::compare(negotiations(stream), outcome.negotiations));
    printOnline(stream, outcome);
    printTraps(stream, labelled::errorsOf(persons(stream), outcome.persons));
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%.0f records/s, %.1f us CPU/record, a record in its batch p50 %.3f ms p99 %.3f ms worst "
                "%.3f ms, %ld MB memory\n",
                outcome.rate, outcome.cpu, outcome.p50, outcome.p99, outcome.worst, usage.ru_maxrss / 1024);
    if (arguments.ablations) ablate(stream, dealers, *arguments.model, people);
    if (!arguments.dump.empty()) writeOutcome(stream, outcome, arguments.dump);
    if (arguments.wrong > 0) printWrong(stream, outcome, arguments.wrong);
    for (int i = 1; i <= arguments.shuffles; ++i) {
        labelled::shuffle(stream, arguments.seed * 31 + static_cast<std::uint64_t>(i));
        const Outcome again = run(stream, dealers, arguments.model);
        const auto q = labelled::compare(persons(stream), again.persons);
        print("shuffled", q);
        print("  negotiations", labelled::compare(negotiations(stream), again.negotiations));
        std::printf("  F1 of persons %+.4f\n", q.f1 - people.f1);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const bool more = i + 1 < argc;
        if (std::strcmp(argv[i], "--seed") == 0 && more)
            arguments.seed = std::strtoull(argv[++i], nullptr, 10);
        else if (std::strcmp(argv[i], "--stream") == 0 && more)
            arguments.stream = argv[++i];
        else if (std::strcmp(argv[i], "--records") == 0 && more)
            arguments.records = std::strtoull(argv[++i], nullptr, 10);
        else if (std::strcmp(argv[i], "--shuffles") == 0 && more)
            arguments.shuffles = std::atoi(argv[++i]);
        else if (std::strcmp(argv[i], "--wrong") == 0 && more)
            arguments.wrong = std::atoi(argv[++i]);
        else if (std::strcmp(argv[i], "--true-people") == 0)
            arguments.truePeople = true;
        else if (std::strcmp(argv[i], "--ablations") == 0)
            arguments.ablations = true;
        else if (std::strcmp(argv[i], "--model") == 0 && more) {
            auto model = match::readModelFile(argv[++i]);
            if (!model) {
                std::fputs(toml::describe(model.error()).c_str(), stderr);
                return 2;
            }
            arguments.model = *model;
        } else if (std::strcmp(argv[i], "--dump") == 0 && more)
            arguments.dump = argv[++i];
        else if (std::strcmp(argv[i], "--write") == 0 && more)
            arguments.write = argv[++i];
        else if (std::atoi(argv[i]) > 0)
            arguments.persons = std::atoi(argv[i]);
        else {
            std::fprintf(stderr, "usage: bench_match [PERSONS] [--stream group|market|extract] [--seed N] "
                                 "[--records N] [--shuffles N] [--write FILE] [--wrong N] "
                                 "[--true-people]\n");
            return 2;
        }
    }
    return bench(arguments);
}
