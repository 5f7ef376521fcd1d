// What people do with people: possible matches, edits, and what the law gives a person a right to.
#include "cli/gateway.hpp"
#include "cli/output.hpp"
#include "cli/tree.hpp"
#include "cli/words.hpp"

#include "base/percent.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;

int listMatches(Context& context) {
    Gateway gateway(context);
    const std::string body =
        gateway.get("/v1/matches" + queryOf({{"state", context.arguments.text("state", "open")},
                                             {"dealer", context.arguments.text("dealer")},
                                             {"person", context.arguments.text("person")},
                                             {"order", "newest"},
                                             {"limit", context.arguments.text("limit", "50")}}));
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    const Json page = parsed(body);
    Table table(
        inPortuguese(context)
            ? std::vector<std::string>{"POSSÍVEL", "DESDE", "ESTADO", "LOJA", "REGISTRO", "CLIENTE", "TALVEZ"}
            : std::vector<std::string>{"MATCH", "SINCE", "STATE", "DEALER", "RECORD", "PERSON", "MAY BE"});
    for (const Json& item : page.at("items")) {
        std::string candidates;
        for (const Json& candidate : item.at("candidates"))
            candidates += (candidates.empty() ? "" : ", ") + textAt(candidate, "/person_id") + " (" +
                          textAt(candidate, "/evidence/score") + ")";
        table.row({textAt(item, "/id"), shortTime(textAt(item, "/opened_at")), textAt(item, "/state"),
                   textAt(item, "/dealer"), textAt(item, "/record_id"), textAt(item, "/person_id"),
                   candidates});
    }
    table.print(context.io.out);
    if (page.at("items").empty()) context.io.err << phrase(context, "nothing found\n", "nada encontrado\n");
    if (!page.at("next").is_null())
        context.io.err << phrase(context, "there are more; see --limit\n", "há mais; veja --limit\n");
    return kDone;
}

int showMatch(Context& context) {
    Gateway gateway(context);
    const std::string body = gateway.get("/v1/matches/" + percentEncode(context.arguments.text("ID")));
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    const Json answer = parsed(body);
    std::vector<std::string> headings{
        "", phrase(context, "RECORD {0}", "REGISTRO {0}", {textAt(answer, "/match/record_id")}),
        phrase(context, "PERSON {0}", "CLIENTE {0}", {textAt(answer, "/person/id")})};
    for (const Json& candidate : answer.at("candidates"))
        headings.push_back(phrase(context, "MAY BE {0}", "TALVEZ {0}", {textAt(candidate, "/id")}));
    Table table(std::move(headings));
    constexpr std::pair<const char*, const char*> kFields[] = {
        {"name", "nome"},           {"document", "CPF/CNPJ"},     {"phones", "telefones"},
        {"emails", "e-mails"},      {"birth_date", "nascimento"}, {"address", "endereço"},
        {"handles", "mensageiros"},
    };
    for (const auto& [field, portuguese] : kFields) {
        std::vector<std::string> cells{phrase(context, field, portuguese),
                                       textAt(answer, std::string("/record/record/customer/") + field),
                                       textAt(answer, std::string("/person/customer/") + field)};
        bool any = !cells[1].empty() || !cells[2].empty();
        for (const Json& candidate : answer.at("candidates")) {
            cells.push_back(textAt(candidate, std::string("/customer/") + field));
            any = any || !cells.back().empty();
        }
        if (any) table.row(std::move(cells));
    }
    table.print(context.io.out);
    const Words& words = wordsFor(context);
    for (const Json& candidate : answer.at("match").at("candidates")) {
        context.io.out << '\n'
                       << bold(context, textAt(candidate, "/person_id")) << "  "
                       << textAt(candidate, "/evidence/score") << '\n';
        if (!candidate.contains("/evidence/evidence"_json_pointer)) continue;
        for (const Json& evidence : candidate.at("evidence").at("evidence"))
            context.io.out << "  " << textAt(evidence, "/weight") << "  "
                           << plain(words.feature(textAt(evidence, "/feature"))) << "  "
                           << plain(words.note(textAt(evidence, "/note"))) << '\n';
    }
    return kDone;
}

