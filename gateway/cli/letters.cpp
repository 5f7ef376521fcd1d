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
    if (bytes.empty())
        throw Failure{kFailed,
                      phrase(context, "the corrected body is empty", "o conteúdo corrigido está vazio")};
    return bytes;
}

std::string reasonOf(const Context& context, const Json& letter) {
    const std::string field = textAt(letter, "/reason/field"), place = textAt(letter, "/reason/place");
    return textAt(letter, "/reason/code") + (field.empty() ? "" : phrase(context, " at ", " em ") + field) +
           (place.empty() ? "" : " (" + place + ")");
}

int listLetters(Context& context) {
    Gateway gateway(context);
    const std::string body =
        gateway.get("/v1/dead" + queryOf({{"integration", context.arguments.text("integration")},
                                          {"limit", context.arguments.text("limit")}}));
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    Table table(
        inPortuguese(context)
            ? std::vector<std::string>{"RECIBO", "RECEBIDO", "INTEGRAÇÃO", "ETAPA", "MOTIVO", "DETALHE"}
            : std::vector<std::string>{"RECEIPT", "RECEIVED", "INTEGRATION", "STAGE", "REASON", "DETAIL"});
    const Json page = parsed(body);
    for (const Json& letter : page.at("items"))
        table.row({textAt(letter, "/receipt"), shortTime(textAt(letter, "/received_at")),
                   textAt(letter, "/integration"), textAt(letter, "/reason/stage"), reasonOf(context, letter),
                   textAt(letter, "/reason/detail")});
    table.print(context.io.out);
    if (page.at("items").empty())
        context.io.err << phrase(context, "no dead letters\n", "nenhuma entrega com erro\n");
    if (!page.at("next").is_null())
        context.io.err << phrase(context, "there are more; see --limit and --integration\n",
                                 "há mais; veja --limit e --integration\n");
    return kDone;
}

int showLetter(Context& context) {
    Gateway gateway(context);
    const std::string body = gateway.get("/v1/dead/" + percentEncode(context.arguments.text("ID")));
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    const Json letter = parsed(body);
    const bool portuguese = inPortuguese(context);
    const auto line = [&](const char* label, const std::string& value) {
        context.io.out << label << plain(value) << '\n';
    };
    line(portuguese ? "recibo:      " : "receipt:     ", textAt(letter, "/receipt"));
    line(portuguese ? "integração:  " : "integration: ", textAt(letter, "/integration"));
    line(portuguese ? "recebido:    " : "received:    ", shortTime(textAt(letter, "/received_at")));
    line(portuguese ? "etapa:       " : "stage:       ", textAt(letter, "/reason/stage"));
    line(portuguese ? "motivo:      " : "reason:      ", reasonOf(context, letter));
    line("             ", textAt(letter, "/reason/detail"));
    line(portuguese ? "tipo:        " : "type:        ", textAt(letter, "/content_type"));
    context.io.out << '\n';
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
        throw Failure{kUsage, phrase(context, "name receipts, or all dead letters of one --integration",
                                     "informe recibos, ou todas as entregas com erro de uma --integration")};
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

struct Action {
    const char *name, *done, *feito; // in the API, and what was made of a letter
};

int forEach(Context& context, const Action& action, const std::string& body) {
    Gateway gateway(context);
    const auto ids = chosen(context, gateway);
    if (!body.empty() && ids.size() != 1)
        throw Failure{kUsage, phrase(context, "a corrected body belongs to exactly one receipt",
                                     "um conteúdo corrigido é de exatamente um recibo")};
    std::size_t changed = 0, failed = 0;
    if (!context.arguments.has("dry-run"))
        for (const auto& id : ids) {
            const auto response = gateway.ask("POST", "/v1/dead/" + percentEncode(id) + '/' + action.name,
                                              body, {{"Content-Type", "application/octet-stream"}});
            if (response.status == 200) {
                ++changed;
            } else {
                ++failed;
                context.io.err << "trevo: " << id << ": " << gateway.failureOf(response).message << '\n';
            }
        }
    if (context.arguments.json) {
        context.io.out << Json{{"matched", ids.size()}, {action.done, changed}, {"failed", failed}}.dump()
                       << '\n';
    } else if (context.arguments.has("dry-run")) {
        context.io.out << phrase(context, "{0} would be {1}\n", "{0} seriam {2}\n",
                                 {std::to_string(ids.size()), action.done, action.feito});
    } else {
        context.io.out << phrase(
            context, "{0} of {1} {2}\n", "{0} de {1} {3}\n",
            {std::to_string(changed), std::to_string(ids.size()), action.done, action.feito});
    }
    return failed == 0 ? kDone : kFailed;
}

int retry(Context& context) {
    const bool corrected = context.arguments.has("body");
    return forEach(context, {"retry", "retried", "reprocessadas"},
                   corrected ? correctedBody(context) : std::string{});
}

int drop(Context& context) {
    return forEach(context, {"drop", "dropped", "descartadas"}, {});
}

int replay(Context& context) {
    Gateway gateway(context);
    Json filter = Json::object();
    for (const char* name : {"integration", "state", "since", "until"})
        if (context.arguments.has(name)) filter[name] = context.arguments.text(name);
    if (context.arguments.has("ID")) filter["receipts"] = context.arguments.all("ID");
    if (filter.empty())
        throw Failure{kUsage,
                      phrase(context, "a replay needs receipts, --integration, --state, --since or --until",
                             "informe recibos, --integration, --state, --since ou --until")};
    filter["dry_run"] = context.arguments.has("dry-run");
    const Json answer = parsed(gateway.post("/v1/replay", filter.dump()));
    if (context.arguments.json) {
        context.io.out << answer.dump() << '\n';
    } else if (context.arguments.has("dry-run")) {
        context.io.out << phrase(context, "{0} would be replayed\n", "{0} seriam reprocessadas\n",
                                 {textAt(answer, "/matched")});
    } else {
        context.io.out << phrase(context, "{0} of {1} replayed\n", "{0} de {1} reprocessadas\n",
                                 {textAt(answer, "/replayed"), textAt(answer, "/matched")});
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
         listLetters},
        {"dead show", "Shows a dead letter with its raw body", {{"ID", "Receipt."}}, {}, showLetter},
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
