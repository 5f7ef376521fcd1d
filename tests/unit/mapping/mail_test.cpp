#include "mapping/mail_lines.hpp"
#include "mapping/mapping.hpp"
#include "mapping/path.hpp"

#include <catch2/catch.hpp>

using namespace trevo::mapping;

namespace {

MailOptions labels() {
    MailOptions options;
    for (const char* label :
         {"Nome", "Telefone", "E-mail", "Ano/Modelo", "Marca", "Aceita troca", "Mensagem"})
        options.labels.insert(foldKey(label));
    options.sections = {foldKey("Dados do veículo"), foldKey("Troca")};
    options.multiline = {foldKey("Mensagem")};
    options.endOfValue = {foldKey("Clique aqui")};
    options.end = {foldKey("Este e-mail foi enviado")};
    return options;
}

// "nome=Maria; marca@troca=Fiat"
std::string read(std::string_view text, const MailOptions& options = labels()) {
    std::string out;
    for (const auto& one : readLabelled(text, options, 100)) {
        out += (out.empty() ? "" : "; ") + one.folded + (one.section.empty() ? "" : '@' + one.section) + '=' +
               one.value;
    }
    return out;
}

std::string errorOf(const std::string& mapping) {
    const auto compiled = Mapping::compile(mapping, "mail.map.toml");
    return compiled.ok() ? std::string() : trevo::toml::describe(compiled.error());
}

} // namespace

