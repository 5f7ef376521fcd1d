#include "base/utf8.hpp"
#include "formats/mail.hpp"
#include "pipeline/decode_parts.hpp"

#include <algorithm>
#include <iterator>

namespace trevo::pipeline {

namespace {

struct MailDocument { // one that a mail holds
    std::string name; // of its file, or "text"
    std::string kind; // role of its mapping: "csv"
    std::string contentType;
    std::string_view body;
};

bool holds(std::string_view text, std::string_view word) {
    const auto same = [](char a, char b) {
        return lowerAscii(std::string_view(&a, 1)) == lowerAscii(std::string_view(&b, 1));
    };
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

bool isAdf(std::string_view text) {
    const auto start = text.substr(0, 16'384);
    return holds(start, "<?adf") || holds(start, "<adf");
}

// By what is declared, or, where that says nothing, by the file's name. Empty when it is no document.
std::string kindOf(const formats::MailAttachment& attachment) {
    const std::string type = attachment.contentType.substr(0, attachment.contentType.find(';'));
    const std::string name = lowerAscii(attachment.fileName);
    if (type == "application/x-adf+xml" || name.ends_with(".adf")) return "adf";
    const auto is = [&](std::string_view ending, std::initializer_list<std::string_view> types) {
        return name.ends_with(ending) || std::find(types.begin(), types.end(), type) != types.end();
    };
    if (is(".xml", {"application/xml", "text/xml"})) return isAdf(attachment.content) ? "adf" : "xml";
    if (is(".csv", {"text/csv", "application/csv", "text/comma-separated-values"})) return "csv";
    if (is(".ndjson", {"application/x-ndjson"})) return "ndjson";
    if (is(".json", {"application/json", "text/json"})) return "json";
    return {};
}

std::string typeOf(const std::string& kind, const std::string& declared) {
    const auto charset = declared.find("; charset=");
    const std::string rest = charset == std::string::npos ? std::string() : declared.substr(charset);
    if (kind == "adf") return "application/x-adf+xml" + rest;
    if (kind == "csv") return "text/csv" + rest;
    return "application/" + std::string(kind == "ndjson" ? "x-ndjson" : kind) + rest;
}

std::vector<MailDocument> documentsOf(const formats::Mail& mail, const Integration& integration) {
    std::vector<MailDocument> out;
    for (const auto& attachment : mail.attachments) {
        const std::string kind = kindOf(attachment);
        if (kind.empty() || !integration.mapping(kind)) continue;
        std::string name = attachment.fileName.empty() ? "attachment" : attachment.fileName;
        const bool taken =
            std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.name == name; });
        if (taken) name += " (" + std::to_string(out.size() + 1) + ')';
        out.push_back({std::move(name), kind, typeOf(kind, attachment.contentType), attachment.content});
    }
    if (!out.empty() || !integration.mapping("adf")) return out;
    for (const auto& text : mail.texts) {
        if (!text.fromHtml && isAdf(text.text)) {
            out.push_back({"text", "adf", "application/x-adf+xml; charset=utf-8", text.text});
            return out;
        }
    }
    return out;
}

const mapping::Mapping* mappingOf(const formats::Mail& mail, const Integration& integration) {
    if (integration.settings().mail) {
        const auto senders = formats::readAddresses(mail.header("from"));
        for (const auto& reading : integration.settings().mail->readings) {
            const bool sender =
                reading.senders.empty() ||
                (!senders.empty() && formats::isSender(senders.front().address, reading.senders));
            if (sender && holds(mail.header("subject"), reading.subject))
                return integration.mapping(reading.mapping);
        }
    }
    return integration.mapping("inbound");
}

} // namespace

Result<Decoded, Problems> decodeMail(const journal::Envelope& envelope, const Integration& integration,
                                     const RecordContext& context, const Meta& meta,
                                     const std::function<std::set<std::string>()>& apart) {
    const auto mail = formats::readMail(envelope.body);
    if (!mail) return Problems{mail.error()};
    if (auto nature = formats::natureOf(*mail)) {
        Decoded nothing;
        nothing.nothing = std::move(nature);
        return nothing;
    }
    const auto documents = documentsOf(*mail, integration);
    if (documents.empty()) {
        const auto* mapping = mappingOf(*mail, integration);
        if (!mapping)
            return Problems{{"no_mapping", "", "", "the integration names no mapping that reads mails"}};
        return readDocument(*mapping, {envelope.contentType, envelope.body, meta.parameters, 0}, context,
                            apart, {});
    }

    Decoded all;
    Problems problems;
    for (const auto& document : documents) {
        auto parameters = meta.parameters;
        parameters.emplace_back("file", document.name);
        for (const char* name : {"from", "subject", "date", "message-id"})
            parameters.emplace_back(std::string("header.") + name, mail->header(name));
        const std::string prefix = documents.size() > 1 ? document.name + ' ' : std::string();
        const auto* mapping = integration.mapping(document.kind);
        auto decoded = readDocument(*mapping, {document.contentType, document.body, parameters, 0}, context,
                                    apart, prefix);
        if (!decoded) {
            for (auto problem : decoded.error()) {
                problem.place = document.name + (problem.place.empty() ? "" : ", " + problem.place);
                problems.push_back(std::move(problem));
            }
            if (documents.size() > 1 && !apart().contains(document.name))
                all.refused.push_back({{document.name, document.contentType, std::string(document.body)},
                                       problems.back(),
                                       document.kind});
            continue;
        }
        std::move(decoded->records.begin(), decoded->records.end(), std::back_inserter(all.records));
        for (auto& refused : decoded->refused) {
            refused.role = document.kind;
            all.refused.push_back(std::move(refused));
        }
        all.mappingVersion = decoded->mappingVersion;
    }
    // Of a mail that gives nothing at all the whole is the dead letter.
    if (all.mappingVersion.empty()) return problems;
    return all;
}

} // namespace trevo::pipeline
