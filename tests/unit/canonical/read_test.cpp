#include "canonical/read.hpp"
#include "context.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::canonical;
using model::Flag;

namespace {

model::Record mustRead(std::string_view json) {
    auto result = read(json, testContext());
    if (!result) {
        for (const Problem& problem : result.error())
            UNSCOPED_INFO(problem.code << " at " << problem.field << ": " << problem.detail);
    }
    REQUIRE(result.ok());
    return std::move(result).value();
}

constexpr std::string_view kExample = R"json(
{"kind":"lead","source":{"integration":"site","external_id":"A-1","channel":"site","occurred_at":"2026-11-22T10:00:00-03:00"},
 "dealer":"centro",
 "customer":{"name":"Maria de Souza","document":"529.982.247-25","phones":["(11) 99876-5432"],"emails":["maria@example.com"],
             "address":{"city":"São Paulo","state":"SP","postal_code":"01310-100"},"birth_date":"1980-05-01",
             "consent":{"whatsapp":true}, "handles":{"whatsapp":"5511998765432"}},
 "vehicle":{"plate":"ABC1D23","vin":"9BWZZZ377VT004251","fipe":"001004-9","brand":"Fiat","model":"Argo","version":"1.3 Drive",
            "model_year":2022,"build_year":2021,"km":31000,"color":"prata","price":71900.00,"ad_id":"4455667","text":"Fiat Argo 1.3 2022"},
 "trade_in":{"plate":"LCV9999","km":80000},
 "lead":{"type":"proposal","message":"Aceita troca?","amount":68500.00,"campaign":"natal","temperature":"hot"}})json";

} // namespace

TEST_CASE("the example record becomes typed and normalised") {
    const model::Record record = mustRead(kExample);
    CHECK(record.kind == model::Kind::Lead);
    CHECK(record.source.integration == "site");
    CHECK(record.source.externalId == "A-1");
    CHECK(record.source.channel == "site");
    REQUIRE(record.source.occurredAt);
    CHECK(formatRfc3339(record.source.occurredAt->at) == "2026-11-22T13:00:00Z");
    CHECK(record.source.occurredAt->original == "2026-11-22T10:00:00-03:00");
    CHECK(record.dealer == "centro");
    CHECK(record.customer.name == "Maria de Souza");
    REQUIRE(record.customer.document);
    CHECK(record.customer.document->number == "52998224725");
    CHECK(record.customer.document->valid);
    CHECK_FALSE(record.customer.document->company);
    REQUIRE(record.customer.phones.size() == 1);
    CHECK(record.customer.phones[0].number == "+5511998765432");
    REQUIRE(record.customer.emails.size() == 1);
    CHECK(record.customer.emails[0].address == "maria@example.com");
    REQUIRE(record.customer.address);
    CHECK(record.customer.address->city == "São Paulo");
    CHECK(record.customer.birthDate == "1980-05-01");
    CHECK(record.customer.consent.at("whatsapp"));
    CHECK(record.customer.handles.at("whatsapp") == "5511998765432");
    REQUIRE(record.vehicle);
    CHECK(record.vehicle->plate == "ABC1D23");
    CHECK(record.vehicle->modelYear == 2022);
    CHECK(record.vehicle->buildYear == 2021);
    CHECK(record.vehicle->km == 31000);
    CHECK(record.vehicle->price == model::Money{7'190'000});
    CHECK(record.vehicle->adId == "4455667");
    REQUIRE(record.tradeIn);
    CHECK(record.tradeIn->plate == "LCV9J99");
    CHECK(record.flags.empty());
    CHECK(
        record.body ==
        R"({"kind":"lead","source":{"integration":"site","external_id":"A-1","channel":"site","occurred_at":"2026-11-22T13:00:00Z",)"
        R"("occurred_at_original":"2026-11-22T10:00:00-03:00"},"dealer":"centro","customer":{"name":"Maria de Souza",)"
        R"("document":"52998224725","phones":["+5511998765432"],"emails":["maria@example.com"],"address":{"city":"São Paulo",)"
        R"("state":"SP","postal_code":"01310-100"},"birth_date":"1980-05-01","consent":{"whatsapp":true},)"
        R"("handles":{"whatsapp":"5511998765432"}},"vehicle":{"plate":"ABC1D23","vin":"9BWZZZ377VT004251","fipe":"001004-9",)"
        R"("brand":"Fiat","model":"Argo","version":"1.3 Drive","model_year":2022,"build_year":2021,"km":31000,"color":"prata",)"
        R"("price":71900.00,"ad_id":"4455667","text":"Fiat Argo 1.3 2022"},"trade_in":{"plate":"LCV9J99","km":80000},)"
        R"("lead":{"type":"proposal","message":"Aceita troca?","amount":68500.00,"campaign":"natal","temperature":"hot"}})");
}

