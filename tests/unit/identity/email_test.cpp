#include "identity/email.hpp"

#include <catch2/catch.hpp>

using namespace trevo::identity;

TEST_CASE("e-mail addresses get a normal form, and those that stand for nobody are told") {
    struct Row {
        const char *rule, *raw, *normalised, *why;
        const char* suggestion = "";
    };
    const Row rows[] = {
        {"plain", "maria@example.com", "maria@example.com", ""},
        {"case and blanks", "  Maria.Souza@Example.COM ", "maria.souza@example.com", ""},
        {"mailto", "mailto:maria@example.com", "maria@example.com", ""},
        {"display name", "Maria Souza <maria@example.com>", "maria@example.com", ""},
        {"trailing punctuation", "maria@example.com.", "maria@example.com", ""},
        {"tag kept in the normal form", "maria+carro@example.com", "maria+carro@example.com", ""},
        {"IDN domain", "maria@caf\xC3\xA9.com.br", "maria@xn--caf-dma.com.br", ""},
        {"common typing error is only suggested", "maria@gmial.com", "maria@gmial.com", "",
         "maria@gmail.com"},
        {"hotmial", "maria@hotmial.com", "maria@hotmial.com", "", "maria@hotmail.com"},
        {"gmail has no .com.br", "maria@gmail.com.br", "maria@gmail.com.br", "", "maria@gmail.com"},
        {".con", "maria@example.con", "maria@example.con", "", "maria@example.com"},
        {".con of a misspelt domain", "maria@gmial.con", "maria@gmial.con", "", "maria@gmail.com"},
        {"placeholder nao@tem", "nao@tem.com.br", "nao@tem.com.br", "email_placeholder"},
        {"placeholder naotem", "naotem@gmail.com", "naotem@gmail.com", "email_placeholder"},
        {"placeholder with dots", "nao.tem@hotmail.com", "nao.tem@hotmail.com", "email_placeholder"},
        {"placeholder teste", "teste@teste.com", "teste@teste.com", "email_placeholder"},
        {"placeholder sememail", "sememail@loja.com.br", "sememail@loja.com.br", "email_placeholder"},
        {"placeholder by echo", "email@email.com", "email@email.com", "email_placeholder"},
        {"contact address is no echo", "email@example.com", "email@example.com", ""},
        {"no reply", "no-reply@portal.com.br", "no-reply@portal.com.br", "email_no_reply"},
        {"masked relay", "ab12@privaterelay.appleid.com", "ab12@privaterelay.appleid.com", "email_relay"},
        {"portal's chat relay", "x9f3@chat.olx.com.br", "x9f3@chat.olx.com.br", "email_relay"},
        {"subdomain of a relay", "x9f3@a.chat.olx.com.br", "x9f3@a.chat.olx.com.br", "email_relay"},
        {"no at", "maria.example.com", "", "email_format"},
        {"no local part", "@example.com", "", "email_format"},
        {"no top level", "maria@example", "", "email_format"},
        {"two dots", "maria..souza@example.com", "", "email_format"},
        {"blank inside", "maria souza@example.com", "", "email_format"},
        {"accent in the local part", "jo\xC3\xA3o@example.com", "", "email_format"},
        {"label begins with a hyphen", "maria@-example.com", "", "email_format"},
        {"address literal", "maria@127.0.0.1", "", "email_format"},
        {"empty", " ", "", "email_empty"},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const auto reading = readEmail(row.raw);
        CHECK(reading.normalised == row.normalised);
        CHECK(reading.why == row.why);
        CHECK(reading.suggestion == row.suggestion);
        CHECK(reading.valid == reading.why.empty());
        CHECK(reading.wellFormed == !reading.normalised.empty());
    }
    CHECK(readEmail(std::string(65, 'a') + "@example.com").why == "email_format");
    CHECK(readEmail(std::string(2000, 'a')).why == "email_length");
}

TEST_CASE("the match key of an address ignores tags, and for Gmail dots") {
    CHECK(emailMatchKey("maria.souza+carro@gmail.com") == "mariasouza@gmail.com");
    CHECK(emailMatchKey("maria.souza@googlemail.com") == "mariasouza@gmail.com");
    CHECK(emailMatchKey("maria.souza+x@example.com") == "maria.souza@example.com");
    CHECK(emailMatchKey("+x@example.com") == "+x@example.com");
    CHECK(emailMatchKey("nothing").empty());
}

TEST_CASE("one field may hold several addresses") {
    CHECK(readEmails("a1@example.com; b2@example.com,c3@example.com").size() == 3);
    CHECK(readEmails("Maria Souza <a1@example.com>").size() == 1);
    CHECK(readEmails(" ;, ").empty());
    CHECK(readEmails("a1@example.com b2@example.com", 1).size() == 1);
}