TEST_CASE("a labelled line is read however it is decorated") {
    struct Row {
        const char *rule, *text, *read;
    };
    const Row rows[] = {
        {"plain", "Nome: Maria", "nome=Maria"},
        {"case and accents do not count", "NÓME: Maria", "nome=Maria"},
        {"bold", "*Nome:* Maria", "nome=Maria"},
        {"bold after the colon", "**Nome**: Maria", "nome=Maria"},
        {"dots up to the colon", "Nome .....: Maria", "nome=Maria"},
        {"a bullet and a dash", "• Telefone – (11) 99876-5432", "telefone=(11) 99876-5432"},
        {"a hyphen with blanks", "- Nome - Maria-José", "nome=Maria-José"},
        {"a hyphen within the label", "E-mail: a@b.example", "email=a@b.example"},
        {"equals", "Nome=Maria", "nome=Maria"},
        {"a picture in front", "\xF0\x9F\x93\x9E Telefone: 11", "telefone=11"},
        {"a quoted line", "> > Nome: Maria", "nome=Maria"},
        {"brackets in the label", "Telefone (celular): 11", "telefone=11"},
        {"a slash in the label", "Ano/Modelo: 2021/2022", "anomodelo=2021/2022"},
        {"a question", "Aceita troca? Sim", "aceitatroca=Sim"},
        {"the value below", "Nome:\n\nMaria\nTelefone\n11", "nome=Maria; telefone=11"},
        {"no value at all", "Nome:\nTelefone: 11", "telefone=11"},
        {"one line of several", "Nome:Maria E-mail:a@b.example Telefone: 11",
         "nome=Maria; email=a@b.example; telefone=11"},
        {"only what is known ends a value there", "Nome: Maria das Dores: a primeira",
         "nome=Maria das Dores: a primeira"},
        {"cells", "Nome\tMaria\nTelefone:\t11", "nome=Maria; telefone=11"},
        {"four cells of a row", "Nome\tMaria\tTelefone\t11", "nome=Maria; telefone=11"},
        {"a head row over its values", "Nome\tTelefone\nMaria\t11", "nome=Maria; telefone=11"},
        {"a link beside its text", "E-mail: a@b.example <mailto:a@b.example>", "email=a@b.example"},
        {"an unknown label with a colon", "Cor: prata", "cor=prata"},
        {"an unknown label in the first of two cells", "Cor\tprata", "cor=prata"},
        {"an address or a time is no label", "http://portal.example/x\n10:30 chegou", ""},
        {"a sentence is no label", "Este é um texto muito comprido sem nada: fim", ""},
        {"known sections", "Nome: Ana\nDados do veículo\nMarca: Fiat\n== TROCA ==\nMarca: VW",
         "nome=Ana; marca@dadosdoveiculo=Fiat; marca@troca=VW"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        CHECK(read(row.text) == row.read);
    }
}

TEST_CASE("a value of several lines ends where the mapping says") {
    CHECK(read("Mensagem: Olá\n\nSegunda: linha\nNome: Ana") == "mensagem=Olá\n\nSegunda: linha; nome=Ana");
    CHECK(read("Mensagem:\nOlá\n-- \nAssinatura") == "mensagem=Olá");
    CHECK(read("Mensagem: Olá\n_______\nrodapé") == "mensagem=Olá");
    CHECK(read("Mensagem: Olá\nClique aqui para responder\nTelefone: 11") == "mensagem=Olá; telefone=11");
    CHECK(read("Mensagem: Olá\nEste e-mail foi enviado por nós\nTelefone: 0800") == "mensagem=Olá");
    CHECK(read("Mensagem: meu nome - Ana") == "mensagem=meu nome - Ana");
    auto options = labels();
    options.endAtBlank = true;
    CHECK(read("Mensagem:\n\nOlá\nde novo\n\nrodapé", options) == "mensagem=Olá\nde novo");
}

TEST_CASE("reading labels takes no more than it may") {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "Nome: Maria\n";
    CHECK(readLabelled(text, labels(), 10).size() == 10);
    // One line of a megabyte, of colons and of labels.
    CHECK_NOTHROW(readLabelled(std::string(1 << 20, ':'), labels(), 100));
    std::string line;
    for (int i = 0; i < 50'000; ++i)
        line += "Nome:a ";
    CHECK(readLabelled(line, labels(), 100).size() == 100);
}

TEST_CASE("what stands in the subject is cut out by what is around it") {
    const std::string mapping = R"(
format = "mail"
[[record]]
kind = "lead"
when = { path = "@header.from.address", in = ["leads@portal.example"] }
[record.fields]
vehicle.text = { from = "@header.subject", after = "PROPOSTA para", before = " - " }
source.external_id = { from = "@header.subject", after = "código" }
lead.message = { from = ".", after = "escreveu:", before = "--" }
customer.emails = { from = "@header.reply-to.address", as = "email" }
)";
    const auto compiled = Mapping::compile(mapping, "mail/lead.map.toml");
    REQUIRE(compiled.ok());
    const auto read = [&](const std::string& mail) {
        return (*compiled)->apply({"message/rfc822", mail, {}});
    };
    const auto mapped =
        read("From: x <leads@portal.example>\nReply-To: Ana <ana@example.com>\n"
             "Subject: Proposta para Fiat Argo - código 77\n\nAna escreveu:\n Olá\n tudo bem?\n--\nfim");
    REQUIRE(mapped.ok());
    REQUIRE(mapped->records.size() == 1);
    CHECK(mapped->records[0] == R"({"kind":"lead","customer":{"emails":["ana@example.com"]},)"
                                R"("lead":{"message":"Olá\n tudo bem?"},"source":{"external_id":"77"},)"
                                R"("vehicle":{"text":"Fiat Argo"}})");
    const auto other = read("From: y@portal.example\nSubject: Proposta para Fiat Argo - x\n\nx");
    REQUIRE_FALSE(other.ok());
    CHECK(other.error()[0].code == "no_record");
}

TEST_CASE("a mistake in a mapping of mails is told with its place") {
    const std::string start = "format = \"mail\"\n[[record]]\nkind = \"lead\"\n";
    CHECK(errorOf(start + "[record.fields]\ncustomer.name = \"a/b/c\"\n").find("mail.map.toml:5") !=
          std::string::npos);
    CHECK(errorOf(start + "[record.fields]\ncustomer.name = \"$.a\"\n").find("is none of a mail") !=
          std::string::npos);
    CHECK(errorOf(start + "each = \"x\"\n[record.fields]\ncustomer.name = \"Nome\"\n").find("no use here") !=
          std::string::npos);
    CHECK(errorOf("format = [\"mail\", \"json\"]\n[[record]]\nkind = "
                  "\"lead\"\n[record.fields]\ncustomer.name = \"a\"\n")
              .find("stands alone") != std::string::npos);
    CHECK(errorOf("format = \"json\"\n[mail]\nmultiline = [\"a\"]\n[[record]]\nkind = "
                  "\"lead\"\n[record.fields]\ncustomer.name = \"a\"\n")
              .find("does not name mail") != std::string::npos);
    CHECK(errorOf(start + "[record.fields]\ncustomer.name = { value = \"x\", after = \"y\" }\n")
              .find("there is none here") != std::string::npos);
    CHECK(errorOf("format = \"mail\"\n[mail]\nmultilne = [\"a\"]\n" + start.substr(16) +
                  "[record.fields]\ncustomer.name = \"Nome\"\n")
              .find("multiline") != std::string::npos);
}
