// What a mail holds decides what reads it.
#include "base/hash.hpp"
#include "integration/meta.hpp"
#include "pipeline/decode.hpp"
#include "unit/formats/zip_files.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace trevo;
using namespace trevo::pipeline;

namespace {

struct Attached {
    std::string name, type, content;
};

std::string mailWith(const std::vector<Attached>& attachments, const std::string& text = "Segue em anexo.\n",
                     const std::string& subject = "Leads do dia",
                     const std::string& from = "leads@portal.example") {
    std::string mail = "From: Portal <" + from + ">\nSubject: " + subject +
                       "\nMessage-ID: <1@portal.example>\nMIME-Version: 1.0\n"
                       "Content-Type: multipart/mixed; boundary=fim\n\n--fim\nContent-Type: text/plain; "
                       "charset=utf-8\n\n" +
                       text;
    for (const auto& one : attachments)
        mail += "--fim\nContent-Type: " + one.type + "\nContent-Disposition: attachment; filename=\"" +
                one.name + "\"\nContent-Transfer-Encoding: base64\n\n" + base64(one.content) + "\n";
    return mail + "--fim--\n";
}

constexpr const char* kCsv =
    "Nome;Telefone;Código\nAna Lima;(11) 97777-6666;C-1\nJoão Silva;(11) 98765-4321;C-2\n";
constexpr const char* kAdf = "<?adf version=\"1.0\"?><adf><prospect><id sequence=\"1\">A-1</id>"
                             "<requestdate>2026-11-25T10:00:00-03:00</requestdate><customer><contact><name "
                             "part=\"full\">Bruno Alves</name><phone>41966665555</phone></contact></customer>"
                             "</prospect></adf>";

// A workbook with the rows that kCsv has.
std::string workbook() {
    const auto row = [](const std::vector<std::string>& cells) {
        std::string out = "<row>";
        for (const auto& cell : cells)
            out += "<c t=\"inlineStr\"><is><t>" + cell + "</t></is></c>";
        return out + "</row>";
    };
    return test::zipOf(std::map<std::string, std::string>{
        {"xl/workbook.xml", "<workbook xmlns:r=\"urn:r\"><sheets><sheet name=\"Leads\" sheetId=\"1\" "
                            "r:id=\"rId1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>"},
        {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + row({"Nome", "Telefone", "Código"}) +
                                         row({"Ana Lima", "(11) 97777-6666", "C-1"}) +
                                         row({"João Silva", "(11) 98765-4321", "C-2"}) +
                                         "</sheetData></worksheet>"}});
}

class Desk {
  public:
    Desk() : config_(std::make_shared<config::Config>()) {
        config::Integration mails;
        mails.id = "mails";
        mails.dealers = {"centro"};
        mails.mapping = "mail-leads/lead";
        mails.authentication.addresses = {"127.0.0.1"};
        auto& rules = mails.mail.emplace();
        rules.senders = {"*"};
        rules.attachments = {{"adf", "adf/prospect"}, {"csv", "drop/leads"}};
        rules.readings = {{{"special.example"}, "Proposta", "mail-leads/lead"}};
        config_->mappingDirs = {TREVO_SOURCE_DIR "/mappings"};
        config_->dealers.emplace_back().id = "centro";
        config_->integrations = {mails};
        auto set = IntegrationSet::build(config_, nullptr, nullptr);
        if (!set) FAIL(toml::describe(set.error()));
        set_ = *set;
    }
    Result<Decoded, Problems> read(const std::string& mail, std::set<std::string> apart = {}) const {
        journal::Envelope envelope;
        envelope.integration = "mails";
        envelope.door = "mail";
        envelope.contentType = "message/rfc822";
        envelope.meta = metaOfMail("imap", "INBOX");
        envelope.body = mail;
        envelope.receivedAt = UtcTime::fromSeconds(1'795'000'000);
        return decode(envelope, set_->find("mails").get(), *config_, [apart] { return apart; });
    }
    // The external ids of what a mail makes, or why it makes nothing.
    std::string made(const std::string& mail) const {
        const auto decoded = read(mail);
        if (!decoded) return decoded.error().front().code;
        if (decoded->nothing) return decoded->nothing->code;
        std::string out;
        for (const auto& record : decoded->records)
            out += record.source.externalId + ' ';
        return out;
    }

  private:
    std::shared_ptr<config::Config> config_;
    std::shared_ptr<const IntegrationSet> set_;
};

} // namespace

TEST_CASE("what is attached is read by the mapping that is named for its kind") {
    const Desk desk;
    const std::string octets = "application/octet-stream";
    struct Row {
        const char* what;
        std::vector<Attached> attached;
        std::string made;
    };
    for (const auto& row : {
             Row{"CSV by its type", {{"x", "text/csv; charset=utf-8", kCsv}}, "C-1 C-2 "},
             Row{"CSV by its name", {{"LEADS.CSV", octets, kCsv}}, "C-1 C-2 "},
             Row{"a workbook", {{"leads.xlsx", octets, workbook()}}, "C-1 C-2 "},
             Row{"ADF by its type", {{"lead", "application/x-adf+xml", kAdf}}, "A-1 "},
             Row{"ADF by what it holds", {{"lead.xml", "text/xml", kAdf}}, "A-1 "},
             Row{"an archive",
                 {{"dia.zip", octets,
                   test::zipOf(std::map<std::string, std::string>{
                       {"a/leads.csv", kCsv}, {"b.adf", kAdf}, {"leia.txt", "nada"}})}},
                 "C-1 C-2 A-1 "},
             Row{"several", {{"a.csv", octets, kCsv}, {"b.adf", octets, kAdf}}, "C-1 C-2 A-1 "},
             Row{"what no mapping is named for leaves the text", {{"a.json", octets, "{}"}}, "missing_field"},
             Row{"a picture leaves the text", {{"a.png", "image/png", "x"}}, "missing_field"},
             Row{"a broken workbook", {{"leads.xlsx", octets, "PK\x03\x04"}}, "bad_xlsx"},
         }) {
        INFO(row.what);
        CHECK(desk.made(mailWith(row.attached)) == row.made);
    }
}

TEST_CASE("ADF in the text goes before its labels") {
    const Desk desk;
    CHECK(desk.made(mailWith({}, std::string("Novo lead\n\n") + kAdf + "\n")) == "A-1 ");
    CHECK(desk.made(mailWith({}, "Nome: Ana\nTelefone: 11 97777-6666\nProtocolo: T-1\n")) == "T-1 ");
}

TEST_CASE("a bad attachment among good ones is set apart, once") {
    const Desk desk;
    const auto mail =
        mailWith({{"a.csv", "text/csv", kCsv}, {"b.adf", "application/x-adf+xml", "<adf><prospect"}});
    const auto decoded = desk.read(mail);
    REQUIRE(decoded);
    CHECK(decoded->records.size() == 2);
    REQUIRE(decoded->refused.size() == 1);
    CHECK(decoded->refused[0].part.name == "b.adf");
    CHECK(decoded->refused[0].role == "adf");
    CHECK(decoded->refused[0].problem.place.starts_with("b.adf"));
    const auto again = desk.read(mail, {"b.adf"});
    REQUIRE(again);
    CHECK(again->refused.empty());
}

TEST_CASE("a bad line of an attachment is set apart under the attachment's name") {
    const Desk desk;
    const auto decoded = desk.read(mailWith({{"a.csv", "text/csv", std::string(kCsv) + "Sem Contato;;C-3\n"},
                                             {"b.adf", "application/x-adf+xml", kAdf}}));
    REQUIRE(decoded);
    CHECK(decoded->records.size() == 3);
    REQUIRE(decoded->refused.size() == 1);
    CHECK(decoded->refused[0].part.name == "a.csv line 4");
    CHECK(decoded->refused[0].role == "csv");
}

TEST_CASE("what unpacks without end is refused") {
    const Desk desk;
    const std::string zeros(std::size_t{15} << 20, '0');
    const auto bomb = test::zipOf(std::vector<test::ZippedFile>{{"a.csv", zeros}});
    CHECK(desk.made(mailWith({{"a.zip", "application/zip", bomb}})) == "zip_too_large");
}

TEST_CASE("a mail about mails is kept and makes nothing, whatever is attached") {
    const Desk desk;
    CHECK(desk.made(mailWith({{"a.csv", "text/csv", kCsv}}, "", "Resposta automática: Leads")) ==
          "auto_reply");
    CHECK(desk.made("Return-Path: <>\n" + mailWith({{"a.csv", "text/csv", kCsv}})) == "bounce");
    CHECK(desk.made("X-Trevo-Receipt: 1\n" + mailWith({{"a.csv", "text/csv", kCsv}})) == "mail_loop");
}
