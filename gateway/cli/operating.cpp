// Running the gateway: status, the event feed, people, integrations, tokens.
#include "cli/gateway.hpp"
#include "cli/output.hpp"
#include "cli/tree.hpp"

#include "base/percent.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;

void printIntegrations(Context& context, const Json& items) {
    Table table(inPortuguese(context)
                    ? std::vector<std::string>{"INTEGRAÇÃO", "PLUGIN", "ESTADO", "LOJAS", "ÚLTIMA ENTREGA",
                                               "PRÓXIMA CONSULTA", "PROBLEMA"}
                    : std::vector<std::string>{"INTEGRATION", "PLUGIN", "STATE", "DEALERS", "LAST DELIVERY",
                                               "NEXT POLL", "PROBLEM"});
    for (const Json& item : items)
        table.row({textAt(item, "/id"), textAt(item, "/plugin"), textAt(item, "/state"),
                   joined(item.at("dealers")), shortTime(textAt(item, "/last_delivery")),
                   shortTime(textAt(item, "/next_poll")), textAt(item, "/last_problem")});
    table.print(context.io.out);
}

int status(Context& context) {
    Gateway gateway(context);
    const std::string body = gateway.get("/v1/status");
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    const Json answer = parsed(body);
    context.io.out << phrase(context, "trevod {0}, since {1}, ", "trevod {0}, desde {1}, ",
                             {plain(textAt(answer, "/daemon/version")),
                              shortTime(textAt(answer, "/daemon/started_at"))})
                   << bold(context, answer.at("ready").get<bool>()
                                        ? phrase(context, "ready", "pronto")
                                        : phrase(context, "NOT READY", "NÃO ESTÁ PRONTO"))
                   << '\n';
    for (const Json& reason : answer.at("reasons"))
        context.io.out << "  " << plain(reason.get<std::string>()) << '\n';
    context.io.out << phrase(context, "store: {0} records, {1} people, {2} negotiations\n",
                             "base: {0} registros, {1} clientes, {2} negociações\n",
                             {textAt(answer, "/store/records"), textAt(answer, "/store/people"),
                              textAt(answer, "/store/negotiations")})
                   << phrase(context, "journal: {0} waiting (oldest {1} s), {2} dead letters, {3}\n\n",
                             "diário: {0} na fila (o mais antigo há {1} s), {2} entregas com erro, {3}\n\n",
                             {textAt(answer, "/journal/ready"),
                              textAt(answer, "/journal/oldest_ready_seconds"),
                              textAt(answer, "/journal/dead"),
                              answer.at("/journal/accepting"_json_pointer).get<bool>()
                                  ? phrase(context, "accepting", "recebendo")
                                  : phrase(context, "NOT ACCEPTING", "NÃO RECEBE")});
    printIntegrations(context, answer.at("integrations"));
    return kDone;
}

int integrations(Context& context) {
    Gateway gateway(context);
    const std::string body = gateway.get("/v1/integrations");
    if (context.arguments.json) {
        context.io.out << body << '\n';
    } else {
        printIntegrations(context, parsed(body).at("items"));
    }
    return kDone;
}

// Cuts an event stream into frames; what is after the last blank line waits for the next bytes.
class Frames {
  public:
    template <class OnFrame>
    void take(std::string_view bytes, OnFrame onFrame) {
        waiting_ += bytes;
        std::size_t from = 0;
        for (std::size_t end = 0; (end = waiting_.find("\n\n", from)) != std::string::npos; from = end + 2)
            onFrame(std::string_view(waiting_).substr(from, end - from));
        waiting_.erase(0, from);
    }

  private:
    std::string waiting_;
};

std::string_view fieldOf(std::string_view frame, std::string_view name) {
    for (std::size_t from = 0; from < frame.size();) {
        const std::size_t end = std::min(frame.find('\n', from), frame.size());
        const std::string_view line = frame.substr(from, end - from);
        from = end + 1;
        if (line.starts_with(name) && line.substr(name.size()).starts_with(": "))
            return line.substr(name.size() + 2);
    }
    return {};
}

