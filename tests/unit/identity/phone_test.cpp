#include "identity/phone.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace trevo::identity;

namespace {

constexpr auto kMobile = PhoneKind::Mobile;
constexpr auto kFixed = PhoneKind::Fixed;
constexpr auto kForeign = PhoneKind::Foreign;
constexpr auto kService = PhoneKind::Service;
constexpr auto kNone = PhoneKind::None;

struct Row {
    const char* rule;
    const char* raw;
    PhoneKind kind;
    const char* normalised;
    const char* why = "";
    bool dddAssumed = false;
    bool nineAdded = false;
    bool weak = false;
};

const Row kRows[] = {
    {"mobile in the usual mask", "(11) 98765-4321", kMobile, "+5511987654321"},
    {"trunk 0 and no ninth digit", "011 8765-4321", kMobile, "+5511987654321", "", false, true},
    {"country code and area code 55", "55 55 99123-4567", kMobile, "+5555991234567"},
    {"area code 55 alone is not the country", "5599123-4567", kMobile, "+5555991234567"},
    {"area code 55, fixed line", "5532214567", kFixed, "+555532214567"},
    {"carrier code after the trunk 0", "0 21 11 3333-4444", kFixed, "+551133334444"},
    {"carrier code ahead of a mobile", "0 15 11 98765-4321", kMobile, "+5511987654321"},
    {"toll-free number is a service", "0800 123 4567", kService, "08001234567", "phone_service"},
    {"toll-free number of ten digits", "0800 123456", kService, "0800123456", "phone_service"},
    {"0300 is a service", "0300 123 4567", kService, "03001234567", "phone_service"},
    {"local-rate number is a service", "4003-1234", kService, "40031234", "phone_service"},
    {"3003 is a service", "3003 1234", kService, "30031234", "phone_service"},
    {"4005 is a common fixed line", "4005-1234", kFixed, "+551140051234", "", true},
    {"emergency number", "190", kNone, "", "phone_utility"},
    {"operator's number", "10315", kNone, "", "phone_utility"},
    {"E.164", "+5511987654321", kMobile, "+5511987654321"},
    {"E.164 with blanks and mask", "+55 (11) 98765-4321", kMobile, "+5511987654321"},
    {"plus and country without an area code", "+55 98765-4320", kMobile, "+5511987654320", "", true},
    {"international prefix 00 with 55", "005511987654321", kMobile, "+5511987654321"},
    {"country code and trunk 0", "+55 011 98765-4321", kMobile, "+5511987654321"},
    {"country code without the ninth digit (WhatsApp id)", "553187654321", kMobile, "+5531987654321", "",
     false, true},
    {"WhatsApp address", "553187654321@s.whatsapp.net", kMobile, "+5531987654321", "", false, true},
    {"collect call by carrier", "90 21 11 98765-4321", kMobile, "+5511987654321"},
    {"local collect call", "9090 98765-4321", kMobile, "+5511987654321", "", true},
    {"no area code: the dealer's is assumed", "98765-4321", kMobile, "+5511987654321", "", true},
    {"no area code, fixed line", "3333-4444", kFixed, "+551133334444", "", true},
    {"no area code and no ninth digit", "8765-4321", kMobile, "+5511987654321", "", true, true},
    {"old number beginning with 7 is weak", "(11) 7765-4321", kMobile, "+5511977654321", "", false, true,
     true},
    {"foreign number is kept", "+1 (305) 555-0123", kForeign, "+13055550123"},
    {"Portuguese number with 00 is kept but weak", "00351 912 345 678", kForeign, "+351912345678", "", false,
     false, true},
    {"extension after ramal", "(11) 3333-4444 ramal 201", kFixed, "+551133334444"},
    {"letters around", "Whats: 11 98765-4321 (Maria)", kMobile, "+5511987654321"},
    {"full-width digits", "\xEF\xBC\x91\xEF\xBC\x91 98765-4321", kMobile, "+5511987654321"},
    {"area code that does not exist", "(20) 98765-4321", kNone, "", "phone_area_code"},
    {"eleven digits whose third is no 9", "(11) 88765-4321", kNone, "", "phone_ninth_digit"},
    {"repeated digits", "(11) 99999-9999", kNone, "", "phone_repeated"},
    {"zeros", "00000000", kNone, "", "phone_repeated"},
    {"all ones", "11111111111", kNone, "", "phone_repeated"},
    {"ascending sequence", "(11) 91234-5678", kNone, "", "phone_sequence"},
    {"local part beginning with 1", "(11) 1333-4444", kNone, "", "phone_format"},
    {"too short", "12345", kNone, "", "phone_length"},
    {"too long", "11987654321987654321", kNone, "", "phone_length"},
    {"foreign number too short", "+1 305", kNone, "", "phone_length"},
    {"an e-mail in the phone field", "maria11987654321@example.com", kNone, "", "phone_characters"},
    {"no digits", "sem telefone", kNone, "", "phone_characters"},
    {"empty", "  ", kNone, "", "phone_empty"},
};

} // namespace

