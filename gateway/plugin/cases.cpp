#include "plugin/case_files.hpp"
#include "plugin/plugin.hpp"

#include "mapping/mapping.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace fs = std::filesystem;

namespace trevo::plugin {

namespace {

// What a case shows, in an order for reading: the verdict first, the records last.
using Json = nlohmann::ordered_json;

const char* wordOf(Status status) {
    switch (status) {
    case Status::Ok: return "ok";
    case Status::RetryAfter: return "retry_after";
    case Status::Reject: return "reject";
    case Status::Config: return "config";
    case Status::Auth: return "auth";
    case Status::Limit: return "limit";
    case Status::Bug: break;
    }
    return "bug";
}

Json shown(const Problem& problem) {
    Json json = {{"code", problem.code}};
    if (!problem.field.empty()) json["field"] = problem.field;
    if (!problem.place.empty()) json["place"] = problem.place;
    return json;
}

Json shown(const Verdict& verdict) {
    if (verdict.status == Status::Ok) return "ok";
    Json json = {{"status", wordOf(verdict.status)}};
    json.update(shown(verdict.problem));
    if (verdict.retryAfterSeconds > 0) json["retry_after_seconds"] = verdict.retryAfterSeconds;
    return json;
}

class CaseRunner {
  public:
    CaseRunner(const Manifest& manifest, std::shared_ptr<Library> library, const fs::path& mappingsDir)
        : manifest_(manifest), library_(std::move(library)), mappingsDir_(mappingsDir) {}

    // The outcome; what keeps it from running, or went other than scripted, in `complaints`.
    Json run(const CaseFiles& files, std::vector<std::string>& complaints);

  private:
    void bring(const Brought& brought, const CaseFiles& files, Instance& instance, Json& out);
    void read(const std::string& role, const std::string& contentType, const CaseFiles& files,
              const std::string& body, Instance* instance, Json& out);
    const mapping::Mapping* mappingOf(const std::string& role, Json& out);