int tail(Context& context) {
    const std::int64_t wanted = context.arguments.number("count", 0);
    Gateway gateway(context);
    std::string after = context.arguments.text("after");
    if (after.empty()) after = textAt(parsed(gateway.get("/v1/status")), "/store/last_event");
    std::int64_t seen = 0;
    // A stream that ends (a restart, a network gap) is taken up where it ended, as long as it brings
    // anything.
    for (bool heard = true; heard;) {
        heard = false;
        Frames frames;
        const auto onBody = [&](const char* data, std::size_t size) {
            heard = true;
            frames.take({data, size}, [&](std::string_view frame) {
                if (const auto id = fieldOf(frame, "id"); !id.empty()) after = id;
                const auto payload = fieldOf(frame, "data");
                if (payload.empty() || (wanted > 0 && seen >= wanted)) return;
                ++seen;
                if (context.arguments.json) {
                    context.io.out << payload << '\n';
                    return;
                }
                const Json event = parsed(std::string(payload));
                context.io.out << shortTime(textAt(event, "/at")) << "  " << textAt(event, "/sequence")
                               << "  " << plain(textAt(event, "/type")) << "  "
                               << plain(textAt(event, "/subject")) << "  " << plain(textAt(event, "/dealer"))
                               << '\n';
            });
            context.io.out.flush();
            return bool(context.io.out) && (wanted == 0 || seen < wanted);
        };
        const std::string target =
            "/v1/events" + queryOf({{"after", after}, {"dealer", context.arguments.text("dealer")}});
        try {
            gateway.stream(target, {{"Accept", "text/event-stream"}, {"Last-Event-ID", after}}, onBody);
        } catch (const Failure&) {
            if (!heard) throw;
        }
        if (!context.io.out || (wanted > 0 && seen >= wanted)) return kDone;
    }
    return kDone;
}

int merge(Context& context) {
    Gateway gateway(context);
    Json body{{"with", context.arguments.text("OTHER")}};
    if (context.arguments.has("reason")) body["reason"] = context.arguments.text("reason");
    return say(
        context,
        gateway.post("/v1/people/" + percentEncode(context.arguments.text("ID")) + "/merge", body.dump()),
        [&](const Json& answer) {
            return phrase(context, "{0} is now part of {1}; undo it with 'trevo unmerge {0}'",
                          "{0} agora faz parte de {1}; para desfazer, use 'trevo unmerge {0}'",
                          {textAt(answer, "/merged_id"), textAt(answer, "/person_id")});
        });
}

int unmerge(Context& context) {
    Gateway gateway(context);
    Json body = Json::object();
    if (context.arguments.has("reason")) body["reason"] = context.arguments.text("reason");
    return say(
        context,
        gateway.post("/v1/people/" + percentEncode(context.arguments.text("ID")) + "/unmerge", body.dump()),
        [&](const Json& answer) {
            return phrase(context, "these are two people again: {0}", "voltaram a ser dois clientes: {0}",
                          {joined(answer.at("person_ids"))});
        });
}

int poll(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("INTEGRATION");
    return say(context, gateway.post("/v1/integrations/" + percentEncode(id) + "/poll", "{}"),
               [&](const Json&) {
                   return phrase(context, "polling {0} now; follow it with 'trevo tail'",
                                 "consultando {0} agora; acompanhe com 'trevo tail'", {id});
               });
}

int pause(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("INTEGRATION");
    return say(
        context, gateway.post("/v1/integrations/" + percentEncode(id) + "/pause", "{}"), [&](const Json&) {
            return phrase(
                context, "{0} is not asked until 'trevo integrations resume {0}'; what it sends is taken",
                "{0} não será consultada até 'trevo integrations resume {0}'; o que ela envia é recebido",
                {id});
        });
}

int resume(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("INTEGRATION");
    return say(context, gateway.post("/v1/integrations/" + percentEncode(id) + "/resume", "{}"),
               [&](const Json&) {
                   return phrase(context, "{0} is asked again, beginning now",
                                 "{0} volta a ser consultada, a partir de agora", {id});
               });
}

int tryOut(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("INTEGRATION");
    return say(context, gateway.post("/v1/integrations/" + percentEncode(id) + "/try", "{}"),
               [&](const Json& answer) {
                   return phrase(context, "the sample case was taken; follow it with 'trevo trace {0}'",
                                 "o exemplo foi recebido; acompanhe com 'trevo trace {0}'",
                                 {textAt(answer, "/receipt")});
               });
}

