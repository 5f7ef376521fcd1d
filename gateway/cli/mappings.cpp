// mapping test and diff.
#include "cli/files.hpp"
#include "cli/gateway.hpp"
#include "cli/output.hpp"
#include "cli/tree.hpp"

#include "base/hash.hpp"
#include "mapping/mapping.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

// Test files that a path means: itself, the one beside a mapping, or all in a folder.
std::vector<std::string> testFiles(const std::string& path) {
    if (!fs::exists(path)) throw Failure{kFailed, "there is no " + path};
    std::vector<std::string> files;
    if (fs::is_directory(path)) {
        for (const auto& entry : fs::recursive_directory_iterator(path))
            if (entry.path().string().ends_with(".test.toml")) files.push_back(entry.path().string());
        std::sort(files.begin(), files.end());
    } else if (path.ends_with(".map.toml")) {
        files.push_back(path.substr(0, path.size() - std::string(".map.toml").size()) + ".test.toml");
    } else {
        files.push_back(path);
    }
    if (files.empty()) throw Failure{kFailed, "there is no *.test.toml in " + path};
    return files;
}

int testMappings(Context& context) {
    std::vector<std::string> paths = context.arguments.all("PATH");
    const auto folders = mappingFolders(context);
    if (paths.empty()) paths = folders;
    int passed = 0, failed = 0;
    Json reports = Json::array();
    for (const auto& path : paths)
        for (const auto& file : testFiles(path)) {
            const auto report = mapping::runTests(file, context.arguments.has("update"), folders);
            passed += report.passed;
            failed += report.failed;
            if (context.arguments.json) {
                reports.push_back({{"file", file},
                                   {"passed", report.passed},
                                   {"failed", report.failed},
                                   {"text", report.text}});
            } else {
                context.io.out << file << '\n' << report.text;
            }
        }
    if (context.arguments.json) {
        context.io.out << Json{{"passed", passed}, {"failed", failed}, {"files", reports}}.dump() << '\n';
    } else {
        context.io.out << passed << " passed, " << failed << " failed\n";
    }
    return failed == 0 ? kDone : kFailed;
}

std::shared_ptr<const mapping::Mapping> compiled(Context& context, const std::string& file) {
    auto mapping = mapping::Mapping::compileFile(file, {}, mappingFolders(context));
    if (!mapping) throw Failure{kFailed, toml::describe(mapping.error())};
    return *mapping;
}

// What a mapping makes of a document, as one JSON value: its records, or its mistakes.
Json outcomeOf(const mapping::Mapping& mapping, const mapping::Document& document) {
    const auto mapped = mapping.apply(document);
    if (!mapped) {
        Json mistakes = Json::array();
        for (const Problem& problem : mapped.error())
            mistakes.push_back(
                {{"code", problem.code}, {"field", problem.field}, {"detail", problem.detail}});
        return {{"errors", mistakes}};
    }
    Json records = Json::array();
    for (const auto& record : mapped->records)
        records.push_back(Json::parse(record));
    return {{"records", records}};
}

struct Stored {
    std::string name, contentType, body;
};

template <class Take>
void eachStored(Context& context, Take take) {
    for (const auto& file : context.arguments.all("DOCUMENT"))
        take(Stored{file, "", readFile(file)});
    if (!context.arguments.has("integration")) return;
    Gateway gateway(context);
    const auto most = context.arguments.number("limit", 1000);
    std::int64_t taken = 0;
    std::string target =
        "/v1/receipts" + queryOf({{"integration", context.arguments.text("integration")},
                                  {"limit", std::to_string(std::min<std::int64_t>(most, 1000))}});
    while (!target.empty() && taken < most) {
        const Json page = parsed(gateway.get(target));
        for (const Json& item : page.at("items")) {
            if (taken++ >= most) break;
            const Json delivery = parsed(gateway.get("/v1/trace/" + textAt(item, "/receipt"))).at("delivery");
            std::string body = textAt(delivery, "/body");
            if (textAt(delivery, "/body_encoding") == "base64") body = fromBase64(body).value_or("");
            take(Stored{textAt(item, "/receipt"), textAt(delivery, "/content_type"), std::move(body)});
        }
        target = textAt(page, "/next");
    }
}

int diff(Context& context) {
    const auto before = compiled(context, context.arguments.text("OLD")),
               after = compiled(context, context.arguments.text("NEW"));
    if (context.arguments.all("DOCUMENT").empty() && !context.arguments.has("integration"))
        throw Failure{kUsage, "name documents, or the --integration whose stored deliveries to compare"};
    std::int64_t same = 0;
    Json changes = Json::array();
    eachStored(context, [&](const Stored& stored) {
        const mapping::Document document{stored.contentType, stored.body, {}};
        const Json left = outcomeOf(*before, document), right = outcomeOf(*after, document);
        if (left == right) {
            ++same;
            return;
        }
        const Json patch = Json::diff(left, right);
        changes.push_back({{"document", stored.name}, {"changes", patch}});
        if (context.arguments.json) return;
        context.io.out << stored.name << '\n';
        for (const Json& change : patch) {
            const Json::json_pointer at(change.at("path").get<std::string>());
            context.io.out << "  " << plain(change.at("path").get<std::string>()) << ": "
                           << (left.contains(at) ? plain(left.at(at).dump()) : "nothing") << " -> "
                           << (right.contains(at) ? plain(right.at(at).dump()) : "nothing") << '\n';
        }
    });
    if (context.arguments.json) {
        context.io.out << Json{{"same", same}, {"changed", changes.size()}, {"documents", changes}}.dump()
                       << '\n';
    } else {
        context.io.out << changes.size() << " documents change, " << same << " stay the same\n";
    }
    return kDone;
}

} // namespace

std::vector<Command> mappingCommands() {
    return {
        {"mapping test",
         "Runs the test files beside mappings",
         {{"PATH", "A folder, a mapping or its test file; the configured folders when absent.", false, true}},
         {{"--update", "", "Rewrites the expectations instead.", {}},
          {"--mappings", "DIR", "Folder of the mappings; may be repeated.", {}, true}},
         testMappings},
        {"mapping diff",
         "Shows what a changed mapping would make different",
         {{"OLD", "Mapping as it is."},
          {"NEW", "Mapping as it would be."},
          {"DOCUMENT", "Documents to read with both.", false, true}},
         {{"--integration", "ID", "Reads the stored deliveries of this integration with both.", {}},
          {"--limit", "N", "Stored deliveries at most, newest first; 1000 when absent.", {}}},
         diff},
    };
}

} // namespace trevo::cli
