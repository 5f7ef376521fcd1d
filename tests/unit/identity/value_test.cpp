#include "identity/date.hpp"
#include "identity/money.hpp"
#include "identity/number.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::identity;

TEST_CASE("money is read exactly in the declared format") {
    struct Row {
        const char *rule, *raw;
        MoneyFormat format;
        std::int64_t cents;
        const char* why = "";
    };
    const auto br = MoneyFormat::Brazilian;
    const auto plain = MoneyFormat::Decimal;
    const auto inCents = MoneyFormat::Cents;
    const Row rows[] = {
        {"Brazilian with all marks", "R$ 1.234,56", br, 123456},
        {"Brazilian without the sign", "1.234,56", br, 123456},
        {"Brazilian without groups", "1234,5", br, 123450},
        {"a point groups thousands in Brazil", "1.234", br, 123400},
        {"no blank after the sign", "R$60.000", br, 6000000},
        {"no-break blank",
         "R$\xC2\xA0"
         "71.900,00",
         br, 7190000},
        {"negative", "-R$ 10,00", br, -1000},
        {"negative after the sign", "R$ -10,00", br, -1000},
        {"millions", "1.234.567,89", br, 123456789},
        {"a group of two is no group", "1.23,00", br, 0, "money_format"},
        {"a group of four is no group", "1.2345", br, 0, "money_format"},
        {"a point for the decimals is refused", "1234.56", br, 0, "money_format"},
        {"words are no amount", "60 mil", br, 0, "money_format"},
        {"decimal", "1234.56", plain, 123456},
        {"whole", "68500", plain, 6850000},
        {"one decimal", "0.5", plain, 50},
        {"zeros beyond the cents", "68500.0000", plain, 6850000},
        {"more than two decimals", "1.234", plain, 0, "money_decimals"},
        {"a comma is refused", "1234,56", plain, 0, "money_format"},
        {"thousands mark is refused", "1,234.56", plain, 0, "money_format"},
        {"no digits ahead", ".50", plain, 0, "money_format"},
        {"no digits after", "50.", plain, 0, "money_format"},
        {"exponent", "1e5", plain, 0, "money_format"},
        {"cents", "123456", inCents, 123456},
        {"cents have no point", "1234.56", inCents, 0, "money_format"},
        {"too large", "99999999999999999999", plain, 0, "money_range"},
        {"too large by the cents", "99999999999999.99", plain, 0, "money_range"},
        {"empty", " ", br, 0, "money_empty"},
        {"sign only", "R$", br, 0, "money_format"},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const auto reading = readMoney(row.raw, row.format);
        CHECK(reading.cents == row.cents);
        CHECK(reading.why == row.why);
        CHECK(reading.valid == reading.why.empty());
    }
    CHECK(formatDecimal(6850000) == "68500.00");
    CHECK(formatDecimal(-5) == "-0.05");
    CHECK(formatDecimal(0) == "0.00");
}