int createToken(Context& context) {
    Gateway gateway(context);
    Json body{{"name", context.arguments.text("NAME")}, {"scopes", context.arguments.all("scope")}};
    if (!context.arguments.has("scope"))
        throw Failure{kUsage,
                      phrase(context, "a token needs a --scope: records:write, read, operate or admin",
                             "um token precisa de --scope: records:write, read, operate ou admin")};
    if (context.arguments.has("dealer")) body["dealers"] = context.arguments.all("dealer");
    if (context.arguments.has("expires")) body["expires_at"] = context.arguments.text("expires");
    const std::string answer = gateway.post("/v1/tokens", body.dump());
    if (context.arguments.json) {
        context.io.out << answer << '\n';
    } else {
        context.io.out << textAt(parsed(answer), "/token") << '\n';
        context.io.err << phrase(context, "This is the only time it is shown. Its id is {0}.\n",
                                 "Ele só é mostrado desta vez. O id é {0}.\n",
                                 {textAt(parsed(answer), "/id")});
    }
    return kDone;
}

int listTokens(Context& context) {
    Gateway gateway(context);
    const std::string body = gateway.get("/v1/tokens");
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    Table table(inPortuguese(context) ? std::vector<std::string>{"TOKEN", "NOME", "PERMISSÕES", "LOJAS",
                                                                 "CRIADO", "EXPIRA", "REVOGADO"}
                                      : std::vector<std::string>{"TOKEN", "NAME", "SCOPES", "DEALERS",
                                                                 "CREATED", "EXPIRES", "REVOKED"});
    const Json answer = parsed(body);
    for (const Json& item : answer.at("items"))
        table.row({textAt(item, "/id"), textAt(item, "/name"), joined(item.at("scopes")),
                   item.at("dealers").empty() ? phrase(context, "all", "todas") : joined(item.at("dealers")),
                   shortTime(textAt(item, "/created_at")), shortTime(textAt(item, "/expires_at")),
                   shortTime(textAt(item, "/revoked_at"))});
    table.print(context.io.out);
    return kDone;
}

int revokeToken(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("ID");
    return say(context, gateway.remove("/v1/tokens/" + percentEncode(id)), [&](const Json&) {
        return phrase(context, "token {0} is revoked", "o token {0} foi revogado", {id});
    });
}

} // namespace

std::vector<Command> operatingCommands() {
    const Option reason{"--reason", "TEXT", "Kept with the decision.", {}};
    const Positional integration{"INTEGRATION", "Id of an integration."};
    return {
        {"status", "Shows the daemon at a glance", {}, {}, status},
        {"tail",
         "Follows the change feed as it grows",
         {},
         {{"--after", "SEQUENCE", "Begin behind this event; the newest when absent.", {}},
          {"--dealer", "ID", "Only of this dealer.", {}},
          {"--count", "N", "Stop after so many events.", {}}},
         tail},
        {"merge",
         "Makes one person part of another; unmerge undoes it",
         {{"ID", "Person that stays."}, {"OTHER", "Person that becomes part of it."}},
         {reason},
         merge},
        {"unmerge",
         "Undoes the latest merge of a person, for good",
         {{"ID", "Either of the two."}},
         {reason},
         unmerge},
        {"integrations list", "Lists the integrations and how they fare", {}, {}, integrations},
        {"integrations pause",
         "Stops asking a partner until it is resumed, across restarts; what it sends is taken",
         {integration},
         {},
         pause},
        {"integrations resume", "Asks a partner again, at once", {integration}, {}, resume},
        {"poll", "Asks a partner now instead of at the next interval", {integration}, {}, poll},
        {"try",
         "Sends the plugin's sample case through the live path, marked as a trial",
         {integration},
         {},
         tryOut},
        {"token create",
         "Makes an access token and prints it, once",
         {{"NAME", "What it is for."}},
         {{"--scope",
           "SCOPE",
           "What it may do; may be repeated.",
           {"records:write", "read", "operate", "admin"},
           true},
          {"--dealer", "ID", "Limits it to this dealer; may be repeated.", {}, true},
          {"--expires", "TIME", "When it ends.", {}}},
         createToken},
        {"token list", "Lists the access tokens, without their secret", {}, {}, listTokens},
        {"token revoke",
         "Revokes an access token at once",
         {{"ID", "Id of the token, 't_…'."}},
         {},
         revokeToken},
    };
}

} // namespace trevo::cli
