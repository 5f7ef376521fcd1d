#include "identity/plate.hpp"
#include "identity/vehicle_ids.hpp"
#include "identity/vehicle_text.hpp"

#include <catch2/catch.hpp>

using namespace trevo::identity;

TEST_CASE("plates fold to the Mercosul form") {
    struct Row {
        const char *rule, *raw, *normalised, *oldForm, *suggestion, *why;
    };
    const Row rows[] = {
        {"old form", "ABC1234", "ABC1C34", "ABC1234", "", ""},
        {"Mercosul form", "ABC1C34", "ABC1C34", "ABC1234", "", ""},
        {"9 folds to J", "LCV9999", "LCV9J99", "LCV9999", "", ""},
        {"J folds back to 9", "LCV9J99", "LCV9J99", "LCV9999", "", ""},
        {"0 folds to A", "QRS1034", "QRS1A34", "QRS1034", "", ""},
        {"mask and lower case", " abc-1234 ", "ABC1C34", "ABC1234", "", ""},
        {"dots and blanks", "ABC 1.D.23", "ABC1D23", "ABC1323", "", ""},
        {"fifth letter beyond J has no old form", "ABC1K34", "ABC1K34", "", "", ""},
        {"placeholder of zeros", "AAA0000", "", "", "", "plate_placeholder"},
        {"placeholder folded", "AAA0A00", "", "", "", "plate_placeholder"},
        {"placeholder of X", "XXX-0000", "", "", "", "plate_placeholder"},
        {"word for none", "sem placa", "", "", "", "plate_placeholder"},
        {"new car", "0KM", "", "", "", "plate_placeholder"},
        {"zero", "ZERO", "", "", "", "plate_placeholder"},
        {"Argentine plate", "AB123CD", "", "", "", "plate_foreign"},
        {"O for 0 is only suggested", "ABC123O", "", "", "ABC1C30", "plate_format"},
        {"8 for B is only suggested", "A8C1234", "", "", "ABC1C34", "plate_format"},
        {"I for 1 is only suggested", "ABCID23", "", "", "ABC1D23", "plate_format"},
        {"too short", "ABC123", "", "", "", "plate_format"},
        {"too long", "ABC12345", "", "", "", "plate_format"},
        {"empty", " - ", "", "", "", "plate_empty"},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const auto reading = readPlate(row.raw);
        CHECK(reading.normalised == row.normalised);
        CHECK(reading.oldForm == row.oldForm);
        CHECK(reading.suggestion == row.suggestion);
        CHECK(reading.why == row.why);
        CHECK(reading.valid == reading.why.empty());
    }
}

TEST_CASE("a chassis number is judged by length and alphabet, never by its check digit") {
    struct Row {
        const char *rule, *raw, *normalised, *suggestion, *why;
    };
    const Row rows[] = {
        {"fine in Brazil though its ninth position fails the American rule", "9BWZZZ377VT004251",
         "9BWZZZ377VT004251", "", ""},
        {"blanks, hyphens, lower case", "9bw zzz-377vt 004251", "9BWZZZ377VT004251", "", ""},
        {"imported car", "3VWFE21C04M000001", "3VWFE21C04M000001", "", ""},
        {"letter O is suggested as 0", "9BWZZZ377VTO04251", "9BWZZZ377VTO04251", "9BWZZZ377VT004251",
         "vin_characters"},
        {"letters I and Q", "9BWZZZ377VTQ0425I", "9BWZZZ377VTQ0425I", "9BWZZZ377VT004251", "vin_characters"},
        {"older car", "BA123456", "BA123456", "", "vin_length"},
        {"22 characters", "9BWZZZ377VT00425112345", "9BWZZZ377VT00425112345", "", "vin_length"},
        {"one character repeated", "00000000000000000", "00000000000000000", "", "vin_placeholder"},
        {"foreign characters", "9BWZZZ377VT00425!", "9BWZZZ377VT00425!", "", "vin_characters"},
        {"empty", "", "", "", "vin_empty"},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const auto reading = readVin(row.raw);
        CHECK(reading.normalised == row.normalised);
        CHECK(reading.suggestion == row.suggestion);
        CHECK(reading.why == row.why);
        CHECK(reading.valid == reading.why.empty());
    }
    CHECK(readVin("9BWZZZ377VT00425A").serialNotNumeric);
    CHECK_FALSE(readVin("9BWZZZ377VT004251").serialNotNumeric);
}

