#include "callback.hpp"

#include <trevo/outcome.hpp>
#include <trevo/partner.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::webmotors {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxHints = 500;
constexpr std::size_t kMaxIdLength = 64;

std::string plainKey(std::string_view key) {
    std::string plain;
    for (const char c : key) {
        if (c != '_') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return plain;
}

std::string textOf(const json& value, const std::string& field) {
    std::string text;
    if (value.is_string()) {
        text = value.get<std::string>();
        const auto blank = [](char c) { return c == ' ' || c == '\t'; };
        text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
        while (!text.empty() && blank(text.back()))
            text.pop_back();
    } else if (value.is_number_integer()) {
        text = value.dump();
    } else if (!value.is_null()) {
        throw Stop(Outcome::reject("wrong_type", field, "expected a text or a whole number"));
    }
    if (text.size() > kMaxIdLength) throw Stop(Outcome::reject("too_long", field, "an id of over 64 bytes"));
    return text;
}

Hint readHint(const json& object, const std::string& at) {
    if (!object.is_object())
        throw Stop(Outcome::reject("wrong_type", at, "expected an object with IdLead and IdTipoLead"));
    Hint hint;
    hint.at = at;
    for (const auto& [key, value] : object.items()) {
        const std::string plain = plainKey(key);
        const std::string field = at + '/' + key;
        if (plain == "idlead") hint.leadId = textOf(value, field);
        if (plain == "idtipolead") hint.typeId = textOf(value, field);
        if (plain == "codigocliente") hint.dealerCode = textOf(value, field);
        if (plain == "cnpj") hint.cnpj = plainCnpj(textOf(value, field));
    }
    if (hint.leadId.empty())
        throw Stop(Outcome::reject("missing_field", at + "/IdLead", "IdLead is missing"));
    if (hint.typeId.empty())
        throw Stop(Outcome::reject("missing_field", at + "/IdTipoLead", "IdTipoLead is missing"));
    return hint;
}

} // namespace

std::string plainCnpj(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        if (c == '.' || c == '/' || c == '-' || c == ' ') continue;
        plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    // Sent as a number it has lost its leading zeros.
    if (!plain.empty() && plain.size() < 14) plain.insert(0, 14 - plain.size(), '0');
    return plain;
}

std::vector<Hint> readCallback(std::string_view body, Outcome& worst) {
    const json root = json::parse(body.begin(), body.end(), nullptr, false);
    if (root.is_discarded()) throw Stop(Outcome::reject("bad_json", "", "the announcement is not JSON"));
    std::vector<Hint> hints;
    if (!root.is_array()) {
        hints.push_back(readHint(root, ""));
        return hints;
    }
    if (root.size() > kMaxHints)
        throw Stop(Outcome::reject("too_many", "", "more than 500 leads are announced at once"));
    for (std::size_t i = 0; i < root.size(); ++i) {
        try {
            hints.push_back(readHint(root[i], '/' + std::to_string(i)));
        } catch (const Stop& stop) {
            partner::keepWorse(worst, stop.outcome());
        }
    }
    return hints;
}

const Dealer& dealerOf(const Hint& hint, const std::vector<Dealer>& dealers) {
    for (const Dealer& dealer : dealers) {
        if (!hint.cnpj.empty() && plainCnpj(dealer.settings.text("cnpj", "")) == hint.cnpj) return dealer;
    }
    for (const Dealer& dealer : dealers) {
        if (!hint.dealerCode.empty() && dealer.settings.text("code", "") == hint.dealerCode) return dealer;
    }
    if (hint.cnpj.empty() && hint.dealerCode.empty() && dealers.size() == 1) return dealers.front();
    throw Stop(Outcome::reject("unknown_dealer", hint.at + (hint.cnpj.empty() ? "/CodigoCliente" : "/Cnpj"),
                               "no dealer of this integration has this CNPJ or store code"));
}

} // namespace trevo::webmotors
