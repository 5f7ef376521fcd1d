// ./dev bench decode [ROUNDS]: the processor time of one lead's checks on the answer path, of its mapping,
// and of reading what was mapped into a normalised record, for a lead of each format.
#include "canonical/read.hpp"
#include "mapping/mapping.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace trevo;

namespace {

struct Sample {
    const char* mapping;
    const char* contentType;
    std::string body;
};

const Sample kSamples[] = {
    {"olx/lead", "application/json",
     R"({"source":"financing","adId":"A-5512","listId":"1300000077","linkAd":"https://www.olx.com.br/vi/1300000077",)"
     R"("name":"Joana Conceição de Melo","email":"joana.melo@example.com","phone":"51900000005",)"
     R"("message":"Boa tarde! Simulei em 48x com entrada de vinte mil. Aceita um Onix 2019 na troca? Posso ir no sábado de manhã fazer o test drive, se ainda estiver disponível. Obrigada.",)"
     R"("createdAt":"2026-11-21T12:10:44.120Z","externalId":"7c2e-41aa-90b1",)"
     R"("adsInfo":{"category":2020,"subject":"Chevrolet Onix LT 1.0 Turbo","type":"sell","price":"64900","zipcode":"90000000",)"
     R"("regdate":"2021","mileage":"41000","gearbox":"1","fuel":"3","vehicle_brand":"27","vehicle_model":"112","vehicle_version":"9",)"
     R"("vehicle_tag":"ABC1D23","doors":"2","car_steering":"2","carcolor":"2","exchange":"1","owner":"1",)"
     R"("car_features":"1|3|5|7|9","financial":"1|2","financial_status":"1","end_tag":"4"}})"},
    {"site/form", "application/x-www-form-urlencoded",
     "nome=Marina+Prado&e-mail=marina%40example.com&celular=%2811%29+90000-0001&mensagem=Aceita+troca%3F&"
     "placa="
     "ABC1D23&preco=R%24+71.900%2C00&utm_source=google&utm_medium=cpc&aceite=sim"},
    {"adf/prospect", "application/x-adf+xml",
     "<?xml version=\"1.0\"?><adf><prospect status=\"new\"><id "
     "source=\"Portal\">PX-88120</id><requestdate>2026-11-21T09:"
     "30:00-03:00</requestdate><vehicle "
     "interest=\"buy\"><year>2022</year><make>Fiat</make><model>Argo</model></"
     "vehicle><customer><contact><name part=\"full\">Marina "
     "Prado</name><email>marina@example.com</email><phone>"
     "11900000001</phone></contact><comments>Aceita troca?</comments></customer></prospect></adf>"},
};

template <class Work>
double microseconds(long rounds, Work work) {
    const std::clock_t begin = std::clock();
    for (long i = 0; i < rounds; ++i) {
        if (!work()) {
            std::fputs("the sample was refused\n", stderr);
            std::exit(1);
        }
    }
    const auto took = static_cast<double>(std::clock() - begin) * 1e6 / CLOCKS_PER_SEC;
    return took / static_cast<double>(rounds);
}

} // namespace

int main(int argc, char** argv) {
    const long rounds = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 100'000;
    if (rounds <= 0) {
        std::fputs("usage: bench_decode [rounds]\n", stderr);
        return 2;
    }
    for (const Sample& sample : kSamples) {
        const auto mapping = mapping::Mapping::compileFile(std::string(TREVO_SOURCE_DIR) + "/mappings/" +
                                                           sample.mapping + ".map.toml");
        if (!mapping.ok()) {
            std::fputs(toml::describe(mapping.error()).c_str(), stderr);
            return 1;
        }
        const mapping::Document document{sample.contentType, sample.body, {}};
        const double check = microseconds(rounds, [&] { return (*mapping)->check(document).ok(); });
        const double apply = microseconds(rounds, [&] { return (*mapping)->apply(document).ok(); });
        const auto mapped = (*mapping)->apply(document);
        canonical::Context context;
        context.integration = "bench";
        context.defaultDealer = "centro";
        context.dealerZone = [](std::string_view) { return std::string("America/Sao_Paulo"); };
        context.dealerDdd = [](std::string_view) { return std::string("11"); };
        const double read =
            microseconds(rounds, [&] { return canonical::read(mapped->records.front(), context).ok(); });
        std::printf("%-14s %4zu bytes: check %5.2f us, map %5.2f us, normalise %5.2f us, %7.0f leads/s "
                    "decoded on one core\n",
                    sample.mapping, sample.body.size(), check, apply, read, 1e6 / (apply + read));
    }
    return 0;
}
