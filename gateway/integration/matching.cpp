#include "integration/matching.hpp"

#include "match/model.hpp"

namespace trevo {

Result<store::Options, toml::Errors> storeOptionsOf(const config::Config& config) {
    store::Options options;
    options.path = config.dataDir + "/store.db";
    options.negotiationWindow = config.negotiationWindowDays * kDay;
    match::Settings& matching = options.matching;
    if (!config.matchingModel.empty()) {
        auto model = match::readModelFile(config.matchingModel);
        if (!model) return model.error();
        matching.model = *model;
    }
    matching.genericPersons = static_cast<std::size_t>(config.genericPersons);
    for (const auto& dealer : config.dealers) {
        options.dealers.push_back({dealer.id, dealer.group, dealer.cnpj});
        if (!dealer.cnpj.empty()) matching.genericDocuments.insert(dealer.cnpj);
        matching.genericPhones.insert(dealer.phones.begin(), dealer.phones.end());
        matching.genericEmails.insert(dealer.emails.begin(), dealer.emails.end());
    }
    return options;
}

} // namespace trevo
