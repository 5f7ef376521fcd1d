#include "identity/access_key.hpp"
#include "identity/document.hpp"

#include <catch2/catch.hpp>

using namespace trevo::identity;

namespace {

struct Row {
    const char* rule;
    const char* raw;
    DocumentKind kind;
    bool valid;
    const char* normalised;
    const char* why;
    bool padded = false;
};

constexpr auto kCpf = DocumentKind::Cpf;
constexpr auto kCnpj = DocumentKind::Cnpj;
constexpr auto kNone = DocumentKind::None;

const Row kRows[] = {
    {"masked CPF", "529.982.247-25", kCpf, true, "52998224725", ""},
    {"bare CPF", "12345678909", kCpf, true, "12345678909", ""},
    {"CPF whose first check digit is from rest below 2", "390.533.447-05", kCpf, true, "39053344705", ""},
    {"blanks around and inside", " 529 982 247 25 ", kCpf, true, "52998224725", ""},
    {"label ahead", "CPF: 529.982.247-25", kCpf, true, "52998224725", ""},
    {"no-break blanks and typographic hyphen",
     "529.982.247\xE2\x80\x91"
     "25\xC2\xA0",
     kCpf, true, "52998224725", ""},
    {"eleven equal digits", "111.111.111-11", kCpf, false, "11111111111", "document_repeated"},
    {"eleven zeros", "00000000000", kCpf, false, "00000000000", "document_repeated"},
    {"second check digit wrong", "529.982.247-26", kCpf, false, "52998224726", "document_check_digits"},
    {"first check digit wrong", "529.982.247-15", kCpf, false, "52998224715", "document_check_digits"},
    {"ten digits that do not validate when padded", "1234567891", kNone, false, "1234567891",
     "document_length"},
    {"numeric source lost one zero and the rest validates", "6648483113", kCpf, true, "06648483113", "",
     true},
    {"numeric source lost three zeros", "12345601", kCpf, true, "00012345601", "", true},
    {"seven digits are never padded", "0000191", kNone, false, "0000191", "document_length"},
    {"a masked short number is not padded", "664848311-3", kNone, false, "6648483113", "document_length"},
    {"masked CNPJ", "11.222.333/0001-81", kCnpj, true, "11222333000181", ""},
    {"bare CNPJ", "11444777000161", kCnpj, true, "11444777000161", ""},
    {"alphanumeric CNPJ", "12.ABC.345/01DE-35", kCnpj, true, "12ABC34501DE35", ""},
    {"alphanumeric CNPJ with letters in the root only", "AB.1CD.2EF/0001-70", kCnpj, true, "AB1CD2EF000170",
     ""},
    {"alphanumeric CNPJ, digits and letters mixed", "9K.Z7Q.2M3/0001-75", kCnpj, true, "9KZ7Q2M3000175", ""},
    {"lower case is raised", "12.abc.345/01de-35", kCnpj, true, "12ABC34501DE35", ""},
    {"alphanumeric CNPJ with a wrong check digit", "12.ABC.345/01DE-36", kCnpj, false, "12ABC34501DE36",
     "document_check_digits"},
    {"check digits are numeric", "12.abc.345/01DE-3A", kCnpj, false, "12ABC34501DE3A", "document_characters"},
    {"fourteen equal digits", "00.000.000/0000-00", kCnpj, false, "00000000000000", "document_repeated"},
    {"numeric source of 13 digits is a CNPJ padded", "6990590000123", kCnpj, true, "06990590000123", "",
     true},
    {"numeric source of 12 digits that does not validate", "123456789012", kNone, false, "123456789012",
     "document_length"},
    {"eleven digits that are a CPF are no CNPJ padded", "00000000191", kCpf, true, "00000000191", ""},
    {"eleven digits that are no CPF but a head office's CNPJ padded", "10000000172", kCnpj, true,
     "00010000000172", "", true},
    {"eleven digits that are a branch's CNPJ padded are a CPF with a slip", "52998224793", kCpf, false,
     "52998224793", "document_check_digits"},
    {"empty", "", kNone, false, "", "document_empty"},
    {"mask only", "..-", kNone, false, "", "document_empty"},
    {"letters that make no CNPJ", "MARIA", kNone, false, "MARIA", "document_characters"},
    {"a foreign character", "529.982.247_25", kNone, false, "529982247", "document_characters"},
    {"too long", "529982247255299822472", kNone, false, "529982247255299", "document_length"},
};

} // namespace

TEST_CASE("documents are read by the rules of CPF and CNPJ") {
    for (const Row& row : kRows) {
        INFO(row.rule);
        const auto reading = readDocument(row.raw);
        CHECK(reading.kind == row.kind);
        CHECK(reading.valid == row.valid);
        CHECK(reading.normalised == row.normalised);
        CHECK(reading.why == row.why);
        CHECK(reading.padded == row.padded);
    }
}

TEST_CASE("a document is shown with the mask of its kind") {
    CHECK(maskedDocument("52998224725") == "529.982.247-25");
    CHECK(maskedDocument("12ABC34501DE35") == "12.ABC.345/01DE-35");
    CHECK(maskedDocument("123") == "123");
}

TEST_CASE("changing any one digit of a document makes it invalid") {
    for (const std::string number : {"52998224725", "11222333000181", "12ABC34501DE35"}) {
        for (std::size_t i = 0; i < number.size(); ++i) {
            std::string typo = number;
            typo[i] = typo[i] == '9' ? '4' : static_cast<char>(typo[i] + 1);
            INFO(typo);
            CHECK_FALSE(readDocument(typo).valid);
        }
    }
}

TEST_CASE("an invoice's access key is checked by its last digit") {
    const std::string key = "35080599999090910270550010000000015180051273";
    CHECK(readAccessKey(key).valid);
    CHECK(readAccessKey("NFe" + key).normalised == key);
    CHECK(readAccessKey("3508 0599 9990 9091 0270 5500 1000 0000 0151 8005 1273").valid);
    CHECK(readAccessKey(key.substr(0, 43) + "4").why == "access_key_check_digit");
    CHECK(readAccessKey(key.substr(1)).why == "access_key_length");
    CHECK(readAccessKey("x" + key.substr(1)).why == "access_key_characters");
    CHECK(readAccessKey("").why == "access_key_length");
}
