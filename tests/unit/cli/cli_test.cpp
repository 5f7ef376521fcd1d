#include "cli/command.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <sstream>

using namespace trevo;
using namespace trevo::cli;
using Json = nlohmann::json;

namespace {

struct Ran {
    int code = 0;
    std::string out, err;
    std::vector<net::HttpRequest> asked;
};

using Answers = std::vector<std::pair<std::string, net::HttpResponse>>; // by method and target

// Runs a command line against a gateway that knows these answers; any other request is refused as
// unreachable.
Ran run(std::vector<std::string> words, const Answers& answers = {},
        std::map<std::string, std::string> environment = {{"TREVO_URL", "http://gate"},
                                                          {"TREVO_TOKEN", "trv_x"}}) {
    std::ostringstream out, err;
    Ran ran;
    const auto answer = [&](const net::HttpRequest& request) -> net::HttpResponse {
        ran.asked.push_back(request);
        const std::string target = request.url.substr(request.url.find('/', 7));
        for (const auto& [key, response] : answers)
            if (key == request.method + ' ' + target) return response;
        return {0, {}, "", "connection refused"};
    };
    Surroundings io{out,
                    err,
                    false,
                    [&](const std::string& name) -> std::optional<std::string> {
                        const auto found = environment.find(name);
                        return found == environment.end() ? std::nullopt : std::optional(found->second);
                    },
                    answer,
                    [&](const net::HttpRequest& request, const Surroundings::OnBody& onBody) {
                        auto response = answer(request);
                        for (const char c : response.body) // byte by byte: frames are cut anywhere
                            if (!onBody(&c, 1)) break;
                        return response;
                    }};
    std::vector<const char*> argv{"trevo"};
    for (const auto& word : words)
        argv.push_back(word.c_str());
    ran.code = cli::run(static_cast<int>(argv.size()), argv.data(), io);
    ran.out = out.str();
    ran.err = err.str();
    return ran;
}

net::HttpResponse ok(std::string body) {
    return {200, {}, std::move(body), ""};
}

std::vector<std::string> split(const std::string& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
}

} // namespace

TEST_CASE("every command has help, a place in the man page and one in the completion") {
    const std::string man = manPage(), completion = bashCompletion();
    for (const Command& command : commands()) {
        INFO(command.path);
        auto words = split(command.path);
        words.push_back("--help");
        const auto ran = run(words);
        CHECK(ran.code == kDone);
        CHECK(ran.out.find(command.summary.substr(0, 20)) != std::string::npos);
        std::string heading;
        for (const char c : command.path)
            heading += c == '-' ? std::string("\\-") : std::string(1, c);
        CHECK(man.find(".SS trevo " + heading) != std::string::npos);
        CHECK(completion.find('\'' + command.path + "')") != std::string::npos);
        for (const Option& option : command.options)
            CHECK(completion.find(option.name) != std::string::npos);
    }
}

TEST_CASE("what is not understood is exit code 2 and says so") {
    const std::pair<std::vector<std::string>, const char*> rows[] = {
        {{}, "subcommand"},
        {{"recrods", "list"}, "did you mean 'records'"},
        {{"records", "lits"}, "did you mean 'records list'"},
        {{"records", "list", "--limt", "3"}, "--limt"},
        {{"records", "show"}, "ID"},
        {{"export", "records", "--format", "xml"}, "xml"},
        {{"token", "create", "crm"}, "--scope"},
        {{"token", "create", "crm", "--scope", "all"}, "all"},
        {{"dead", "retry"}, "--integration"},
        {{"dead", "drop", "a", "--integration", "olx"}, "--integration"},
        {{"replay"}, "--state"},
        {{"explain", "r1", "--lang", "fr"}, "fr"},
        {{"tail", "--count", "few"}, "whole number"},
    };
    for (const auto& [words, says] : rows) {
        const auto ran = run(words);
        INFO(says << '\n' << ran.err);
        CHECK(ran.code == kUsage);
        CHECK(ran.err.find(says) != std::string::npos);
        CHECK(ran.out.empty());
    }
}

TEST_CASE("a refusal of the API is a sentence with field and place, and a broken storage is exit code 70") {
    const std::string problem =
        R"({"status":400,"code":"bad_parameter","title":"Bad Request","detail":"Expected a time.",)"
        R"("errors":[{"code":"bad_parameter","field":"since","place":"query","detail":"Expected a time."}]})";
    const auto refused = run({"people", "show", "p1"}, {{"GET /v1/people/p1", {400, {}, problem, ""}}});
    CHECK(refused.code == kFailed);
    CHECK(refused.err == "trevo: Expected a time.\n  since (query)\n");
    const auto json =
        run({"people", "show", "p1", "--json"}, {{"GET /v1/people/p1", {400, {}, problem, ""}}});
    CHECK(Json::parse(json.err)["code"] == "bad_parameter");
    CHECK(json.out.empty());
    const auto broken =
        run({"status"}, {{"GET /v1/status", {500, {}, R"({"code":"storage_failed","detail":"x"})", ""}}});
    CHECK(broken.code == kStorageBroken);
}