TEST_CASE("a record needs only its kind: integration and dealer come from the context") {
    const model::Record record = mustRead(R"({"kind":"customer"})");
    CHECK(record.body == R"({"kind":"customer","source":{"integration":"site"},"dealer":"centro"})");
    CHECK(record.dealer == "centro");
    CHECK(record.source.integration == "site");
}

TEST_CASE("a dealer is named by its id, its CNPJ or the partner's code, which may be a number") {
    CHECK(mustRead(R"({"kind":"lead","dealer":"manaus"})").dealer == "manaus");
    CHECK(mustRead(R"({"kind":"lead","dealer":"11.222.333/0001-81"})").dealer == "manaus");
    CHECK(mustRead(R"({"kind":"lead","dealer":1042})").dealer == "centro");
    CHECK(mustRead(R"({"kind":"lead","dealer":""})").dealer == "centro");
}

TEST_CASE("the dealer's zone and area code complete what the source leaves out") {
    const auto record = mustRead(
        R"({"kind":"lead","dealer":"manaus","source":{"occurred_at":"2026-11-22T10:00:00"},"customer":{"phones":["98765-4321"]}})");
    CHECK(formatRfc3339(record.source.occurredAt->at) == "2026-11-22T14:00:00Z");
    REQUIRE(record.customer.phones.size() == 1);
    CHECK(record.customer.phones[0].number == "+5592987654321");
    CHECK(record.customer.phones[0].dddAssumed);
    CHECK(record.flags == std::vector<Flag>{{"/customer/phones/0", "phone_ddd_assumed"}});
}

TEST_CASE("what makes no sense is kept as it came and flagged, never refused") {
    const auto record = mustRead(R"({"kind":"lead","source":{"occurred_at":"2027-11-22T10:00:00Z"},
        "customer":{"name":"Cliente OLX","document":"111.111.111-11","phones":["123"],"emails":["nao tem","teste@teste.com"],
                    "address":{"state":"XX","postal_code":"0"},"birth_date":"0000-00-00"},
        "vehicle":{"plate":"sem placa","vin":"123","fipe":"1","model_year":32000},"lead":{"url":"www.example.com"}})");
    CHECK(record.customer.name.empty());
    CHECK(record.customer.document->number == "111.111.111-11");
    CHECK_FALSE(record.customer.document->valid);
    CHECK(record.customer.phones[0].number == "123");
    CHECK_FALSE(record.customer.phones[0].valid);
    CHECK_FALSE(record.customer.emails[0].valid);
    CHECK(record.customer.emails[1].address == "teste@teste.com");
    CHECK_FALSE(record.customer.emails[1].valid);
    CHECK(record.vehicle->plate.empty());
    CHECK(record.vehicle->vin.empty());
    CHECK_FALSE(record.vehicle->modelYear);
    CHECK(record.flags == std::vector<Flag>{{"/source/occurred_at", "time_in_future"},
                                            {"/customer/name", "name_placeholder"},
                                            {"/customer/document", "document_repeated"},
                                            {"/customer/phones/0", "phone_utility"},
                                            {"/customer/emails/0", "email_format"},
                                            {"/customer/emails/1", "email_placeholder"},
                                            {"/customer/address/state", "uf_unknown"},
                                            {"/customer/address/postal_code", "postal_code_format"},
                                            {"/customer/birth_date", "date_placeholder"},
                                            {"/vehicle/plate", "plate_placeholder"},
                                            {"/vehicle/vin", "vin_length"},
                                            {"/vehicle/fipe", "fipe_format"},
                                            {"/vehicle/model_year", "year_format"},
                                            {"/lead/url", "url_scheme"}});
    CHECK(record.body.find(R"("plate":"sem placa")") != std::string::npos);
    CHECK(record.body.find(R"({"field":"/customer/name","code":"name_placeholder"})") != std::string::npos);
}

