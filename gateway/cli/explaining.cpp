// trace and explain: from a lead back to its bytes, and why it belongs to its person.
#include "cli/gateway.hpp"
#include "cli/output.hpp"
#include "cli/tree.hpp"
#include "cli/words.hpp"

#include "base/hash.hpp"
#include "base/percent.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <ostream>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kShownBody = 4096; // of a raw delivery, on a terminal

const Json* memberOf(const Json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string signedNumber(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%+.2f", value);
    return text;
}

double numberAt(const Json& object, const char* key) {
    const Json* value = memberOf(object, key);
    return value && value->is_number() ? value->get<double>() : 0;
}

// A bar of one sign for each half of a unit: the eye finds what mattered before it reads.
std::string bar(double weight) {
    const auto length = static_cast<std::size_t>(std::min(20.0, std::round(std::abs(weight) * 2)));
    return std::string(length, weight < 0 ? '-' : '+');
}

void printCandidate(std::ostream& out, const Json& candidate, const Words& words) {
    out << "    " << words.candidate << ' ' << plain(textAt(candidate, "/person")) << "   " << words.score
        << ' ' << signedNumber(numberAt(candidate, "score")) << '\n';
    if (const Json* evidence = memberOf(candidate, "evidence"); evidence && evidence->is_array())
        for (const Json& piece : *evidence) {
            const double weight = numberAt(piece, "weight");
            const std::string note = textAt(piece, "/note");
            char line[128];
            std::snprintf(line, sizeof line, "      %7s  %-20s  %-22s ", signedNumber(weight).c_str(),
                          bar(weight).c_str(), plain(textAt(piece, "/feature")).c_str());
            out << line << words.feature(textAt(piece, "/feature"))
                << (note.empty() ? "" : " (" + plain(words.note(note)) + ')') << '\n';
        }
    if (const Json* guards = memberOf(candidate, "guards"); guards && guards->is_array())
        for (const Json& guard : *guards)
            if (guard.is_string())
                out << "      " << words.forbidden << ": " << words.feature(guard.get<std::string>()) << '\n';
}

void printDecision(Context& context, const Json& decision, const Words& words) {
    auto& out = context.io.out;
    out << bold(context, shortTime(textAt(decision, "/at")) + "  " +
                             words.decision(textAt(decision, "/kind")) + "  " +
                             plain(textAt(decision, "/record_id") + " -> " + textAt(decision, "/person_id")))
        << '\n';
    if (const auto other = textAt(decision, "/other_id"); !other.empty())
        out << "    " << words.other << ": " << plain(other) << '\n';
    out << "    " << words.by << ": " << plain(textAt(decision, "/actor"));
    if (const auto reason = textAt(decision, "/reason"); !reason.empty())
        out << "   " << words.reason << ": " << plain(words.feature(reason));
    if (const auto model = textAt(decision, "/model"); !model.empty())
        out << "   " << words.model << ": " << plain(model);
    out << '\n';
    const Json* evidence = memberOf(decision, "evidence");
    if (!evidence) return;
    if (const auto zone = textAt(*evidence, "/zone"); !zone.empty())
        out << "    " << words.outcome << ": " << words.feature(zone) << '\n';
    const Json* candidates = memberOf(*evidence, "candidates");
    if (candidates && candidates->is_array() && !candidates->empty()) {
        for (const Json& candidate : *candidates)
            printCandidate(out, candidate, words);
    } else if (textAt(decision, "/kind") == "assign") {
        out << "    " << words.nobody << '\n';
    }
}

int explain(Context& context) {
    Gateway gateway(context);
    const std::string body = gateway.get("/v1/explain/" + percentEncode(context.arguments.text("ID")));
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    const Words& words = wordsFor(context);
    const Json answer = parsed(body);
    for (const Json& decision : answer.at("decisions"))
        printDecision(context, decision, words);
    if (answer.at("decisions").empty()) context.io.out << words.undecided << '\n';
    return kDone;
}

void printDelivery(Context& context, const Json& delivery) {
    auto& out = context.io.out;
    out << textAt(delivery, "/receipt") << "  " << shortTime(textAt(delivery, "/received_at")) << "  "
        << plain(textAt(delivery, "/integration")) << "  " << plain(textAt(delivery, "/door")) << "  "
        << plain(textAt(delivery, "/state")) << "  " << plain(textAt(delivery, "/content_type")) << '\n';
    if (const auto code = textAt(delivery, "/reason/code"); !code.empty())
        out << "  "
            << plain(phrase(context, "reason: {0} at {1}: {2}", "motivo: {0} em {1}: {2}",
                            {code, textAt(delivery, "/reason/field"), textAt(delivery, "/reason/detail")}))
            << '\n';
    std::string raw = textAt(delivery, "/body");
    if (textAt(delivery, "/body_encoding") == "base64") raw = fromBase64(raw).value_or("");
    const bool cut = raw.size() > kShownBody;
    if (cut) raw.resize(kShownBody);
    for (std::size_t from = 0; from < raw.size();) {
        const std::size_t end = std::min(raw.find('\n', from), raw.size());
        out << "  | " << plain(std::string_view(raw).substr(from, end - from)) << '\n';
        from = end + 1;
    }
    if (cut)
        out << "  | … " << phrase(context, "(--json shows all of it)", "(--json mostra o conteúdo inteiro)")
            << '\n';
}

int trace(Context& context) {
    Gateway gateway(context);
    const std::string body = gateway.get("/v1/trace/" + percentEncode(context.arguments.text("ID")));
    if (context.arguments.json) {
        context.io.out << body << '\n';
        return kDone;
    }
    const Json answer = parsed(body);
    auto& out = context.io.out;
    out << bold(context, phrase(context, "delivery", "entrega")) << '\n';
    if (answer.at("delivery").is_null()) {
        out << textAt(answer, "/receipt") << "  "
            << phrase(context, "its bytes were removed when their time was over",
                      "o conteúdo foi removido ao fim do prazo de guarda")
            << '\n';
    } else {
        printDelivery(context, answer.at("delivery"));
    }
    for (const Json& child : answer.at("children")) {
        out << bold(context, phrase(context, "fetched for it", "buscado para ela")) << '\n';
        printDelivery(context, child);
    }
    for (const Json& item : answer.at("records")) {
        const Json& record = item.at("record");
        out << bold(context, phrase(context, "record", "registro")) << '\n'
            << plain(
                   phrase(context, "{0}  {1}  revision {2}  person {3}  negotiation {4}",
                          "{0}  {1}  revisão {2}  cliente {3}  negociação {4}",
                          {textAt(record, "/record_id"), textAt(record, "/kind"), textAt(record, "/revision"),
                           textAt(record, "/person_id"), textAt(record, "/negotiation_id")}))
            << '\n'
            << pretty(record.at("record")) << '\n'
            << bold(context, phrase(context, "decisions", "decisões")) << '\n';
        for (const Json& decision : item.at("decisions"))
            printDecision(context, decision, wordsFor(context));
    }
    out << bold(context, phrase(context, "events", "eventos")) << '\n';
    for (const Json& event : answer.at("events"))
        out << textAt(event, "/sequence") << "  " << shortTime(textAt(event, "/at")) << "  "
            << plain(textAt(event, "/type")) << "  " << plain(textAt(event, "/subject")) << '\n';
    return kDone;
}

} // namespace

std::vector<Command> explainingCommands() {
    return {
        {"trace",
         "Follows a lead from its raw bytes to its records, decisions and events",
         {{"ID", "A receipt or a record."}},
         {},
         trace},
        {"explain",
         "Says why a record belongs to its person, with the weight of each piece of evidence",
         {{"ID", "A record or a person."}},
         {},
         explain},
    };
}

} // namespace trevo::cli
