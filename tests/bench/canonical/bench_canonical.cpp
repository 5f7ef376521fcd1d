// Prints the CPU time that reading one canonical lead of some 900 bytes takes: bench_canonical [rounds]
#include "canonical/read.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace trevo;

namespace {

constexpr std::string_view kLead =
    R"({"kind":"lead","source":{"integration":"site","external_id":"A-1","channel":"site","occurred_at":"2026-11-22T10:00:00-03:00"},)"
    R"("dealer":"centro","customer":{"name":"Maria da Conceição Souza","document":"529.982.247-25","phones":["(11) 99876-5432"],)"
    R"("emails":["maria.souza@example.com"],"address":{"city":"São Paulo","state":"SP","postal_code":"01310-100"},)"
    R"("birth_date":"1980-05-01","consent":{"whatsapp":true,"email":false},"handles":{"whatsapp":"5511998765432"}},)"
    R"("vehicle":{"plate":"ABC1D23","vin":"9BWZZZ377VT004251","fipe":"001004-9","brand":"Fiat","model":"Argo","version":"1.3 Drive",)"
    R"("model_year":2022,"build_year":2021,"km":31000,"color":"prata","price":71900.00,"ad_id":"4455667","text":"Fiat Argo 1.3 2022"},)"
    R"("lead":{"type":"proposal","message":"Boa tarde! Aceita um Onix 2019 na troca? Tenho interesse em fazer o test drive no sábado.",)"
    R"("amount":68500.00,"campaign":"natal-2026","temperature":"hot","utm_source":"google","utm_medium":"cpc"}})";

} // namespace

int main(int argc, char** argv) {
    const long rounds = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 200'000;
    if (rounds <= 0) {
        std::fputs("usage: bench_canonical [rounds]\n", stderr);
        return 2;
    }
    canonical::Context context;
    context.integration = "site";
    context.resolveDealer = [](std::string_view name) { return std::string(name); };
    context.dealerZone = [](std::string_view) { return std::string("America/Sao_Paulo"); };
    context.dealerDdd = [](std::string_view) { return std::string("11"); };

    std::size_t bytes = 0;
    const std::clock_t begin = std::clock(); // of the process: busy neighbours do not count
    for (long i = 0; i < rounds; ++i) {
        const auto record = canonical::read(kLead, context);
        if (!record || !record->flags.empty()) {
            std::fputs("the lead was not read cleanly\n", stderr);
            return 1;
        }
        bytes += record->body.size();
    }
    const double micros = 1e6 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::printf("canonical read: %.2f us of CPU per lead of %zu bytes (body %zu bytes), %ld rounds\n",
                micros / static_cast<double>(rounds), kLead.size(), bytes / static_cast<std::size_t>(rounds),
                rounds);
    return 0;
}
