#include "base/utf8.hpp"
#include "formats/csv_splitter.hpp"
#include "formats/mail.hpp"
#include "formats/xlsx.hpp"
#include "formats/zip.hpp"
#include "pipeline/decode_parts.hpp"

#include <algorithm>
#include <iterator>
#include <list>
#include <optional>

namespace trevo::pipeline {

namespace {

constexpr std::size_t kMostUnpacked = std::size_t{32} << 20; // of one archive or workbook

struct MailDocument { // one that a mail holds
    std::string name; // of its file, or "text"
    std::string kind; // role of its mapping: "csv"
    std::string contentType;
    std::string_view body;
    std::optional<Problem> problem{}; // why it can not be unpacked
};

using formats::MailAttachment;

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
std::string kindOf(const MailAttachment& attachment) {
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
    if (is(".xlsx", {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})) return "xlsx";
    if (is(".zip", {"application/zip", "application/x-zip-compressed"})) return "zip";
    return {};
}

std::string typeOf(const std::string& kind, const std::string& declared) {
    const auto charset = declared.find("; charset=");
    const std::string rest = charset == std::string::npos ? std::string() : declared.substr(charset);
    if (kind == "adf") return "application/x-adf+xml" + rest;
    if (kind == "csv") return "text/csv" + rest;
    return "application/" + std::string(kind == "ndjson" ? "x-ndjson" : kind) + rest;
}

// What `read` gives; empty when that is more than may be unpacked.
std::optional<std::string> unpackedOf(const formats::Read& read) {
    std::string out;
    for (std::size_t got = 1; got > 0;) {
        const std::size_t have = out.size();
        if (have > kMostUnpacked) return std::nullopt;
        out.resize(have + (std::size_t{64} << 10));
        got = read(out.data() + have, out.size() - have);
        out.resize(have + got);
    }
    return out;
}

Problem tooLarge(const std::string& name) {
    return {"attachment_too_large", "", name,
            "unpacked it has more than " + std::to_string(kMostUnpacked) + " bytes"};
}

// The documents of a mail, those within archives too. They view the mail and what was unpacked here.
class Documents {
  public:
    explicit Documents(const Integration& integration) : integration_(integration) {}

    void take(const formats::Mail& mail) {
        for (const auto& attachment : mail.attachments) {
            const std::string name = attachment.fileName.empty() ? "attachment" : attachment.fileName;
            if (kindOf(attachment) == "zip")
                archive(name, attachment);
            else
                file(name, attachment);
        }
        if (!all.empty() || !integration_.mapping("adf")) return;
        for (const auto& text : mail.texts) {
            if (text.fromHtml || !isAdf(text.text)) continue;
            add("text", "adf", "application/x-adf+xml; charset=utf-8", text.text);
            return;
        }
    }

    std::vector<MailDocument> all;

  private:
    void add(std::string name, std::string kind, std::string type, std::string_view body,
             std::optional<Problem> problem = {}) {
        const bool taken =
            std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
        if (taken) name += " (" + std::to_string(all.size() + 1) + ')';
        all.push_back({std::move(name), std::move(kind), std::move(type), body, std::move(problem)});
    }

    // `attachment` outlives this.
    void file(const std::string& name, const MailAttachment& attachment) {
        const std::string kind = kindOf(attachment);
        if (kind == "xlsx")
            workbook(name, attachment);
        else if (!kind.empty() && integration_.mapping(kind))
            add(name, kind, typeOf(kind, attachment.contentType), attachment.content);
    }

    // The first sheet, as the mapping of CSV reads it.
    void workbook(const std::string& name, const MailAttachment& attachment) {
        const auto* mapping = integration_.mapping("csv");
        if (!mapping) return;
        formats::XlsxOptions options;
        options.maxSheetBytes = 8 * std::uint64_t{kMostUnpacked}; // of markup around its text
        options.maxTextBytes = kMostUnpacked;
        if (const char delimiter = mapping->splitOptions().dialect.delimiter; delimiter != 0)
            options.delimiter = delimiter;
        formats::XlsxReader reader(formats::readFrom(attachment.content), options);
        std::optional<std::string> rows;
        if (!reader.problem()) rows = unpackedOf(reader.rows());
        if (reader.problem() || !rows)
            return add(name, "csv", attachment.contentType, attachment.content,
                       reader.problem() ? *reader.problem() : tooLarge(name));
        unpacked_.push_back({name, {}, std::move(*rows), false});
        add(name, "csv", "text/csv; charset=utf-8", unpacked_.back().content);
    }

    void archive(const std::string& name, const MailAttachment& attachment) {
        formats::ZipLimits limits;
        limits.maxEntries = 100;
        limits.maxEntryBytes = limits.maxTotalBytes = kMostUnpacked;
        formats::ZipReader reader(formats::readFrom(attachment.content), limits);
        formats::ZipEntry entry;
        std::optional<Problem> problem;
        const std::size_t before = all.size();
        while (!problem) {
            const auto more = reader.next(entry);
            if (!more) problem = more.error();
            if (!more || !*more) break;
            MailAttachment one;
            one.fileName = entry.name;
            one.contentType = "application/octet-stream";
            auto content = unpackedOf(reader.content());
            if (reader.problem())
                problem = *reader.problem();
            else if (!content)
                problem = tooLarge(entry.name);
            else
                one.content = std::move(*content);
            if (problem) break;
            unpacked_.push_back(std::move(one));
            file(entry.name, unpacked_.back());
        }
        if (!problem) return;
        // Of a broken archive nothing is whole.
        all.resize(before);
        add(name, "zip", attachment.contentType, attachment.content, std::move(problem));
    }

    const Integration& integration_;
    std::list<MailAttachment> unpacked_;
};

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
    Documents documents(integration);
    documents.take(*mail);
    if (documents.all.empty()) {
        const auto* mapping = mappingOf(*mail, integration);
        if (!mapping)
            return Problems{{"no_mapping", "", "", "the integration names no mapping that reads mails"}};
        return readDocument(*mapping, {envelope.contentType, envelope.body, meta.parameters, 0}, context,
                            apart, {});
    }

    Decoded all;
    Problems problems;
    const bool several = documents.all.size() > 1;
    for (const auto& document : documents.all) {
        auto parameters = meta.parameters;
        parameters.emplace_back("file", document.name);
        for (const char* name : {"from", "subject", "date", "message-id"})
            parameters.emplace_back(std::string("header.") + name, mail->header(name));
        const std::string prefix = several ? document.name + ' ' : std::string();
        const auto* mapping = integration.mapping(document.kind);
        auto decoded = document.problem
                           ? Result<Decoded, Problems>(Problems{*document.problem})
                           : readDocument(*mapping, {document.contentType, document.body, parameters, 0},
                                          context, apart, prefix);
        if (!decoded) {
            for (auto problem : decoded.error()) {
                problem.place = document.name + (problem.place.empty() ? "" : ", " + problem.place);
                problems.push_back(std::move(problem));
            }
            if (several && !apart().contains(document.name))
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