TEST_CASE("a birth date that nobody can read loses no lead") {
    const struct {
        const char *written, *kept, *flag;
    } kDates[] = {{"1980-05-01", "1980-05-01", ""},
                  {"19800501", "1980-05-01", ""},
                  {"1980-02-30", "1980-02-30", "date_no_such_day"},
                  {"19729518", "19729518", "date_no_such_day"},
                  {"01/05/1980", "01/05/1980", "date_unreadable"},
                  {"maio de 80", "maio de 80", "date_unreadable"}};
    for (const auto& row : kDates) {
        INFO(row.written);
        const auto record =
            mustRead(R"({"kind":"lead","customer":{"birth_date":")" + std::string(row.written) + R"("}})");
        CHECK(record.body.find(R"("birth_date":")" + std::string(row.kept) + '"') != std::string::npos);
        CHECK(record.customer.birthDate == (*row.flag ? "" : row.kept));
        CHECK(record.flags ==
              (*row.flag ? std::vector<Flag>{{"/customer/birth_date", row.flag}} : std::vector<Flag>{}));
    }
}

TEST_CASE("phones and e-mails may come in one text, in a list, as numbers, and twice") {
    const auto phones = [](const std::string& json) {
        std::vector<std::string> out;
        for (const auto& phone :
             mustRead(R"({"kind":"lead","customer":{"phones":)" + json + "}}").customer.phones)
            out.push_back(phone.number);
        return out;
    };
    using List = std::vector<std::string>;
    CHECK(phones(R"("(11) 98765-4321 / 21 3333-4444")") == List{"+5511987654321", "+552133334444"});
    CHECK(phones(R"(["11987654321; 2133334444", null, "", "2144445555"])") ==
          List{"+5511987654321", "+552133334444", "+552144445555"});
    CHECK(phones("11987654321") == List{"+5511987654321"});
    CHECK(phones("[11987654321]") == List{"+5511987654321"});
    CHECK(phones(R"(["(11) 98765-4321", "11987654321", "+55 11 98765-4321"])") == List{"+5511987654321"});
    CHECK(phones("[]").empty());

    const auto record = mustRead(R"({"kind":"lead","customer":{"phones":["98765-4321","(11) 98765-4321"]}})");
    CHECK_FALSE(record.customer.phones.at(0).dddAssumed);
    CHECK(record.flags.empty());

    const auto emails =
        mustRead(R"({"kind":"lead","customer":{"emails":"A@example.com; b@example.com a@example.com"}})")
            .customer.emails;
    REQUIRE(emails.size() == 2);
    CHECK(emails[0].address == "a@example.com");
    CHECK(emails[1].address == "b@example.com");
}

TEST_CASE("numbers stand for texts, and a document that lost its zero as a number is mended") {
    const auto record = mustRead(
        R"({"kind":"lead","source":{"external_id":4455},"customer":{"document":6648483113},"vehicle":{"ad_id":1.5}})");
    CHECK(record.source.externalId == "4455");
    CHECK(record.customer.document->number == "06648483113");
    CHECK(record.vehicle->adId == "1.5");
}

TEST_CASE("null and empty texts count as absent") {
    const auto record = mustRead(
        R"({"kind":"lead","source":null,"dealer":null,"customer":{"name":"","document":null,"phones":[],
        "address":{"city":" "},"consent":{},"handles":{"whatsapp":""}},"vehicle":{"plate":null},"lead":{},"extra":null})");
    CHECK(record.body == R"({"kind":"lead","source":{"integration":"site"},"dealer":"centro"})");
    CHECK_FALSE(record.vehicle);
    CHECK_FALSE(record.customer.address);
    CHECK_FALSE(record.customer.document);
}

TEST_CASE("unknown keys are kept under their own path in extra") {
    const auto record =
        mustRead(R"({"kind":"sale","score":7.5,"customer":{"nick":"Mah","address":{"reference":null}},
        "sale":{"payments":[{"method":"cash","tax":{"x":[1,true,-2.5e-7,"a\"b"]}}]},"extra":{"score":1,"customer":{"old":true},"utm":"x"}})");
    CHECK(
        record.body ==
        R"({"kind":"sale","source":{"integration":"site"},"dealer":"centro","sale":{"payments":[{"method":"cash"}]},)"
        R"("extra":{"customer":{"address":{"reference":null},"nick":"Mah","old":true},)"
        R"("sale":{"payments":{"0":{"tax":{"x":[1,true,-2.5e-07,"a\"b"]}}}},"score":7.5,"utm":"x"}})");
}