std::string answerTo(Context& context, const char* answer) {
    Gateway gateway(context);
    Json body = Json::object();
    for (const char* name : {"with", "reason"})
        if (context.arguments.has(name)) body[name] = context.arguments.text(name);
    return gateway.post("/v1/matches/" + percentEncode(context.arguments.text("ID")) + '/' + answer,
                        body.dump());
}

int acceptMatch(Context& context) {
    return say(context, answerTo(context, "accept"), [&](const Json& answer) {
        return phrase(context, "{0} is settled: the record belongs to {1}",
                      "{0} está resolvido: o registro é de {1}",
                      {textAt(answer, "/match"), textAt(answer, "/person_id")});
    });
}

int rejectMatch(Context& context) {
    return say(context, answerTo(context, "reject"), [&](const Json& answer) {
        return phrase(context, "{0} is settled: they stay apart", "{0} está resolvido: ficam separados",
                      {textAt(answer, "/match")});
    });
}

// "whatsapp=no"
void addConsent(const Context& context, Json& body, const std::string& word) {
    const auto equals = word.find('=');
    const std::string said = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (said != "yes" && said != "no")
        throw Failure{kUsage, phrase(context, "--consent wants CHANNEL=yes or CHANNEL=no",
                                     "--consent espera CANAL=yes ou CANAL=no")};
    body["consent"][word.substr(0, equals)] = said == "yes";
}

int editPerson(Context& context) {
    const Arguments& given = context.arguments;
    const std::string path = "/v1/people/" + percentEncode(given.text("ID"));
    Json body = Json::object();
    for (const char* name : {"name", "document"})
        if (given.has(name)) body[name] = given.text(name);
    if (given.has("birth-date")) body["birth_date"] = given.text("birth-date");
    if (given.has("phone")) body["phones"] = given.all("phone");
    if (given.has("email")) body["emails"] = given.all("email");
    for (const char* name : {"street", "number", "complement", "district", "city", "state"})
        if (given.has(name)) body["address"][name] = given.text(name);
    if (given.has("postal-code")) body["address"]["postal_code"] = given.text("postal-code");
    for (const std::string& word : given.all("consent"))
        addConsent(context, body, word);
    if (body.empty() && !given.has("release"))
        throw Failure{kUsage,
                      phrase(context, "name what to change, such as --name, --phone, --consent or --release",
                             "diga o que mudar, por exemplo --name, --phone, --consent ou --release")};
    Gateway gateway(context);
    std::string answer;
    for (const std::string& field : given.all("release"))
        answer = gateway.remove(path + "/pins" + queryOf({{"field", field}}));
    if (!body.empty()) {
        if (given.has("reason")) body["reason"] = given.text("reason");
        answer = gateway.patch(path, body.dump());
    }
    context.io.out << (given.json ? answer : pretty(parsed(answer))) << '\n';
    return kDone;
}

int exportPerson(Context& context) {
    Gateway gateway(context);
    const std::string body =
        gateway.get("/v1/people/" + percentEncode(context.arguments.text("ID")) + "/export");
    context.io.out << (context.arguments.json ? body : pretty(parsed(body))) << '\n';
    return kDone;
}