TEST_CASE("dates and times are read in the declared format and zone") {
    struct Row {
        const char *rule, *raw;
        DateFormat format;
        const char* utc;
        const char* why = "";
        const char* zone = "America/Sao_Paulo";
    };
    const Row rows[] = {
        {"ISO with offset", "2026-11-22T10:00:00-03:00", DateFormat::Iso, "2026-11-22T13:00:00Z"},
        {"ISO without zone takes the dealer's", "2026-11-22T10:00:00", DateFormat::Iso,
         "2026-11-22T13:00:00Z"},
        {"another dealer's zone", "2026-11-22T10:00:00", DateFormat::Iso, "2026-11-22T14:00:00Z", "",
         "America/Manaus"},
        {"ISO date alone is midnight", "2026-11-22", DateFormat::Iso, "2026-11-22T03:00:00Z"},
        {"ISO, no such day", "2026-02-30", DateFormat::Iso, "", "date_range"},
        {"ISO, other text", "amanhã", DateFormat::Iso, "", "date_format"},
        {"Brazilian", "22/11/2026 10:00:05", DateFormat::Brazilian, "2026-11-22T13:00:05Z"},
        {"Brazilian to the minute", "22/11/2026 10:00", DateFormat::Brazilian, "2026-11-22T13:00:00Z"},
        {"Brazilian date", "22/11/2026", DateFormat::Brazilian, "2026-11-22T03:00:00Z"},
        {"Brazilian with one digit", "2/1/2026", DateFormat::Brazilian, "2026-01-02T03:00:00Z"},
        {"summer time of before 2019", "10/01/2018 10:00", DateFormat::Brazilian, "2018-01-10T12:00:00Z"},
        {"Brazilian, month 13", "22/13/2026", DateFormat::Brazilian, "", "date_range"},
        {"Brazilian, hour 25", "22/11/2026 25:00", DateFormat::Brazilian, "", "date_range"},
        {"Brazilian, two-digit year", "22/11/26", DateFormat::Brazilian, "", "date_format"},
        {"Brazilian, rest", "22/11/2026 10:00 h", DateFormat::Brazilian, "", "date_format"},
        {"compact", "20261122", DateFormat::Compact, "2026-11-22T03:00:00Z"},
        {"compact too long", "202611220", DateFormat::Compact, "", "date_format"},
        {"epoch seconds", "1795352400", DateFormat::EpochSeconds, "2026-11-22T13:00:00Z"},
        {"epoch milliseconds", "1795352400123", DateFormat::EpochMillis, "2026-11-22T13:00:00.123Z"},
        {"milliseconds where seconds were declared", "1795352400123", DateFormat::EpochSeconds, "",
         "date_range"},
        {"epoch, text", "now", DateFormat::EpochSeconds, "", "date_format"},
        {"Excel serial", "46348.5", DateFormat::ExcelSerial, "2026-11-22T15:00:00Z"},
        {"Excel, text", "46348,5", DateFormat::ExcelSerial, "", "date_format"},
        {"a year no dealer knew", "0202-01-01", DateFormat::Iso, "", "date_range"},
        {"unknown zone", "22/11/2026", DateFormat::Brazilian, "", "date_zone", "Atlantis/Poseidonis"},
        {"empty", "", DateFormat::Iso, "", "date_empty"},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const auto reading = readDateTime(row.raw, row.format, row.zone);
        CHECK(reading.why == row.why);
        CHECK(reading.valid == reading.why.empty());
        if (reading.valid) CHECK(formatRfc3339(reading.at) == row.utc);
    }
}

TEST_CASE("a calendar date has no zone") {
    CHECK(readDate("1980-05-01", DateFormat::Iso).normalised == "1980-05-01");
    CHECK(readDate("1980-05-01T00:00:00-03:00", DateFormat::Iso).normalised == "1980-05-01");
    CHECK(readDate("01/05/1980", DateFormat::Brazilian).normalised == "1980-05-01");
    CHECK(readDate("19800501", DateFormat::Compact).normalised == "1980-05-01");
    CHECK(readDate("29342", DateFormat::ExcelSerial).normalised == "1980-05-01");
    CHECK(readDate("1980-05-32", DateFormat::Iso).why == "date_range");
    CHECK(readDate("1780-05-01", DateFormat::Iso).why == "date_range");
    CHECK(readDate("1980-05-01x", DateFormat::Iso).why == "date_format");
    CHECK(readDate("0", DateFormat::EpochSeconds).why == "date_format");
    CHECK(readDate("", DateFormat::Iso).why == "date_empty");
}

TEST_CASE("whole numbers are read in the declared format") {
    const auto br = [](const char* raw) { return readInteger(raw, NumberFormat::Brazilian); };
    const auto plain = [](const char* raw) { return readInteger(raw, NumberFormat::Plain); };
    CHECK(br("31.000 km").value == 31000);
    CHECK(br("31.000km").value == 31000);
    CHECK(br("31000").value == 31000);
    CHECK(br("31.000,00").value == 31000);
    CHECK(br("31.000,50").why == "integer_format");
    CHECK(br("31.00").why == "integer_format");
    CHECK(br("km").why == "integer_format");
    CHECK(br("31 000").why == "integer_format");
    CHECK(plain("31000").value == 31000);
    CHECK(plain("-5").value == -5);
    CHECK(plain("31000.0").value == 31000);
    CHECK(plain("31.5").why == "integer_format");
    CHECK(plain("31000 km").why == "integer_format");
    CHECK(plain("99999999999999999999").why == "integer_range");
    CHECK(plain("").why == "integer_empty");
}

TEST_CASE("a year pair is build and model") {
    const auto pair = readYearPair("2021/2022");
    CHECK((pair.build == 2021 && pair.model == 2022 && pair.valid && !pair.unusual));
    CHECK(readYearPair("2021-2021").model == 2021);
    CHECK(readYearPair("21/22").build == 2021);
    CHECK(readYearPair("98/99").model == 1999);
    CHECK(readYearPair("2022").model == 2022);
    CHECK(readYearPair("2022").build == 0);
    CHECK(readYearPair("2019/2022").unusual);
    CHECK(readYearPair("2021/").why == "year_format");
    CHECK(readYearPair("32000").why == "year_format");
    CHECK(readYearPair("1800/1801").why == "year_range");
    CHECK(readYearPair("").why == "year_empty");
}
