// records, people, negotiations: lists and single rows; export.
#include "cli/gateway.hpp"
#include "cli/output.hpp"
#include "cli/tree.hpp"

#include "base/percent.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <ostream>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;

const Option kIntegration{"--integration", "ID", "Only of this integration.", {}};
const Option kDealer{"--dealer", "ID", "Only of this dealer.", {}};
const Option kPerson{"--person", "ID", "Only of this person.", {}};
const Option kSearch{"--search", "TEXT", "A name, phone, document, plate, VIN, e-mail or external id.", {}};
const Option kSince{"--since", "TIME", "Received at or after this time.", {}};
const Option kUntil{"--until", "TIME", "Received before this time.", {}};
const Option kTrials{"--trials", "", "Also what was sent as a trial.", {}};
const Option kLimit{"--limit", "N", "Rows at most, up to 1000; 50 when absent.", {}};
const Option kOldest{"--oldest", "", "Oldest first instead of newest first.", {}};

// Options that are parameters of the API under the same name.
std::string filters(const Context& context, const std::string& order, const std::string& limit) {
    std::vector<std::pair<std::string, std::string>> parameters;
    for (const char* name : {"kind", "integration", "dealer", "person", "search", "since", "until", "state"})
        parameters.emplace_back(name, context.arguments.text(name));
    parameters.emplace_back("trials", context.arguments.has("trials") ? "true" : "");
    parameters.emplace_back("order", order);
    parameters.emplace_back("limit", limit);
    return queryOf(parameters);
}

struct Column {
    std::string heading, pointer;
    bool time = false;
    std::string titulo = {}; // the heading in Portuguese; as in English when empty
};

int list(Context& context, const std::string& path, const std::vector<Column>& columns) {
    Gateway gateway(context);
    const std::string body =
        gateway.get(path + filters(context, context.arguments.has("oldest") ? "oldest" : "newest",
                                   context.arguments.text("limit", "50")));
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    std::vector<std::string> headings;
    for (const Column& column : columns)
        headings.push_back(inPortuguese(context) && !column.titulo.empty() ? column.titulo : column.heading);
    Table table(std::move(headings));
    const Json page = parsed(body);
    for (const Json& item : page.at("items")) {
        std::vector<std::string> cells;
        for (const Column& column : columns) {
            const std::string text = textAt(item, column.pointer);
            cells.push_back(column.time ? shortTime(text) : text);
        }
        table.row(std::move(cells));
    }
    table.print(context.io.out);
    if (page.at("items").empty()) context.io.err << phrase(context, "nothing found\n", "nada encontrado\n");
    if (!page.at("next").is_null())
        context.io.err << phrase(context, "there are more; see --limit, or use export\n",
                                 "há mais; veja --limit, ou use export\n");
    return kDone;
}

int show(Context& context, const std::string& path) {
    Gateway gateway(context);
    const std::string body = gateway.get(path + '/' + percentEncode(context.arguments.text("ID")));
    context.io.out << (context.arguments.json ? body : pretty(parsed(body))) << '\n';
    return kDone;
}

int listRecords(Context& context) {
    return list(context, "/v1/records",
                {{"RECORD", "/record_id", false, "REGISTRO"},
                 {"RECEIVED", "/received_at", true, "RECEBIDO"},
                 {"KIND", "/kind", false, "TIPO"},
                 {"INTEGRATION", "/integration", false, "INTEGRAÇÃO"},
                 {"DEALER", "/dealer", false, "LOJA"},
                 {"PERSON", "/person_id", false, "CLIENTE"},
                 {"NEGOTIATION", "/negotiation_id", false, "NEGOCIAÇÃO"},
                 {"NAME", "/record/customer/name", false, "NOME"}});
}

int listPeople(Context& context) {
    return list(context, "/v1/people",
                {{"PERSON", "/id", false, "CLIENTE"},
                 {"LAST SEEN", "/last_seen", true, "ÚLTIMO CONTATO"},
                 {"RECORDS", "/records", false, "REGISTROS"},
                 {"NEGOTIATIONS", "/negotiations", false, "NEGOCIAÇÕES"},
                 {"NAME", "/customer/name", false, "NOME"}});
}

int listNegotiations(Context& context) {
    return list(context, "/v1/negotiations",
                {{"NEGOTIATION", "/id", false, "NEGOCIAÇÃO"},
                 {"LAST EVENT", "/last_event_at", true, "ÚLTIMO EVENTO"},
                 {"STATE", "/state", false, "ESTADO"},
                 {"DEALER", "/dealer", false, "LOJA"},
                 {"PERSON", "/person_id", false, "CLIENTE"},
                 {"BRAND", "/vehicle/brand", false, "MARCA"},
                 {"MODEL", "/vehicle/model", false, "MODELO"}});
}

int showRecord(Context& context) {
    return show(context, "/v1/records");
}
int showPerson(Context& context) {
    return show(context, "/v1/people");
}
int showNegotiation(Context& context) {
    return show(context, "/v1/negotiations");
}