TEST_CASE("a gateway that does not run is told in one line with what to do") {
    const auto remote = run({"status"});
    CHECK(remote.code == kFailed);
    CHECK(remote.err == "trevo: no answer from http://gate: connection refused\n");
    const std::string config = std::string(TREVO_SOURCE_DIR) + "/tests/unit/cli/nobody.toml";
    const auto local = run({"status", "--config", config}, {}, {});
    CHECK(local.code == kFailed);
    CHECK(local.err.find("trevod does not run") != std::string::npos);
    CHECK(local.err.find("nobody-is-here/trevo.sock") != std::string::npos);
    CHECK(local.err.find(config) != std::string::npos);
    CHECK(std::count(local.err.begin(), local.err.end(), '\n') == 1);
    CHECK(local.asked.at(0).unixSocket.ends_with("nobody-is-here/trevo.sock"));
    CHECK(run({"status", "--config", "/nowhere.toml"}, {}, {}).code == kFailed);
}

TEST_CASE("with --json every answer is JSON on the standard output") {
    const Answers answers = {
        {"GET /v1/records?order=newest&limit=50", ok(R"({"items":[],"next":null})")},
        {"GET /v1/people/p1", ok(R"({"id":"p1"})")},
        {"GET /v1/status", ok(R"({"ready":true})")},
        {"GET /v1/dead", ok(R"({"items":[],"next":null})")},
        {"POST /v1/replay", ok(R"({"matched":3,"replayed":3,"dry_run":false})")},
        {"POST /v1/dead/a/retry", ok(R"({"receipt":"a","state":"ready"})")},
        {"GET /v1/explain/r1", ok(R"({"id":"r1","kind":"record","decisions":[]})")},
        {"GET /v1/tokens", ok(R"({"items":[]})")},
        {"POST /v1/people/p1/merge", ok(R"({"person_id":"p1","merged_id":"p2"})")},
    };
    for (const char* line : {"records list", "people show p1", "status", "dead list", "replay --state done",
                             "dead retry a", "dead drop a b --dry-run", "explain r1", "token list",
                             "merge p1 p2", "plugin list --plugins /nowhere", "config check /nowhere.toml"}) {
        INFO(line);
        auto words = split(line);
        words.emplace_back("--json");
        const auto ran = run(words, answers);
        INFO(ran.err);
        CHECK_FALSE(Json::parse(ran.out, nullptr, false).is_discarded());
    }
}

