#include "integration/matching.hpp"

#include "match/model.hpp"

#include <string_view>
#include <utility>

namespace trevo {
namespace {

store::DuplicateRule ruleOf(const config::Duplicates& from, const config::Config& config) {
    using Rule = store::DuplicateRule;
    Rule rule;
    rule.dealers = from.dealers;
    for (const auto& dealer : config.dealers)
        if (!from.group.empty() && dealer.group == from.group) rule.dealers.push_back(dealer.id);
    if (from.policy != "merge")
        rule.policy = from.policy == "flag" ? Rule::Policy::Flag : Rule::Policy::Refuse;
    if (from.same == "person") rule.same = Rule::Same::Person;
    if (from.within != "dealer")
        rule.within = from.within == "group" ? Rule::Within::Group : Rule::Within::OtherDealer;
    rule.window = from.windowDays * kDay;
    return rule;
}

match::Survivorship survivorshipOf(const config::Survivorship& from) {
    using Rule = match::Survivorship::Rule;
    const auto rule = [](std::string_view word) {
        if (word == "fiscal") return Rule::Fiscal;
        if (word == "trusted") return Rule::Trusted;
        if (word == "frequent") return Rule::Frequent;
        if (word == "contact") return Rule::Contact;
        return word == "latest" ? Rule::Latest : Rule::Fullest;
    };
    match::Survivorship rules;
    rules.name = rule(from.name);
    rules.document = rule(from.document);
    rules.birthDate = rule(from.birthDate);
    rules.address = rule(from.address);
    rules.phones = rule(from.phones);
    rules.emails = rule(from.emails);
    if (!from.trust.empty()) rules.trust.clear();
    for (const auto& kind : from.trust)
        rules.trust.push_back(model::kindNamed(kind).value());
    return rules;
}

} // namespace

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
    matching.survivorship = survivorshipOf(config.survivorship);
    for (const auto& rule : config.duplicates)
        options.duplicates.push_back(ruleOf(rule, config));
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