TEST_CASE("money is exact and has two decimals") {
    const auto amount = [](const std::string& json) {
        const std::string body = mustRead(R"({"kind":"lead","lead":{"amount":)" + json + "}}").body;
        const auto at = body.find(R"("amount":)");
        return body.substr(at + 9, body.find('}', at) - at - 9);
    };
    CHECK(amount("68500") == "68500.00");
    CHECK(amount("68500.0") == "68500.00");
    CHECK(amount("68500.10") == "68500.10");
    CHECK(amount("0.29") == "0.29");
    CHECK(amount("1e5") == "100000.00");
    CHECK(amount("-12.5") == "-12.50");
    CHECK(amount("9999999999.99") == "9999999999.99");
    CHECK(amount(R"("68500.10")") == "68500.10");
    CHECK(amount(R"(" 68500.1000 ")") == "68500.10");
}

TEST_CASE("the customer's end of a call depends on its direction") {
    const auto phone = [](const char* direction) {
        const auto record = mustRead(
            std::string(R"({"kind":"call","call":{"direction":")") + direction +
            R"(","from":"(11) 98765-4321","to":"(11) 3333-4444","talk_seconds":61,"result":"answered"}})");
        return record.callPhone->number;
    };
    CHECK(phone("in") == "+5511987654321");
    CHECK(phone("OUT") == "+551133334444");
    CHECK_FALSE(mustRead(R"({"kind":"call"})").callPhone);
}

TEST_CASE("the trade-in of a sale is the record's trade-in") {
    const auto record = mustRead(R"({"kind":"sale","sale":{"amount":70000,"trade_in":{"plate":"ABC1234"}}})");
    REQUIRE(record.tradeIn);
    CHECK(record.tradeIn->plate == "ABC1C34");
    CHECK(record.body.find(R"("trade_in":{"plate":"ABC1C34"},"sale":{"amount":70000.00}})") !=
          std::string::npos);
}

TEST_CASE("each kind carries its own block") {
    const char* const blocks[][2] = {
        {"lead", R"({"type":"test_drive","seller":{"id":"7","name":"ANA SOUZA"},"utm_source":"google"})"},
        {"call",
         R"({"direction":"in","from":"+5511987654321","started_at":"2026-11-22T13:00:00Z","result":"missed"})"},
        {"message",
         R"({"conversation_id":"c1","direction":"in","channel":"whatsapp","text":"Oi","attachments":[{"url":"https://example.com/a.jpg"}]})"},
        {"sale",
         R"({"declared_by":"ana","sold_at":"2026-11-22","amount":1,"discounts":[{"amount":2.5}],"options":[{"description":"Tapete"}]})"},
        {"invoice",
         R"({"access_key":"35080599999090910270550010000000015180051273","issuer":{"document":"11222333000181"},"items":[{"quantity":"1.0000"}]})"},
        {"appointment", R"({"type":"visit","at":"2026-11-25T10:00:00-03:00","status":"booked"})"},
        {"work_order", R"({"number":"77","opened_at":"2026-11-22","amount":10.5,"km":31000})"},
        {"credit_offer",
         R"({"bank":"Banco","amount":50000,"installments":48,"rate_monthly":1.99,"valid_until":"2026-12-22"})"},
        {"credit_simulation", R"({"bank":"Banco","down_payment":"10000.00","installment_amount":1500.4})"},
        {"prospect", R"({"campaign":"Troque","valid_until":"2026-12-31"})"},
    };
    for (const auto& [kind, block] : blocks) {
        INFO(kind);
        const auto record =
            mustRead(std::string(R"({"kind":")") + kind + R"(",")" + kind + "\":" + block + "}");
        CHECK(model::name(record.kind) == kind);
        CHECK(record.flags.empty());
        CHECK(record.body.find(std::string("\"") + kind + "\":{") != std::string::npos);
        CHECK(record.body.find("extra") == std::string::npos);
    }
}

TEST_CASE("texts lose outer blanks and NUL characters, and are escaped") {
    const auto record =
        mustRead("{\"kind\":\"lead\",\"lead\":{\"message\":\"  a\\u0000b\\n\\\"\\\\\\u0001\\t \"}}");
    CHECK(record.body.find(R"("message":"ab\n\"\\\u0001")") != std::string::npos);
}

TEST_CASE("a number beyond 64 bits is kept as text") {
    const auto record = read(R"({"kind":"lead","source":{"external_id":123456789012345678901},)"
                             R"("order":-99999999999999999999,"x":"\\\"1e999"})",
                             testContext());
    REQUIRE(record.ok());
    CHECK(record->source.externalId == "123456789012345678901");
    CHECK(record->body.find(R"("order":"-99999999999999999999")") != std::string::npos);
    CHECK_FALSE(read(R"({"kind":"lead","x":12345678901234567890123)", testContext()).ok());
}