int erasePerson(Context& context) {
    const bool dryRun = context.arguments.has("dry-run");
    if (!dryRun && !context.arguments.has("yes"))
        throw Failure{kUsage,
                      phrase(context, "this can not be undone: look with --dry-run first, then say --yes",
                             "isto não pode ser desfeito: veja antes com --dry-run, depois use --yes")};
    Gateway gateway(context);
    Json body{{"dry_run", dryRun}};
    if (context.arguments.has("reason")) body["reason"] = context.arguments.text("reason");
    return say(
        context,
        gateway.post("/v1/people/" + percentEncode(context.arguments.text("ID")) + "/erase", body.dump()),
        [&](const Json& answer) {
            const auto files = answer.value("archived_files", std::int64_t{0});
            std::string text = dryRun ? phrase(context, "would erase ", "apagaria ")
                                      : phrase(context, "erased ", "apagado: ");
            text += phrase(
                context,
                "{0}: {1} records, {2} deliveries, and the person's part of {3} that speak of others too",
                "{0}, com {1} registros, {2} entregas e a parte da pessoa em {3} que falam também de outras",
                {joined(answer.at("person_ids")), textAt(answer, "/records"), textAt(answer, "/deliveries"),
                 textAt(answer, "/shared_deliveries")});
            if (files > 0)
                text += phrase(context, "; {0} archived files that held the person are deleted",
                               "; {0} arquivos guardados em que ela aparecia são excluídos",
                               {std::to_string(files)});
            if (!answer.at("files_with_values_of_others").empty())
                text += phrase(context, "; a number or address is somebody else's too and stays in {0}",
                               "; um número ou endereço também é de outra pessoa e fica em {0}",
                               {joined(answer.at("files_with_values_of_others"))});
            return text;
        });
}

} // namespace

std::vector<Command> peopleCommands() {
    const Positional match{"ID", "Id of the match, 'm3'."};
    const Option with{"--with", "PERSON", "Which candidate; needed to accept when there are several.", {}};
    const Option reason{"--reason", "TEXT", "Kept with the answer.", {}};
    return {
        {"matches list",
         "Lists records that may belong to somebody known, newest first",
         {},
         {{"--state",
           "STATE",
           "State of the match; open when absent.",
           {"open", "accepted", "rejected", "closed"}},
          {"--dealer", "ID", "Only of this dealer.", {}},
          {"--person", "ID", "Only about this person.", {}},
          {"--limit", "N", "Rows at most, up to 1000; 50 when absent.", {}}},
         listMatches},
        {"matches show",
         "Shows the record and the people it may belong to side by side",
         {match},
         {},
         showMatch},
        {"matches accept",
         "They are the same: makes them one, for good",
         {match},
         {with, reason},
         acceptMatch},
        {"people edit",
         "Fixes values of a person: they win over every record until they are released",
         {{"ID", "Id of the person."}},
         {{"--name", "TEXT", "The whole name.", {}},
          {"--document", "NUMBER", "CPF or CNPJ.", {}},
          {"--phone", "NUMBER", "With area code; all that there are, the first one first.", {}, true},
          {"--email", "ADDRESS", "All that there are, the first one first.", {}, true},
          {"--birth-date", "DATE", "As 1980-05-01.", {}},
          {"--street", "TEXT", "Of the address.", {}},
          {"--number", "TEXT", "Of the address.", {}},
          {"--complement", "TEXT", "Of the address.", {}},
          {"--district", "TEXT", "Of the address.", {}},
          {"--city", "TEXT", "Of the address.", {}},
          {"--state", "UF", "Of the address.", {}},
          {"--postal-code", "CEP", "Of the address.", {}},
          {"--consent", "CHANNEL=yes|no", "Whether the person may be written to or called there.", {}, true},
          {"--release",
           "FIELD",
           "Give a field back to the records: name, phones, consent.whatsapp …",
           {},
           true},
          {"--reason", "TEXT", "Kept with the values.", {}}},
         editPerson},
        {"lgpd export",
         "Prints everything about one person as one JSON document",
         {{"ID", "Id of the person."}},
         {},
         exportPerson},
        {"lgpd erase",
         "Forgets a person for good, in every file of the data folder",
         {{"ID", "Id of the person."}},
         {{"--dry-run", "", "Only say what it would be.", {}},
          {"--yes", "", "Needed: this can not be undone.", {}},
          {"--reason", "TEXT", "Kept in the audit trail; must not name the person.", {}}},
         erasePerson},
        {"matches reject",
         "They are not the same: keeps them apart for good",
         {match},
         {with, reason},
         rejectMatch},
    };
}

} // namespace trevo::cli
