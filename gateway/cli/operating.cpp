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
    Table table({"INTEGRATION", "PLUGIN", "STATE", "DEALERS", "LAST DELIVERY", "NEXT POLL", "PROBLEM"});
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
    context.io.out << "trevod " << plain(textAt(answer, "/daemon/version")) << ", since "
                   << shortTime(textAt(answer, "/daemon/started_at")) << ", "
                   << bold(context, answer.at("ready").get<bool>() ? "ready" : "NOT READY") << '\n';
    for (const Json& reason : answer.at("reasons"))
        context.io.out << "  " << plain(reason.get<std::string>()) << '\n';
    context.io.out << "store: " << textAt(answer, "/store/records") << " records, "
                   << textAt(answer, "/store/people") << " people, " << textAt(answer, "/store/negotiations")
                   << " negotiations\njournal: " << textAt(answer, "/journal/ready") << " waiting (oldest "
                   << textAt(answer, "/journal/oldest_ready_seconds") << " s), "
                   << textAt(answer, "/journal/dead") << " dead letters, "
                   << (answer.at("/journal/accepting"_json_pointer).get<bool>() ? "accepting"
                                                                                : "NOT ACCEPTING")
                   << "\n\n";
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
        [](const Json& answer) {
            return textAt(answer, "/merged_id") + " is now part of " + textAt(answer, "/person_id") +
                   "; undo it with 'trevo unmerge " + textAt(answer, "/merged_id") + "'";
        });
}

int unmerge(Context& context) {
    Gateway gateway(context);
    Json body = Json::object();
    if (context.arguments.has("reason")) body["reason"] = context.arguments.text("reason");
    return say(
        context,
        gateway.post("/v1/people/" + percentEncode(context.arguments.text("ID")) + "/unmerge", body.dump()),
        [](const Json& answer) { return "these are two people again: " + joined(answer.at("person_ids")); });
}

int poll(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("INTEGRATION");
    return say(context, gateway.post("/v1/integrations/" + percentEncode(id) + "/poll", "{}"),
               [&](const Json&) { return "polling " + id + " now; follow it with 'trevo tail'"; });
}

int pause(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("INTEGRATION");
    return say(
        context, gateway.post("/v1/integrations/" + percentEncode(id) + "/pause", "{}"), [&](const Json&) {
            return id + " is not asked until 'trevo integrations resume " + id + "'; what it sends is taken";
        });
}

int resume(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("INTEGRATION");
    return say(context, gateway.post("/v1/integrations/" + percentEncode(id) + "/resume", "{}"),
               [&](const Json&) { return id + " is asked again, beginning now"; });
}

int tryOut(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("INTEGRATION");
    return say(context, gateway.post("/v1/integrations/" + percentEncode(id) + "/try", "{}"),
               [&](const Json& answer) {
                   return "the sample case was taken; follow it with 'trevo trace " +
                          textAt(answer, "/receipt") + "'";
               });
}

int createToken(Context& context) {
    Gateway gateway(context);
    Json body{{"name", context.arguments.text("NAME")}, {"scopes", context.arguments.all("scope")}};
    if (!context.arguments.has("scope"))
        throw Failure{kUsage, "a token needs a --scope: records:write, read, operate or admin"};
    if (context.arguments.has("dealer")) body["dealers"] = context.arguments.all("dealer");
    if (context.arguments.has("expires")) body["expires_at"] = context.arguments.text("expires");
    const std::string answer = gateway.post("/v1/tokens", body.dump());
    if (context.arguments.json) {
        context.io.out << answer << '\n';
    } else {
        context.io.out << textAt(parsed(answer), "/token") << '\n';
        context.io.err << "This is the only time it is shown. Its id is " << textAt(parsed(answer), "/id")
                       << ".\n";
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
    Table table({"TOKEN", "NAME", "SCOPES", "DEALERS", "CREATED", "EXPIRES", "REVOKED"});
    const Json answer = parsed(body);
    for (const Json& item : answer.at("items"))
        table.row({textAt(item, "/id"), textAt(item, "/name"), joined(item.at("scopes")),
                   item.at("dealers").empty() ? "all" : joined(item.at("dealers")),
                   shortTime(textAt(item, "/created_at")), shortTime(textAt(item, "/expires_at")),
                   shortTime(textAt(item, "/revoked_at"))});
    table.print(context.io.out);
    return kDone;
}

int revokeToken(Context& context) {
    Gateway gateway(context);
    const std::string id = context.arguments.text("ID");
    return say(context, gateway.remove("/v1/tokens/" + percentEncode(id)),
               [&](const Json&) { return "token " + id + " is revoked"; });
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