TEST_CASE("lists are short tables, and terminal control characters of a customer stay out") {
    const auto ran =
        run({"people", "list"},
            {{"GET /v1/people?order=newest&limit=50",
              ok(R"({"items":[{"id":"p1","last_seen":"2026-11-22T10:00:00Z","records":2,"negotiations":1,)"
                 R"("customer":{"name":"Zoë \u001b[2J Lima"}}],"next":null})")}});
    CHECK(ran.out == "PERSON  LAST SEEN             RECORDS  NEGOTIATIONS  NAME\n"
                     "p1      2026-11-22 10:00:00Z  2        1             Zoë  [2J Lima\n");
}

TEST_CASE("an export follows the pages to the end, line by line or as a spreadsheet that runs nothing") {
    const Answers answers = {
        {"GET /v1/records?order=oldest&limit=1000",
         {200,
          {{"link", "</v1/records?cursor=MQ>; rel=\"next\""}},
          "{\"record_id\":\"r1\",\"external_id\":\"=1+1\"}\n",
          ""}},
        {"GET /v1/records?cursor=MQ", ok("{\"record_id\":\"r2\",\"record\":{\"customer\":{\"name\":\"Lima, "
                                         "\\\"Zoë\\\"\",\"phones\":[\"+5511998765432\"]}}}\n")}};
    const auto lines = run({"export", "records"}, answers);
    CHECK(lines.code == kDone);
    CHECK(std::count(lines.out.begin(), lines.out.end(), '\n') == 2);
    CHECK(lines.asked.at(0).headers.at(0).second == "application/x-ndjson");
    const auto csv = run({"export", "records", "--format", "csv"}, answers);
    CHECK(csv.out.find("record_id,kind,integration,external_id") == 0);
    CHECK(csv.out.find("r1,,,'=1+1,") != std::string::npos);
    CHECK(csv.out.find("\"Lima, \"\"Zoë\"\"\",,+5511998765432") != std::string::npos);
    CHECK(run({"export", "records"}).code == kFailed);
}

TEST_CASE("tail prints each event of the stream once and goes on where a broken stream ended") {
    const std::string first = "id: 8\nevent: record.created\ndata: "
                              "{\"sequence\":8,\"type\":\"record.created\",\"subject\":\"r1\"}\n\n"
                              ": still here\n\nid: 9\n\n";
    const auto ran = run({"tail", "--after", "7", "--json"}, {{"GET /v1/events?after=7", ok(first)}});
    CHECK(ran.out == "{\"sequence\":8,\"type\":\"record.created\",\"subject\":\"r1\"}\n");
    REQUIRE(ran.asked.size() == 2);
    CHECK(ran.asked[1].url == "http://gate/v1/events?after=9");
    CHECK(run({"tail", "--after", "7", "--count", "1"}, {{"GET /v1/events?after=7", ok(first)}}).code ==
          kDone);
}

TEST_CASE("explain shows the waterfall in the language asked for") {
    const std::string body =
        R"({"id":"r1","kind":"record","decisions":[{"number":1,"kind":"assign","record_id":"r1","person_id":"p1",)"
        R"("at":"2026-11-22T10:00:00Z","actor":"system","model":"1","evidence":{"zone":"link","candidates":[)"
        R"({"person":"p1","score":5.5,"evidence":[{"feature":"phone_equal","weight":4.5,"note":"seen with 3 people"},)"
        R"({"feature":"name_different","weight":-1}],"guards":["two_valid_documents"]}]}}]})";
    const Answers answers = {{"GET /v1/explain/r1", ok(body)}};
    const auto english = run({"explain", "r1"}, answers);
    CHECK(english.out.find("+4.50  +++++++++") != std::string::npos);
    CHECK(english.out.find("phone_equal") != std::string::npos);
    CHECK(english.out.find("same phone (seen with 3 people)") != std::string::npos);
    CHECK(run({"explain", "--lang", "pt", "r1"}, answers).out.find("mesmo telefone (visto com 3 clientes)") !=
          std::string::npos);
    CHECK(run({"explain", "r1"}, answers, {{"TREVO_URL", "http://gate"}, {"LANG", "pt_BR.UTF-8"}})
              .out.find("impedido") != std::string::npos);
}

TEST_CASE("people are answered in the language of their environment or of --lang, programs in English") {
    const std::string status =
        R"({"daemon":{"version":"1","started_at":"2026-11-22T10:00:00Z"},"ready":true,"reasons":[],)"
        R"("store":{"records":3,"people":2,"negotiations":1},)"
        R"("journal":{"ready":0,"oldest_ready_seconds":0,"dead":4,"accepting":true},"integrations":[]})";
    const Answers answers = {
        {"GET /v1/status", ok(status)},
        {"GET /v1/dead", ok(R"({"items":[],"next":null})")},
        {"GET /v1/people?order=newest&limit=50",
         ok(R"({"items":[{"id":"p1","customer":{"name":"Ana"}}],"next":null})")},
        {"POST /v1/people/p1/merge", ok(R"({"person_id":"p1","merged_id":"p2"})")},
        {"POST /v1/people/p2/unmerge", ok(R"({"person_ids":["p1","p2"]})")},
    };
    struct Row {
        std::vector<std::string> words;
        const char *english, *portuguese;
    };
    for (const auto& row : {
             Row{{"status"}, "3 records, 2 people", "3 registros, 2 clientes"},
             Row{{"dead", "list"}, "no dead letters", "nenhuma entrega com erro"},
             Row{{"people", "list"}, "NEGOTIATIONS", "NEGOCIAÇÕES"},
             Row{{"merge", "p1", "p2"}, "p2 is now part of p1", "p2 agora faz parte de p1"},
             Row{{"unmerge", "p2"}, "two people again: p1, p2", "voltaram a ser dois clientes: p1, p2"},
             Row{{"records", "list"}, "no answer from", "sem resposta de"},
         }) {
        CAPTURE(row.english);
        const auto said = [&](std::vector<std::string> more, const char* locale) {
            auto words = row.words;
            words.insert(words.end(), more.begin(), more.end());
            const auto ran = run(words, answers, {{"TREVO_URL", "http://gate"}, {"LANG", locale}});
            return ran.out + ran.err;
        };
        CHECK(said({}, "en_US.UTF-8").find(row.english) != std::string::npos);
        CHECK(said({}, "pt_BR.UTF-8").find(row.portuguese) != std::string::npos);
        CHECK(said({"--lang", "pt"}, "C").find(row.portuguese) != std::string::npos);
        CHECK(said({"--lang", "en"}, "pt_BR.UTF-8").find(row.english) != std::string::npos);
        CHECK(said({"--json"}, "pt_BR.UTF-8").find(row.portuguese) == std::string::npos);
    }
}

TEST_CASE("a new token is the only word on the standard output") {
    const auto ran =
        run({"token", "create", "crm", "--scope", "read", "--scope", "records:write", "--dealer", "sul"},
            {{"POST /v1/tokens", {201, {}, R"({"token":"trv_secret","id":"t_1"})", ""}}});
    CHECK(ran.code == kDone);
    CHECK(ran.out == "trv_secret\n");
    const Json body = Json::parse(ran.asked.at(0).body);
    CHECK(body["scopes"] == Json::parse(R"(["read","records:write"])"));
    CHECK(body["dealers"] == Json::parse(R"(["sul"])"));
}
