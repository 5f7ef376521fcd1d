#include "mapping/readers.hpp"

#include <catch2/catch.hpp>

namespace trevo::mapping {

namespace {

struct Row {
    const char* rule;
    const char* reader;
    Type type;
    const char* in;
    const char* out; // null: not of the shape
};

std::string read(const Row& row, const ReadOptions& options, Type& type) {
    Reading reading;
    const auto* reader = findReader(row.reader);
    REQUIRE(reader != nullptr);
    if (!reader->read({row.type, row.in}, options, reading)) return "refused";
    type = reading.type;
    return std::string(reading.text);
}

} // namespace

TEST_CASE("a reader takes its shape and no other") {
    const auto row = GENERATE(values<Row>({
        {"text stands as it came", "text", Type::Text, "Olá", "Olá"},
        {"a CPF that came as a number gets its zeros back", "cpf", Type::Number, "2998224725", "02998224725"},
        {"a CPF as text is left to the check later", "cpf", Type::Text, "529.982.247-25", "529.982.247-25"},
        {"a CPF without a digit is none", "cpf", Type::Text, "não informado", nullptr},
        {"a CNPJ that came as a number gets its zeros back", "cnpj", Type::Number, "1222333000181",
         "01222333000181"},
        {"a phone has digits", "phone", Type::Text, "não tem", nullptr},
        {"a phone keeps its mask", "phone", Type::Text, "(11) 90000-0001", "(11) 90000-0001"},
        {"an e-mail address has an @", "email", Type::Text, "nenhum", nullptr},
        {"a whole number", "integer", Type::Text, "31000", "31000"},
        {"a whole number has no words", "integer", Type::Text, "pouco", nullptr},
        {"points group thousands in Brazil", "integer_br", Type::Text, "31.000 km", "31000"},
        {"a JSON number is itself in Brazil too", "integer_br", Type::Number, "31000", "31000"},
        {"a decimal amount", "money", Type::Text, "1234.5", "1234.50"},
        {"a decimal amount is not Brazilian", "money", Type::Text, "1.234,56", nullptr},
        {"a Brazilian amount", "money_br", Type::Text, "R$ 1.234,56", "1234.56"},
        {"a JSON number is a decimal amount whatever the texts are", "money_br", Type::Number, "71900.5",
         "71900.50"},
        {"cents", "money_cents", Type::Text, "123456", "1234.56"},
        {"whole reais", "money_reais", Type::Text, "64900", "64900.00"},
        {"whole reais are no agreement to talk", "money_reais", Type::Text, "a combinar", nullptr},
        {"a year has four digits", "year", Type::Text, "64900", nullptr},
        {"a year", "year", Type::Number, "2022", "2022"},
        {"the year of building", "build_year", Type::Text, "2021/2022", "2021"},
        {"the model's year", "model_year", Type::Text, "2021/2022", "2022"},
        {"one year alone is the model's", "model_year", Type::Text, "2022", "2022"},
        {"one year alone says nothing of building", "build_year", Type::Text, "2022", nullptr},
        {"yes in Portuguese", "boolean", Type::Text, "Sim", "true"},
        {"no with its accent", "boolean", Type::Text, "NÃO", "false"},
        {"a word that is neither", "boolean", Type::Text, "talvez", nullptr},
        {"tags go, breaks stay", "html_text", Type::Text, "<p>Oi<br>tudo &amp; bem</p>", "Oi\ntudo & bem"},
        {"a smaller-than sign is no tag", "html_text", Type::Text, "pago < 50 mil", "pago < 50 mil"},
        {"tags alone are no text", "html_text", Type::Text, "<br/>", nullptr},
        {"a time with its offset stands as it came", "datetime", Type::Text, "2018-02-28T08:49:14+0000",
         "2018-02-28T08:49:14+0000"},
        {"a time without zone is left to the dealer's", "datetime", Type::Text, "2026-11-21 09:30",
         "2026-11-21T09:30:00"},
        {"no such day", "datetime", Type::Text, "2026-02-30T10:00:00Z", nullptr},
        {"a date", "date", Type::Text, "1980-05-01", "1980-05-01"},
    }));
    Type type = Type::Null;
    INFO(row.rule);
    CHECK(read(row, {}, type) == (row.out ? row.out : "refused"));
}

TEST_CASE("a time is read in the formats that the mapping names, in its order") {
    struct TimeRow {
        const char* rule;
        TimeFormat format;
        const char* zone;
        const char* in;
        const char* out;
    };
    const auto row = GENERATE(values<TimeRow>({
        {"Brazilian, in a zone", TimeFormat::Brazilian, "America/Sao_Paulo", "21/11/2026 10:05",
         "2026-11-21T10:05:00-03:00"},
        {"Brazilian, in the dealer's zone", TimeFormat::Brazilian, "", "21/11/2026 10:05:07",
         "2026-11-21T10:05:07"},
        {"compact", TimeFormat::Compact, "", "20261121", "2026-11-21T00:00:00"},
        {"seconds since 1970", TimeFormat::EpochSeconds, "", "1763742644", "2025-11-21T16:30:44Z"},
        {"milliseconds since 1970", TimeFormat::EpochMillis, "", "1763742644500", "2025-11-21T16:30:44.500Z"},
        {"a broken offset is dropped", TimeFormat::IsoLoose, "", "2000-03-30T15:30:20-08:0",
         "2000-03-30T15:30:20"},
        {"a one-digit hour", TimeFormat::IsoLoose, "", "2026-01-05T8:47:50", "2026-01-05T08:47:50"},
        {"ISO does not read Brazilian", TimeFormat::Iso, "", "21/11/2026", "refused"},
    }));
    INFO(row.rule);
    Type type = Type::Null;
    CHECK(read({"", "datetime", Type::Text, row.in, ""}, {{row.format}, row.zone}, type) == row.out);
}

TEST_CASE("no reader fails on hostile text") {
    const std::string longText(100'000, '9');
    for (const auto& name : readerNames()) {
        for (const std::string& text :
             {longText, std::string("\xFF\xFE\x00\x01", 4), std::string("&<>&#;&amp"), std::string("-"),
              std::string("9999-99-99T99:99:99"), std::string(3, '\0'), std::string("<")}) {
            Reading reading;
            const bool taken = findReader(name)->read(
                {Type::Text, text}, {{TimeFormat::IsoLoose, TimeFormat::Excel, TimeFormat::EpochMillis}, ""},
                reading);
            CHECK((!taken || reading.text.size() <= text.size() + 40));
        }
    }
}

} // namespace trevo::mapping
