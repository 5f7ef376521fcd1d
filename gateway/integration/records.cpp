#include "integration/records.hpp"

#include "canonical/read.hpp"

namespace trevo {

namespace {

// Dealers of the configuration by id or CNPJ; without any declared, ids are taken as they come.
std::string dealerOfConfig(const config::Config& config, std::string_view reference) {
    if (config.dealers.empty()) return std::string(reference);
    const auto* dealer = config.dealerOf(reference);
    return dealer ? dealer->id : std::string();
}

} // namespace

Result<model::Record, Problems> readRecord(std::string_view canonicalJson, const RecordContext& context) {
    const config::Config& config = context.config;
    canonical::Context reading;
    reading.integration = context.source;
    reading.anyIntegration = context.anySource;
    reading.dealerOptional = context.integration == nullptr;
    reading.defaultDealer = context.dealer;
    if (reading.defaultDealer.empty() && config.dealers.size() == 1)
        reading.defaultDealer = config.dealers.front().id;
    reading.resolveDealer = [&](std::string_view reference) {
        return context.integration ? context.integration->dealerOf(reference)
                                   : dealerOfConfig(config, reference);
    };
    reading.dealerZone = [&](std::string_view id) {
        const auto* dealer = config.findDealer(id);
        return dealer ? dealer->timeZone : std::string("America/Sao_Paulo");
    };
    reading.dealerDdd = [&](std::string_view id) {
        const auto* dealer = config.findDealer(id);
        return dealer ? dealer->ddd : std::string();
    };
    reading.receivedAt = context.receivedAt;
    return canonical::read(canonicalJson, reading);
}

} // namespace trevo
