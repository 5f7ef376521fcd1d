// dead letters and replay.
#include "cli/files.hpp"
#include "cli/gateway.hpp"
#include "cli/output.hpp"
#include "cli/tree.hpp"

#include "base/hash.hpp"
#include "base/percent.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;

std::string correctedBody(const Context& context) {
    std::string bytes = readFile(context.arguments.text("body"));
    if (bytes.empty()) throw Failure{kFailed, "the corrected body is empty"};
    return bytes;
}

std::string reasonOf(const Json& letter) {
    const std::string field = textAt(letter, "/reason/field"), place = textAt(letter, "/reason/place");
    return textAt(letter, "/reason/code") + (field.empty() ? "" : " at " + field) +
           (place.empty() ? "" : " (" + place + ")");
}

int list(Context& context) {
    Gateway gateway(context);
    const std::string body =
        gateway.get("/v1/dead" + queryOf({{"integration", context.arguments.text("integration")},
                                          {"limit", context.arguments.text("limit")}}));
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    Table table({"RECEIPT", "RECEIVED", "INTEGRATION", "STAGE", "REASON", "DETAIL"});
    const Json page = parsed(body);
    for (const Json& letter : page.at("items"))
        table.row({textAt(letter, "/receipt"), shortTime(textAt(letter, "/received_at")),
                   textAt(letter, "/integration"), textAt(letter, "/reason/stage"), reasonOf(letter),
                   textAt(letter, "/reason/detail")});
    table.print(context.io.out);
    if (page.at("items").empty()) context.io.err << "no dead letters\n";
    if (!page.at("next").is_null()) context.io.err << "there are more; see --limit and --integration\n";
    return kDone;
}

int show(Context& context) {
    Gateway gateway(context);
    const std::string body = gateway.get("/v1/dead/" + percentEncode(context.arguments.text("ID")));
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    const Json letter = parsed(body);
    context.io.out << "receipt:     " << textAt(letter, "/receipt")
                   << "\nintegration: " << plain(textAt(letter, "/integration"))
                   << "\nreceived:    " << shortTime(textAt(letter, "/received_at"))
                   << "\nstage:       " << plain(textAt(letter, "/reason/stage"))
                   << "\nreason:      " << plain(reasonOf(letter)) << "\n             "
                   << plain(textAt(letter, "/reason/detail"))
                   << "\ntype:        " << plain(textAt(letter, "/content_type")) << "\n\n";
    const std::string text = textAt(letter, "/body");
    if (textAt(letter, "/body_encoding") == "base64") {
        context.io.out << fromBase64(text).value_or("") << '\n';
    } else {
        context.io.out << text << '\n';
    }
    return kDone;
}

// The receipts that a batch names: those typed, or every dead letter of --integration.
std::vector<std::string> chosen(Context& context, Gateway& gateway) {
    std::vector<std::string> ids = context.arguments.all("ID");
    const std::string integration = context.arguments.text("integration");
    if (ids.empty() == integration.empty())
        throw Failure{kUsage, "name receipts, or all dead letters of one --integration"};
    std::string target;
    if (!integration.empty())
        target = "/v1/dead" + queryOf({{"integration", integration}, {"limit", "1000"}});
    while (!target.empty()) {
        const Json page = parsed(gateway.get(target));
        for (const Json& letter : page.at("items"))
            ids.push_back(textAt(letter, "/receipt"));
        target = textAt(page, "/next");
    }
    return ids;
}

int forEach(Context& context, const std::string& action, const std::string& done, const std::string& body) {
    Gateway gateway(context);
    const auto ids = chosen(context, gateway);
    if (!body.empty() && ids.size() != 1)
        throw Failure{kUsage, "a corrected body belongs to exactly one receipt"};
    std::size_t changed = 0, failed = 0;
    if (!context.arguments.has("dry-run"))
        for (const auto& id : ids) {
            const auto response = gateway.ask("POST", "/v1/dead/" + percentEncode(id) + '/' + action, body,
                                              {{"Content-Type", "application/octet-stream"}});
            if (response.status == 200) {
                ++changed;
            } else {
                ++failed;
                context.io.err << "trevo: " << id << ": " << gateway.failureOf(response).message << '\n';
            }
        }
    if (context.arguments.json) {
        context.io.out << Json{{"matched", ids.size()}, {done, changed}, {"failed", failed}}.dump() << '\n';
    } else if (context.arguments.has("dry-run")) {
        context.io.out << ids.size() << " would be " << done << '\n';
    } else {
        context.io.out << changed << " of " << ids.size() << ' ' << done << '\n';
    }
    return failed == 0 ? kDone : kFailed;
}

int retry(Context& context) {
    const bool corrected = context.arguments.has("body");
    return forEach(context, "retry", "retried", corrected ? correctedBody(context) : std::string{});
}

int drop(Context& context) {
    return forEach(context, "drop", "dropped", {});
}

int replay(Context& context) {
    Gateway gateway(context);
    Json filter = Json::object();
    for (const char* name : {"integration", "state", "since", "until"})
        if (context.arguments.has(name)) filter[name] = context.arguments.text(name);
    if (context.arguments.has("ID")) filter["receipts"] = context.arguments.all("ID");
    if (filter.empty())
        throw Failure{kUsage, "a replay needs receipts, --integration, --state, --since or --until"};
    filter["dry_run"] = context.arguments.has("dry-run");
    const Json answer = parsed(gateway.post("/v1/replay", filter.dump()));
    if (context.arguments.json) {
        context.io.out << answer.dump() << '\n';
    } else if (context.arguments.has("dry-run")) {
        context.io.out << textAt(answer, "/matched") << " would be replayed\n";
    } else {
        context.io.out << textAt(answer, "/replayed") << " of " << textAt(answer, "/matched")
                       << " replayed\n";
    }
    return kDone;
}

} // namespace

std::vector<Command> letterCommands() {
    const Positional receipts{"ID", "Receipts.", false, true};
    const Option integration{"--integration", "ID", "Those of this integration.", {}};
    const Option dryRun{"--dry-run", "", "Changes nothing; prints how many it would be.", {}};
    return {
        {"dead list",
         "Lists dead letters with their reasons, newest first",
         {},
         {integration, {"--limit", "N", "Rows at most, up to 1000; 50 when absent.", {}}},
         list},
        {"dead show", "Shows a dead letter with its raw body", {{"ID", "Receipt."}}, {}, show},
        {"dead retry",
         "Puts dead letters to work again",
         {receipts},
         {integration, {"--body", "FILE", "Corrected bytes for the one receipt named.", {}}, dryRun},
         retry},
        {"dead drop", "Gives dead letters up", {receipts}, {integration, dryRun}, drop},
        {"replay",
         "Decodes stored deliveries again with the present mappings",
         {receipts},
         {integration,
          {"--state", "STATE", "Only in this state.", {"done", "dead"}},
          {"--since", "TIME", "Received at or after this time.", {}},
          {"--until", "TIME", "Received before this time.", {}},
          dryRun},
         replay},
    };
}

} // namespace trevo::cli