TEST_CASE("phones are read by the Brazilian numbering rules") {
    for (const Row& row : kRows) {
        INFO(row.rule);
        const auto reading = readPhone(row.raw, "11");
        CHECK(reading.kind == row.kind);
        CHECK(reading.normalised == row.normalised);
        CHECK(reading.why == row.why);
        CHECK(reading.valid == reading.why.empty());
        CHECK(reading.dddAssumed == row.dddAssumed);
        CHECK(reading.nineAdded == row.nineAdded);
        CHECK(reading.weak == row.weak);
    }
}

TEST_CASE("a normalised phone reads as itself") {
    for (const Row& row : kRows) {
        const auto first = readPhone(row.raw, "11");
        if (!first.valid) continue;
        INFO(row.rule);
        CHECK(readPhone(first.normalised, "21").normalised == first.normalised);
    }
}

TEST_CASE("without a default area code a local number is refused") {
    CHECK(readPhone("98765-4321", "").why == "phone_no_area_code");
    CHECK(readPhone("98765-4321", "20").why == "phone_no_area_code");
}

TEST_CASE("extensions are kept apart") {
    CHECK(readPhone("(11) 3333-4444 ramal 201", "").extension == "201");
    CHECK(readPhone("11 3333-4444 r. 12", "").extension == "12");
    CHECK(readPhone("1133334444x9", "").extension == "9");
    CHECK(readPhone("1133334444#77", "").extension == "77");
}

TEST_CASE("one field may hold several numbers") {
    const auto numbers = [](const char* raw) {
        std::vector<std::string> out;
        for (const auto& reading : readPhones(raw, "11"))
            out.push_back(reading.normalised);
        return out;
    };
    using List = std::vector<std::string>;
    CHECK(numbers("(11) 98765-4321 / (21) 3333-4444") == List{"+5511987654321", "+552133334444"});
    CHECK(numbers("11987654321;2133334444,") == List{"+5511987654321", "+552133334444"});
    CHECK(numbers("11 98765-4321 ou 11 3333-4444") == List{"+5511987654321", "+551133334444"});
    CHECK(numbers("11 98765-4321 e 11 3333-4444") == List{"+5511987654321", "+551133334444"});
    CHECK(numbers("(21) 98765-4321 / 3333-4444") == List{"+5521987654321", "+552133334444"});
    CHECK(numbers("") == List{});
    CHECK(readPhones("(21) 98765-4321 / 3333-4444", "11")[1].dddAssumed);
    CHECK(readPhones(std::string(1000, '/') + "1;2;3;4", "11", 2).size() == 2);
}

TEST_CASE("exactly the 67 area codes of Brazil exist") {
    const std::set<int> unused = {20, 23, 25, 26, 29, 30, 36, 39, 40, 50, 52, 56,
                                  57, 58, 59, 60, 70, 72, 76, 78, 80, 90, 10};
    int known = 0;
    for (int ddd = 0; ddd < 100; ++ddd) {
        const std::string text = {static_cast<char>('0' + ddd / 10), static_cast<char>('0' + ddd % 10)};
        INFO(text);
        const bool expected = ddd > 10 && unused.count(ddd) == 0;
        CHECK(isDdd(text) == expected);
        known += isDdd(text);
    }
    CHECK(known == 67);
    CHECK_FALSE(isDdd(""));
    CHECK_FALSE(isDdd("1"));
    CHECK_FALSE(isDdd("1a"));
    CHECK_FALSE(isDdd("111"));
}

TEST_CASE("the match key joins a number with and without its ninth digit") {
    CHECK(phoneMatchKey("+5511987654321") == "1187654321");
    CHECK(phoneMatchKey("+551187654321") == "1187654321");
    CHECK(phoneMatchKey("+13055550123") == "13055550123");
    CHECK(phoneMatchKey("11987654321").empty());
    CHECK(phoneMatchKey("").empty());
}
