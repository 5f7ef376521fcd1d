#include "identity/name.hpp"
#include "identity/name_key.hpp"
#include "identity/place.hpp"

#include <catch2/catch.hpp>

using namespace trevo::identity;

TEST_CASE("names are shown in one form") {
    struct Row {
        const char *rule, *raw, *normalised;
    };
    const Row rows[] = {
        {"capitals", "MARIA DE SOUZA", "Maria de Souza"},
        {"lower case", "maria de souza", "Maria de Souza"},
        {"blanks collapse", "  Maria \t de\n Souza ", "Maria de Souza"},
        {"all particles", "JOAO DA SILVA E DOS SANTOS DAS NEVES DI PAULA",
         "Joao da Silva e dos Santos das Neves di Paula"},
        {"a particle ahead is a name", "Da Silva", "Da Silva"},
        {"accents", "JOÃO CONCEIÇÃO", "João Conceição"},
        {"decomposed accents are composed", "Joa\xCC\x83o", "João"},
        {"inner capitals stay", "John McDonald", "John McDonald"},
        {"hyphen and apostrophe", "ANA-MARIA D'AVILA", "Ana-Maria D'Avila"},
        {"title dropped", "SRA. MARIA SOUZA", "Maria Souza"},
        {"titles dropped", "Sr. Dr. João Souza", "João Souza"},
        {"a title alone stays", "Dr", "Dr"},
        {"family name first", "Souza, Maria", "Maria Souza"},
        {"comma ahead of a suffix", "João Souza, Filho", "João Souza Filho"},
        {"mojibake", "JoÃ£o", "João"},
        {"mojibake of Windows-1252", "CONCEIÃ‡ÃƒO", "Conceição"},
        {"mojibake done twice", "JoÃƒÂ£o", "João"},
        {"a true Ã is no mojibake", "ROMÃO", "Romão"},
        {"Windows-1252 bytes", "Jo\xE3o", "João"},
        {"no-break blank", "Maria\xC2\xA0Souza", "Maria Souza"},
        {"invisible marks", "Mar\xE2\x80\x8Bia", "Maria"},
        {"company marks stay in capitals", "auto peças silva ltda", "Auto Peças Silva LTDA"},
        {"suffix", "JOSE SILVA JUNIOR", "Jose Silva Junior"},
        {"other scripts", "Иван Петров", "Иван Петров"},
        {"a client's real name", "Cliente Maria", "Cliente Maria"},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const auto reading = readName(row.raw);
        CHECK(reading.normalised == row.normalised);
        CHECK(reading.valid);
        CHECK(readName(reading.normalised).normalised == reading.normalised);
    }
}

TEST_CASE("what is no name is told") {
    struct Row {
        const char *raw, *why;
    };
    const Row rows[] = {
        {"", "name_empty"},
        {" \t ", "name_empty"},
        {"CLIENTE", "name_placeholder"},
        {"Não informado", "name_placeholder"},
        {"nao informado", "name_placeholder"},
        {"teste", "name_placeholder"},
        {"WhatsApp", "name_placeholder"},
        {"Cliente OLX", "name_placeholder"},
        {"Cliente do site", "name_placeholder"},
        {"Lead Webmotors", "name_placeholder"},
        {"Cliente 123", "name_placeholder"},
        {"xxxxx", "name_placeholder"},
        {"N/A", "name_placeholder"},
        {"11987654321", "name_no_letters"},
        {"...", "name_no_letters"},
        {"maria@example.com", "name_email"},
    };
    for (const Row& row : rows) {
        INFO(row.raw);
        CHECK(readName(row.raw).why == row.why);
        CHECK_FALSE(readName(row.raw).valid);
    }
}

TEST_CASE("company marks tell a legal person") {
    for (const char* company :
         {"Silva Veículos LTDA", "Banco Exemplo S/A", "Banco Exemplo S.A.", "BANCO EXEMPLO SA",
          "Maria Souza MEI", "Oficina do Zé ME", "Loja Eireli", "Padaria EPP"}) {
        INFO(company);
        CHECK(readName(company).company);
    }
    for (const char* person :
         {"Maria de Sá", "MARIA DE SA", "Mei Souza", "Joana Me Souza", "Ana Sá", "Ltda"}) {
        INFO(person);
        CHECK_FALSE(readName(person).company);
    }
}

TEST_CASE("a name's key drops accents, particles and the suffix, which is kept apart") {
    using List = std::vector<std::string>;
    CHECK(nameKey("João da Conceição e Silva Jr.").tokens == List{"JOAO", "CONCEICAO", "SILVA"});
    CHECK(nameKey("João Silva Jr.").suffix == "JUNIOR");
    CHECK(nameKey("João Silva Júnior").suffix == "JUNIOR");
    CHECK(nameKey("João Silva Neto").suffix == "NETO");
    CHECK(nameKey("Neto Silva").suffix.empty());
    CHECK(nameKey("Ana-Maria D'Ávila").tokens == List{"ANA", "MARIA", "DAVILA"});
    CHECK(nameKey("Silva Veículos LTDA").tokens == List{"SILVA", "VEICULOS"});
    CHECK(nameKey("Silva Veículos LTDA").company);
    CHECK(nameKey("Maria de Sá").tokens == List{"MARIA", "SA"});
    CHECK(nameKey("E. Souza").tokens == List{"E", "SOUZA"}); // cut short, no particle
    CHECK(nameKey("DA. Souza").tokens == List{"DA", "SOUZA"});
    CHECK(nameKey("").tokens.empty());
}

TEST_CASE("postal codes, states and cities have one spelling") {
    CHECK(readPostalCode("01310-100").normalised == "01310-100");
    CHECK(readPostalCode("1310100").normalised == "01310-100");
    CHECK(readPostalCode("01.310-100").normalised == "01310-100");
    CHECK(readPostalCode("00000000").why == "postal_code_repeated");
    CHECK(readPostalCode("123").why == "postal_code_format");
    CHECK(readPostalCode("0131O-100").why == "postal_code_format");
    CHECK(readPostalCode("").why == "postal_code_empty");
    CHECK(readState("sp").normalised == "SP");
    CHECK(readState("São Paulo").normalised == "SP");
    CHECK(readState("mato grosso do sul").normalised == "MS");
    CHECK(readState("XX").why == "uf_unknown");
    CHECK(readState("").why == "uf_empty");
    CHECK(cityMatchKey(" são  josé dos Campos") == "SAO JOSE DOS CAMPOS");
}