TEST_CASE("position 10 of a chassis number codes the model year in a cycle of 30") {
    const auto year = [](char code, int latest) {
        std::string vin = "9BWZZZ377VT004251";
        vin[9] = code;
        return vinModelYear(vin, latest).value_or(0);
    };
    CHECK(year('A', 2000) == 1980);
    CHECK(year('A', 2026) == 2010);
    CHECK(year('Y', 2026) == 2000);
    CHECK(year('Y', 2031) == 2030);
    CHECK(year('1', 2026) == 2001);
    CHECK(year('U', 2026) == 0);
    CHECK(year('0', 2026) == 0);
    CHECK_FALSE(vinModelYear("9BW", 2026));
}

TEST_CASE("RENAVAM numbers are padded and checked") {
    for (const char* valid : {"00639884962", "01234567897", "01042817364"}) {
        INFO(valid);
        CHECK(readRenavam(valid).valid);
    }
    CHECK(readRenavam("639884962").normalised == "00639884962");
    CHECK(readRenavam("639884962").valid);
    CHECK(readRenavam("00639884963").why == "renavam_check_digit");
    CHECK(readRenavam("00000000000").why == "renavam_repeated");
    CHECK(readRenavam("12345678").why == "renavam_length");
    CHECK(readRenavam("0063988496X").why == "renavam_length");
    CHECK(readRenavam("").why == "renavam_empty");
}

TEST_CASE("FIPE codes keep their zeros and gain their hyphen") {
    CHECK(readFipe("001004-9").normalised == "001004-9");
    CHECK(readFipe("0010049").normalised == "001004-9");
    CHECK(readFipe(" 001004 9 ").valid);
    CHECK(readFipe("10049").why == "fipe_format");
    CHECK(readFipe("0000000").why == "fipe_format");
    CHECK(readFipe("00100A-9").why == "fipe_format");
    CHECK(readFipe("").why == "fipe_empty");
}

TEST_CASE("a text names brand, model family and model year") {
    struct Row {
        const char *rule, *brand, *model, *text, *maker, *family;
        int year;
    };
    const Row rows[] = {
        {"text alone", "", "", "Fiat Argo 1.3 2022", "FIAT", "ARGO", 2022},
        {"two years: built, model", "", "", "VW - T-Cross 200 TSI 2021/2022", "VOLKSWAGEN", "TCROSS", 2022},
        {"a blank for the dash", "", "", "Volkswagen T Cross", "VOLKSWAGEN", "TCROSS", 0},
        {"words before the brand", "", "", "Tenho interesse no Chevrolet Onix Plus LTZ 2020", "CHEVROLET",
         "ONIXPLUS", 2020},
        {"a family tells its brand", "", "", "Corolla XEi 2.0 2019", "TOYOTA", "COROLLA", 2019},
        {"the longer family", "", "", "corolla cross xre", "TOYOTA", "COROLLACROSS", 0},
        {"a family in digits is no year", "", "", "Peugeot 2008 Griffe 2018", "PEUGEOT", "2008", 2018},
        {"digits alone are no family", "", "", "ano 2008", "", "", 0},
        {"a brand in two words", "", "", "Land Rover Range Rover Evoque 2016", "LANDROVER",
         "RANGEROVEREVOQUE", 2016},
        {"a text without a car", "", "", "Quero vender meu carro, qual o valor?", "", "", 0},
        {"fields win", "Fiat", "Mobi", "Fiat Argo 2022", "FIAT", "MOBI", 0},
        {"fields filled up from the text", "Fiat", "Argo Drive 1.0", "Argo Drive 1.0 2023", "FIAT", "ARGO",
         2023},
        {"the brand again in the model", "GM", "Chevrolet Onix 1.0", "", "CHEVROLET", "ONIX", 0},
        {"a model that is not known keeps its words", "Fiat", "Novo Modelo 1.0", "", "FIAT",
         "NOVO MODELO 1.0", 0},
        {"a brand that is not known", "Marca X", "HB20S Comfort", "", "MARCA X", "HB20S", 0},
        {"nothing", "", "", "", "", "", 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.rule);
        const VehicleText car = readVehicleText(row.brand, row.model, row.text);
        CHECK(car.brand == row.maker);
        CHECK(car.model == row.family);
        CHECK(car.modelYear.value_or(0) == row.year);
    }
}