// A spreadsheet must not run what a customer wrote into a form: text that it would take for a formula gets a
// leading apostrophe. Phones and amounts keep their sign.
std::string csvCell(std::string text) {
    const bool number = text.size() > 1 && (text[0] == '+' || text[0] == '-') &&
                        std::all_of(text.begin() + 1, text.end(), [](unsigned char c) {
                            return std::isdigit(c) != 0 || c == '.' || c == ' ';
                        });
    if (!text.empty() && !number && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos)
        text.insert(0, 1, '\'');
    if (text.find_first_of(",\"\r\n;") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

const std::vector<Column>& csvColumns(const std::string& what) {
    static const std::vector<Column> people = {
        {"person_id", "/person_id"},        {"first_seen", "/first_seen"},
        {"last_seen", "/last_seen"},        {"records", "/records"},
        {"negotiations", "/negotiations"},  {"name", "/customer/name"},
        {"document", "/customer/document"}, {"phone", "/customer/phones/0"},
        {"email", "/customer/emails/0"},    {"birth_date", "/customer/birth_date"},
        {"city", "/customer/address/city"}, {"state", "/customer/address/state"}};
    static const std::vector<Column> negotiations = {
        {"negotiation_id", "/id"},   {"person_id", "/person_id"}, {"dealer", "/dealer"},
        {"state", "/state"},         {"opened_at", "/opened_at"}, {"last_event_at", "/last_event_at"},
        {"brand", "/vehicle/brand"}, {"model", "/vehicle/model"}, {"model_year", "/vehicle/model_year"},
        {"plate", "/vehicle/plate"}, {"vin", "/vehicle/vin"},     {"price", "/vehicle/price"}};
    static const std::vector<Column> records = {{"record_id", "/record_id"},
                                                {"kind", "/kind"},
                                                {"integration", "/integration"},
                                                {"external_id", "/external_id"},
                                                {"dealer", "/dealer"},
                                                {"person_id", "/person_id"},
                                                {"negotiation_id", "/negotiation_id"},
                                                {"received_at", "/received_at"},
                                                {"occurred_at", "/occurred_at"},
                                                {"revision", "/revision"},
                                                {"name", "/record/customer/name"},
                                                {"document", "/record/customer/document"},
                                                {"phone", "/record/customer/phones/0"},
                                                {"email", "/record/customer/emails/0"},
                                                {"brand", "/record/vehicle/brand"},
                                                {"model", "/record/vehicle/model"},
                                                {"plate", "/record/vehicle/plate"},
                                                {"price", "/record/vehicle/price"}};
    return what == "people" ? people : what == "negotiations" ? negotiations : records;
}

void writeCsv(std::ostream& out, const std::string& lines, const std::vector<Column>& columns) {
    for (std::size_t from = 0; from < lines.size();) {
        const std::size_t end = std::min(lines.find('\n', from), lines.size());
        const Json item = parsed(lines.substr(from, end - from));
        from = end + 1;
        for (std::size_t i = 0; i < columns.size(); ++i)
            out << (i == 0 ? "" : ",") << csvCell(textAt(item, columns[i].pointer));
        out << "\r\n";
    }
}

// "</v1/records?cursor=…>; rel="next"", or empty at the end.
std::string nextOf(const net::HttpResponse& response) {
    for (const auto& [name, value] : response.headers) {
        constexpr std::string_view kLink = "link";
        const bool link =
            std::equal(name.begin(), name.end(), kLink.begin(), kLink.end(),
                       [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
        if (link && value.starts_with('<')) return value.substr(1, value.find('>') - 1);
    }
    return {};
}

int exportAll(Context& context) {
    Gateway gateway(context);
    const std::string what = context.arguments.text("WHAT");
    const bool csv = context.arguments.text("format", "ndjson") == "csv" && !context.arguments.json;
    const auto& columns = csvColumns(what);
    if (csv) {
        for (std::size_t i = 0; i < columns.size(); ++i)
            context.io.out << (i == 0 ? "" : ",") << columns[i].heading;
        context.io.out << "\r\n";
    }
    std::string target = "/v1/" + what + filters(context, "oldest", "1000");
    while (!target.empty()) {
        const auto page = gateway.ask("GET", target, "", {{"Accept", "application/x-ndjson"}});
        if (page.status != 200) throw gateway.failureOf(page);
        if (csv) {
            writeCsv(context.io.out, page.body, columns);
        } else {
            context.io.out << page.body;
        }
        if (!context.io.out)
            throw Failure{
                kFailed, phrase(context, "the output can not be written", "não foi possível gravar a saída")};
        target = nextOf(page);
    }
    context.io.out.flush();
    if (!context.io.out)
        throw Failure{kFailed,
                      phrase(context, "the output can not be written", "não foi possível gravar a saída")};
    return kDone;
}

} // namespace

std::vector<Command> readingCommands() {
    const Positional id{"ID", "Id as lists show it."};
    return {
        {"records list",
         "Lists records, newest first",
         {},
         {{"--kind", "KIND", "lead, call, message, sale …", {}},
          {"--state",
           "STATE",
           "What the policy on duplicates made of it.",
           {"accepted", "duplicate", "refused"}},
          kIntegration,
          kDealer,
          kPerson,
          kSearch,
          kSince,
          kUntil,
          kTrials,
          kLimit,
          kOldest},
         listRecords},
        {"records show", "Shows one record with its revisions", {id}, {}, showRecord},
        {"people list",
         "Lists people, newest first",
         {},
         {kDealer, kSearch, kSince, kUntil, kTrials, kLimit, kOldest},
         listPeople},
        {"people show", "Shows one person", {id}, {}, showPerson},
        {"negotiations list",
         "Lists negotiations, newest first",
         {},
         {{"--state", "STATE", "State of the negotiation.", {"open", "closed"}},
          kDealer,
          kPerson,
          kSearch,
          kSince,
          kUntil,
          kTrials,
          kLimit,
          kOldest},
         listNegotiations},
        {"negotiations show", "Shows one negotiation", {id}, {}, showNegotiation},
        {"export",
         "Writes everything of one sort to the standard output, oldest first",
         {{"WHAT", "records, people, negotiations, leads, calls, messages or sales"}},
         {{"--format",
           "FORMAT",
           "ndjson (one JSON object a line) or csv; ndjson when absent.",
           {"ndjson", "csv"}},
          kDealer,
          kSince,
          kUntil,
          kTrials},
         exportAll},
    };
}

} // namespace trevo::cli
