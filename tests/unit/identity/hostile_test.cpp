#include "base/utf8.hpp"
#include "identity/access_key.hpp"
#include "identity/date.hpp"
#include "identity/document.hpp"
#include "identity/email.hpp"
#include "identity/money.hpp"
#include "identity/name.hpp"
#include "identity/name_key.hpp"
#include "identity/number.hpp"
#include "identity/phone.hpp"
#include "identity/place.hpp"
#include "identity/plate.hpp"
#include "identity/text.hpp"
#include "identity/vehicle_ids.hpp"
#include "identity/vehicle_text.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace trevo;
using namespace trevo::identity;

namespace {

void readEverything(const std::string& bytes) {
    CHECK_FALSE(readDocument(bytes).valid);
    readPhone(bytes, bytes);
    readPhones(bytes, "11");
    readPlate(bytes);
    CHECK_FALSE(readVin(bytes).valid);
    readRenavam(bytes);
    readFipe(bytes);
    readPostalCode(bytes);
    readState(bytes);
    cityMatchKey(bytes);
    readEmail(bytes);
    readEmails(bytes);
    emailMatchKey(bytes);
    CHECK(isUtf8(readName(bytes).normalised));
    nameKey(bytes);
    composed(bytes);
    readAccessKey(bytes);
    for (const auto format : {MoneyFormat::Brazilian, MoneyFormat::Decimal, MoneyFormat::Cents})
        readMoney(bytes, format);
    for (const auto format : {DateFormat::Iso, DateFormat::Brazilian, DateFormat::Compact,
                              DateFormat::EpochSeconds, DateFormat::EpochMillis, DateFormat::ExcelSerial}) {
        readDateTime(bytes, format, "America/Sao_Paulo");
        readDate(bytes, format);
    }
    readInteger(bytes, NumberFormat::Brazilian);
    readYearPair(bytes);
    readVehicleText(bytes, bytes, bytes);
    readVehicleText({}, {}, bytes);
}

} // namespace

TEST_CASE("no bytes whatever make a normaliser fail") {
    readEverything(std::string(200'000, '9'));
    readEverything(std::string(200'000, ' '));
    readEverything(std::string(200'000, '\xC3'));
    readEverything(std::string(100'000, '.') + "@" + std::string(100'000, '.'));
    readEverything(std::string("\0\x01\x1F\x7F", 4));
    readEverything("\xFF\xFE\xC0\x80\xED\xA0\x80\xF4\x90\x80\x80");
    readEverything("\xC3");
    readEverything("a\xE2\x80");

    std::mt19937 random(20261122); // the same bytes in every run
    static constexpr std::string_view kAlphabet = "0123456789+-./ ()eEouxr#@,;RS$\xC3\xA3\x83\xC2\x80\xE2\xFF"
                                                  "AÃ£JrDdeLtda";
    for (int round = 0; round < 5000; ++round) {
        std::string bytes;
        const auto size = random() % 40;
        for (unsigned i = 0; i < size; ++i)
            bytes += kAlphabet[random() % kAlphabet.size()];
        if (!readDocument(bytes).valid && !readVin(bytes).valid) readEverything(bytes);
    }
}