    const Manifest& manifest_;
    std::shared_ptr<Library> library_;
    fs::path mappingsDir_;
    std::map<std::string, std::shared_ptr<const mapping::Mapping>> compiled_; // by id
};

const mapping::Mapping* CaseRunner::mappingOf(const std::string& role, Json& out) {
    const auto id = manifest_.mappings.find(role);
    if (id == manifest_.mappings.end()) {
        out["problems"].push_back(Json{{"code", "no_mapping"}, {"field", role}});
        return nullptr;
    }
    auto& compiled = compiled_[id->second];
    if (!compiled) {
        const auto made = mapping::Mapping::compileFile((mappingsDir_ / (id->second + ".map.toml")).string(),
                                                        {}, {mappingsDir_.string()});
        if (!made) {
            out["problems"].push_back(
                Json{{"code", "bad_mapping"}, {"detail", toml::describe(made.error())}});
            return nullptr;
        }
        compiled = *made;
    }
    return compiled.get();
}

// As the pipeline reads a document: by the role's mapping, else by the plugin.
void CaseRunner::read(const std::string& role, const std::string& contentType, const CaseFiles& files,
                      const std::string& body, Instance* instance, Json& out) {
    if (instance && instance->canDecode() && !manifest_.mappings.contains(role)) {
        const Decoded decoded = instance->decode(role, contentType, files.metaJson, body);
        if (decoded.verdict.status != Status::Ok) out["problems"].push_back(shown(decoded.verdict.problem));
        for (const auto& record : decoded.records)
            out["records"].push_back(Json::parse(record));
        return;
    }
    const auto* mapping = mappingOf(role, out);
    if (!mapping) return;
    const auto mapped = mapping->apply({contentType, body, files.parameters});
    if (!mapped) {
        for (const auto& problem : mapped.error())
            out["problems"].push_back(shown(problem));
        return;
    }
    for (const auto& record : mapped->records)
        out["records"].push_back(Json::parse(record));
    for (const auto& refused : mapped->refused) {
        Json part = shown(refused.problems.front());
        part["part"] = refused.name;
        out["refused"].push_back(std::move(part));
    }
    for (const auto& path : mapped->unmapped)
        out["unmapped"].push_back(path);
}

void CaseRunner::bring(const Brought& brought, const CaseFiles& files, Instance& instance, Json& out) {
    out["verdict"] = shown(brought.verdict);
    if (brought.nextPollSeconds > 0) out["next_poll_seconds"] = brought.nextPollSeconds;
    for (const auto& [key, value] : brought.stateChanges)
        out["state"][key] = value;
    for (const auto& document : brought.documents) {
        Json shownDocument = {{"role", document.role}, {"content_type", document.contentType}};
        if (!document.key.empty()) shownDocument["key"] = document.key;
        if (!document.dealer.empty()) shownDocument["dealer"] = document.dealer;
        shownDocument["bytes"] = document.body.size(); // what is in them shows in the records
        out["documents"].push_back(std::move(shownDocument));
    }
    for (const auto& document : brought.documents)
        read(document.role, document.contentType, files, document.body, &instance, out);
}

Json CaseRunner::run(const CaseFiles& files, std::vector<std::string>& complaints) {
    Json out = Json::object();
    ScriptedHost host(files.exchanges, files.state, files.now);
    std::unique_ptr<Instance> instance;
    if (library_) {
        const auto checked = Instance::check(*library_, files.config);
        auto made = checked ? Instance::create(library_, files.config, host)
                            : Result<std::unique_ptr<Instance>>(checked.error());
        if (!made) {
            out["verdict"] = shown(Verdict{Status::Config, 0, made.error()});
            return out;
        }
        instance = std::move(made).value();
    } else if (files.call != CaseFiles::Call::Map) {
        complaints.push_back("the call needs the plugin's library, which is not there: build it first");
        return out;
    }
    switch (files.call) {
    case CaseFiles::Call::Authenticate:
        out["verdict"] = shown(instance->authenticate({files.metaJson, files.input}));
        break;
    case CaseFiles::Call::Decode: {
        const Decoded decoded = instance->decode(files.role, files.contentType, files.metaJson, files.input);
        out["verdict"] = shown(decoded.verdict);
        for (const auto& record : decoded.records)
            out["records"].push_back(Json::parse(record));
        break;
    }
    case CaseFiles::Call::Fetch:
        bring(instance->fetch(files.contentType, files.input), files, *instance, out);
        break;
    case CaseFiles::Call::Poll: bring(instance->poll(), files, *instance, out); break;
    case CaseFiles::Call::Map:
        read(files.role, files.contentType, files, files.input, instance.get(), out);
        break;
    }
    for (auto& difference : host.differences())
        complaints.push_back(std::move(difference));
    return out;
}

std::vector<std::string> differencesOf(const Json& expected, const Json& actual) {
    std::vector<std::string> lines;
    for (const auto& change : Json::diff(expected, actual)) {
        const auto path = change["path"].get<std::string>();
        const auto op = change["op"].get<std::string>();
        const Json::json_pointer pointer(path);
        std::string line = path + ": ";
        if (op == "remove")
            line += "is missing, expected " + expected[pointer].dump();
        else if (op == "add")
            line += "came " + change["value"].dump() + ", expected nothing";
        else
            line += "came " + change["value"].dump() + ", expected " + expected[pointer].dump();
        lines.push_back(std::move(line));
    }
    return lines;
}

// Compares with the expectation, or writes it.
void judge(const CaseFiles& files, const Json& outcome, bool update, std::vector<std::string>& complaints) {
    if (update && complaints.empty()) {
        std::ofstream file(files.expectedPath, std::ios::binary);
        file << outcome.dump(2) << '\n';
        file.close();
        if (!file) complaints.push_back("can not write " + files.expectedPath.string());
        return;
    }
    const auto text = readFile(files.expectedPath);
    if (!text) {
        complaints.push_back("there is no " + files.expectedPath.filename().string() +
                             "; --update writes it");
        return;
    }
    const auto expected = Json::parse(*text, nullptr, false);
    if (expected.is_discarded()) {
        complaints.push_back(files.expectedPath.filename().string() + " is not JSON");
        return;
    }
    for (auto& line : differencesOf(expected, outcome))
        complaints.push_back(std::move(line));
}

void report(CaseReport& all, const std::string& name, const std::vector<std::string>& complaints) {
    ++(complaints.empty() ? all.passed : all.failed);
    all.text += (complaints.empty() ? "ok    " : "FAIL  ") + name + '\n';
    for (const auto& complaint : complaints)
        all.text += "      " + complaint + '\n';
}

} // namespace

CaseReport runCases(const std::string& pluginDir, const std::string& libraryPath,
                    const std::string& mappingsDir, bool update) {
    CaseReport all;
    const auto stop = [&all](const std::string& reason) {
        report(all, "plugin", {reason});
        return all;
    };
    const auto source = readFile(fs::path(pluginDir) / "plugin.toml");
    if (!source) return stop("there is no plugin.toml in " + pluginDir);
    const auto manifest = readManifest(*source, "plugin.toml");
    if (!manifest) return stop(toml::describe(manifest.error()));
    std::shared_ptr<Library> library;
    if (!libraryPath.empty()) {
        const auto loaded = Library::load(fs::absolute(libraryPath).string());
        if (!loaded) return stop(describe(loaded.error()));
        library = *loaded;
        const Manifest& built = library->manifest();
        if (built.id != manifest->id || built.version != manifest->version ||
            built.capabilities != manifest->capabilities) {
            return stop("the library was built from another plugin.toml: build it again");
        }
    }
    const fs::path folder = fs::path(pluginDir) / "cases";
    const auto names = caseNames(folder);
    if (names.empty()) return stop("there is no case: put a payload into cases/NAME.in");
    if (!manifest->tryCase.empty() && !fs::exists(folder / (manifest->tryCase + ".in"))) {
        report(all, "plugin", {"try_case names " + manifest->tryCase + ", which is no case"});
    }
    CaseRunner runner(*manifest, library, mappingsDir);
    for (const auto& name : names) {
        std::vector<std::string> complaints;
        const auto files = readCase(folder, name, *manifest);
        if (files) {
            const Json outcome = runner.run(*files, complaints);
            judge(*files, outcome, update, complaints);
        } else {
            for (const auto& error : files.error())
                complaints.push_back(toml::describe(error));
        }
        report(all, name, complaints);
    }
    return all;
}

} // namespace trevo::plugin
