#include "privacy/values.hpp"

#include "base/hash.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <stdlib.h>

using namespace trevo;
using namespace trevo::privacy;

namespace {

const Values kJoao{{"João da Silva Conceição"},
                   {"52998224725"},
                   {"+5511998765432"},
                   {"joao.c@example.com"},
                   {"ABC1D23", "9BWZZZ377VT004251"}};

std::string masked(std::string text) {
    Mask(kJoao).apply(text);
    return text;
}

} // namespace

TEST_CASE("a person's values are overwritten in every form that a sender may have written them in") {
    struct Row {
        const char* rule;
        std::string text, expected;
    };
    const Row rows[] = {
        {"digits", R"({"cpf":"52998224725"})", R"({"cpf":"00000000000"})"},
        {"a number in JSON stays one", R"({"phone":11998765432})", R"({"phone":00000000000})"},
        {"document with its mask", "CPF 529.982.247-25;", "CPF 000.000.000-00;"},
        {"phone with a mask", "(11) 99876-5432", "(00) 00000-0000"},
        {"phone with its country", "+55 11 99876-5432", "+55 00 00000-0000"},
        {"phone without the ninth digit", "1198765432", "0000000000"},
        {"phone without an area code", R"("ddd":"11","fone":"99876-5432")",
         R"("ddd":"11","fone":"00000-0000")"},
        {"e-mail in any case", "Joao.C@Example.com", "xxxxxxxxxxxxxxxxxx"},
        {"percent-coded", "tel=%2811%29+99876-5432&mail=joao.c%40example.com",
         "tel=%2800%29+00000-0000&mail=xxxxxxx00xxxxxxxxxxx"},
        {"name in other spelling", "nome;JOAO SILVA CONCEICAO;", "nome;xxxx xxxxx xxxxxxxxx;"},
        {"name with its particle", "João da Silva Conceição", "xxxxx da xxxxx xxxxxxxxxxx"},
        {"name in another order", "Conceição, João Silva", "xxxxxxxxxxx, xxxxx xxxxx"},
        {"name in two fields", R"(<first>João</first><last>Silva Conceição</last>)",
         R"(<first>xxxxx</first><last>xxxxx xxxxxxxxxxx</last>)"},
        {"name in Windows-1252", "Jo\xe3o Silva Concei\xe7\xe3o", "xxxx xxxxx xxxxxxxxx"},
        {"name in JSON escapes", R"("Jo\u00e3o Silva Concei\u00e7\u00e3o")",
         R"("xxxx00x0x xxxxx xxxxxxxx00x0xx00x0x")"},
        {"name percent-coded", "nome=Jo%C3%A3o+Silva+Concei%C3%A7%C3%A3o",
         "nome=xxxx0xx0x+xxxxx+xxxxxxxx0xx0xx0xx0x"},
        {"quoted-printable", "Jo=C3=A3o Silva Concei=C3=A7=C3=A3o", "xxxx0xx0x xxxxx xxxxxxxx0xx0xx0xx0x"},
        {"plate", R"({"placa":"abc1d23"})", R"({"placa":"xxx0x00"})"},
        {"plate in its old form, with a mark", "placa ABC-1323.", "placa xxx-0000."},
        {"chassis", "chassi=9bwzzz377vt004251", "chassi=0xxxxx000xx000000"},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        CHECK(masked(row.text) == row.expected);
    }
    const std::string coded = base64(R"({"phone":"11 99876-5432"})");
    CHECK(masked("data:" + coded).find(coded) == std::string::npos);
}

TEST_CASE("what is somebody else's stays") {
    for (const std::string text :
         {"João Souza", "Maria da Silva", "(11) 99876-5433", "id 998765432100", "529.982.247-26",
          "joao.d@example.com", "order 11998 76 and 5432", "XABC1D23", "ABC1D234"}) {
        INFO(text);
        CHECK(masked(text) == text);
    }
    Values nobody{{}, {"11111111111"}, {}, {}};
    std::string text = "11111111111";
    CHECK_FALSE(Mask(nobody).apply(text));
}

TEST_CASE("the quick look never misses a number or an address") {
    const Mask mask(kJoao);
    for (const std::string text : {"CPF 529.982.247-25", "%2811%29%2099876%2D5432", "JOAO.C%40example.com"})
        CHECK(mask.mayHold(text));
    CHECK_FALSE(mask.mayHold("Maria, (11) 99876-5433"));
}

TEST_CASE("files are searched over the ends of blocks, in each form") {
    std::string pattern = (std::filesystem::temp_directory_path() / "trevo-privacy-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    const std::filesystem::path folder(pattern);
    const auto write = [&](const char* name, const std::string& text) {
        std::ofstream(folder / name, std::ios::binary) << text;
    };
    const std::string filler((std::size_t{1} << 20) - 4, '.');
    write("cut", filler + "52998224725");
    write("base64", "xy" + base64("  tel (11) 99876-5432 "));
    write("percent", "joao.c%40example.com");
    std::filesystem::create_directory(folder / "spool");
    write("spool/plate", "placa abc-1323");
    write("clean", filler + "(11) 99876-5433");
    CHECK(filesHolding(folder.string(), needles(kJoao)) ==
          std::vector<std::string>{"base64", "cut", "percent", "spool/plate"});
    std::filesystem::remove_all(folder);
}
