#include "simulators/portals.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::sim {

namespace {

using json = nlohmann::ordered_json;

std::string idOf(const char* prefix, const Lead& lead) {
    return prefix + std::to_string(lead.id);
}

Document inJson(const json& body) {
    return {"application/json", body.dump()};
}

void putIfGiven(json& into, const char* name, const std::string& value) {
    if (!value.empty()) into[name] = value;
}

std::string carOf(const Lead& lead) {
    return lead.vehicle.brand + ' ' + lead.vehicle.model + ' ' + lead.vehicle.version;
}

std::string reais(std::int64_t amount) {
    std::string digits = std::to_string(amount);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ".");
    return std::string("R$ ").append(digits).append(",00");
}

// A quarter are the dealer's own answers, which come back.
Document olxChat(const Lead& lead, const Dealer& dealer, std::int64_t utcMillis) {
    const bool own = lead.dice % 4 == 0;
    json body = {{"chatId", "c-" + std::to_string(lead.person.index)},
                 {"message", own ? "Bom dia! Ainda temos." : lead.message},
                 {"senderType", "account"}, // whoever it is: only origin tells
                 {"name", own ? "Auto " + dealer.id : lead.spelling.name},
                 {"messageTimestamp", isoTime(utcMillis, -3).substr(0, 23)}, // no zone
                 {"messageId", idOf("m-", lead)},
                 {"origin", own ? "seller" : "buyer"},
                 {"listId", std::to_string(1'300'000'000 + lead.vehicle.adId % 1'000'000)}};
    if (!own) {
        putIfGiven(body, "email", lead.spelling.email);
        putIfGiven(body, "phone", lead.spelling.phone.empty() ? "" : lead.person.phone);
    }
    return inJson(body);
}

// A third in the format of old accounts.
Document rdstation(const Lead& lead, const Dealer&, std::int64_t utcMillis) {
    const std::string identifier = idOf("lp-feirao-", lead);
    json person = {{"uuid", "5d0c3c1e-6f0b-4c7e-9b3a-" + std::to_string(100'000'000'000 + lead.person.index)},
                   {"name", lead.spelling.name},
                   {"city", lead.person.city},
                   {"state", lead.person.state},
                   {"tags", {"feirao"}}};
    putIfGiven(person, "email", lead.spelling.email);
    putIfGiven(person, "mobile_phone", lead.spelling.phone);
    if (lead.dice % 3 == 0) {
        person["opportunity"] = "false";
        person["last_conversion"] = {
            {"content",
             {{"identificador", identifier}, {"Mensagem", lead.message}, {"Modelo", lead.vehicle.model}}},
            {"created_at", isoTime(utcMillis)},
            {"source", identifier}};
        return inJson({{"leads", {person}}});
    }
    person["cf_modelo_de_interesse"] = {lead.vehicle.model};
    person["legal_bases"] = {{{"category", "communications"}, {"type", "consent"}, {"status", "granted"}}};
    return inJson({{"event_type", "WEBHOOK.CONVERTED"},
                   {"entity_type", "CONTACT"},
                   {"event_identifier", identifier},
                   {"timestamp", isoTime(utcMillis + 2'000)},
                   {"event_timestamp", isoTime(utcMillis)},
                   {"contact", person}});
}

Document grupoOlx(const Lead& lead, const Dealer&, std::int64_t utcMillis) {
    json body = {{"leadOrigin", "Grupo OLX"},
                 {"timestamp", isoTime(utcMillis, 0)},
                 {"originLeadId", idOf("59ee0fc6", lead)},
                 {"originListingId", std::to_string(lead.vehicle.adId)},
                 {"clientListingId", lead.vehicle.stockId},
                 {"name", lead.spelling.name},
                 {"message", lead.message},
                 {"temperature", lead.dice % 2 == 0 ? "Alta" : "Baixa"},
                 {"transaction_type", "SELL"}};
    putIfGiven(body, "email", lead.spelling.email);
    if (!lead.spelling.phone.empty()) {
        body["ddd"] = lead.person.phone.substr(0, 2);
        body["phone"] = lead.person.phone.substr(2);
        body["phoneNumber"] = lead.person.phone;
    }
    return inJson(body);
}

// No id of the lead: what tells two apart is what they say.
Document leadhub(const Lead& lead, const Dealer& dealer, std::int64_t) {
    static constexpr const char* kSources[] = {"Webmotors Proposta", "iCarros Financiamento",
                                               "Mercado Livre Pergunta", "Feirao Shopping"};
    const Vehicle& car = lead.vehicle;
    json body = {{"LeadSource_Name", kSources[lead.dice % 4]},
                 {"LeadSourceCategory_Name", "Portais"},
                 {"CompanyName", "Grupo Exemplo"},
                 {"DealerName", "Auto Exemplo"},
                 {"DealerStoreName", "Auto Exemplo " + dealer.code},
                 {"ProductType", 1},
                 {"ProductBrandName", car.brand},
                 {"ProductModelName", car.model},
                 {"ProductFullName", carOf(lead)},
                 {"ProductModelYear", std::to_string(car.modelYear)},
                 {"ProductManufactoringYear", std::to_string(car.buildYear)},
                 {"ProductLicencePlate", car.plate},
                 {"ProductPrice", reais(car.priceReais)},
                 {"CustomerName", lead.spelling.name},
                 {"CustomerEmail", lead.spelling.email},
                 {"CustomerPhone", ""},
                 {"CustomerMobilePhone", lead.spelling.phone},
                 {"CustomerCity", lead.person.city},
                 {"CustomerState", lead.person.state},
                 {"CustomerMessage", lead.message},
                 {"Seller", "Equipe"},
                 {"PrivacyPolicyAccepted", true},
                 {"MarketingContact", lead.dice % 5 == 0 ? "optout" : "optin"},
                 {"MarketingContactPreferences", "EMAIL,WHATSAPP"},
                 {"TrafficTrackingIdKey", "gclid"},
                 {"TrafficTrackingIdValue", idOf("Cj0", lead)}};
    putIfGiven(body, "CustomerFiscalDocument", lead.spelling.cpf);
    return inJson(body);
}

Document mrsales(const Lead& lead, const Dealer& dealer, std::int64_t) {
    json customer = {{"Nome", lead.spelling.name},
                     {"Email", lead.spelling.email},
                     {"Telefone", nullptr},
                     {"Celular", lead.spelling.phone},
                     {"IsPJ", false},
                     {"Cidade", lead.person.city},
                     {"UF", lead.person.state},
                     {"AceitaReceberOfertas", true}};
    putIfGiven(customer, "CPF", lead.spelling.cpf);
    return inJson({{"LojaID", std::stoll(dealer.code)},
                   {"Cliente", customer},
                   {"Assunto", carOf(lead)},
                   {"Mensagem", lead.message},
                   {"MidiaID", 3},
                   {"LojaCatalogoID", lead.vehicle.adId},
                   {"IsZeroKM", false},
                   {"TipoLeadID", 1},
                   {"UTM_Content", idOf("anuncio-", lead)}});
}

std::string escaped(const std::string& text) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
            out += c;
        } else {
            out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
        }
    }
    return out;
}

// Half of them as a form.
Document followize(const Lead& lead, const Dealer& dealer, std::int64_t) {
    json body = {{"clientKey", "0123456789abcdef0123456789abcdef"},
                 {"teamKey", std::string(32 - dealer.code.size(), '0') + dealer.code},
                 {"conversionGoal", "Site - Proposta"},
                 {"name", lead.spelling.name},
                 {"email", lead.spelling.email},
                 {"cellPhone", lead.spelling.phone},
                 {"message", lead.message},
                 {"productTitle", carOf(lead)},
                 {"productRefer", std::to_string(lead.vehicle.adId)},
                 {"brandTitle", lead.vehicle.brand},
                 {"registrationNumber", lead.spelling.cpf},
                 {"hubUtmz", "utmcsr=google|utmccn=feirao|utmcmd=cpc|utmcct=" + idOf("anuncio-", lead)}};
    if (lead.dice % 2 == 0) {
        body["legalBases"] = {{"processing", {{"name", "consent"}, {"optIn", true}}}};
        return inJson(body);
    }
    std::string form;
    for (const auto& [name, value] : body.items())
        form += (form.empty() ? "" : "&") + name + '=' + escaped(value.get<std::string>());
    return {"application/x-www-form-urlencoded", form};
}

Document cloudevents(const Lead& lead, const Dealer&, std::int64_t utcMillis) {
    json data = {{"nome", lead.spelling.name},
                 {"mensagem", lead.message},
                 {"placa", lead.vehicle.plate},
                 {"marca", lead.vehicle.brand},
                 {"modelo", lead.vehicle.model}};
    putIfGiven(data, "email", lead.spelling.email);
    putIfGiven(data, "celular", lead.spelling.phone);
    const json event = {{"specversion", "1.0"},
                        {"id", idOf("e-", lead)},
                        {"source", "/portal/leads"},
                        {"type", "lead.received"},
                        {"time", isoTime(utcMillis, 0)},
                        {"datacontenttype", "application/json"},
                        {"data", data}};
    return {"application/cloudevents+json; charset=UTF-8", event.dump()};
}

// A third hide their number, and are known by an id that is not the phone's.
Document whatsapp(const Lead& lead, const Dealer& dealer, std::int64_t utcMillis) {
    const bool hidden = lead.person.index % 3 == 0;
    const std::string number = "55" + lead.person.phone;
    json contact = {{"profile", {{"name", lead.spelling.name}}}};
    json message = {{"id", idOf("wamid.", lead)},
                    {"timestamp", std::to_string(utcMillis / 1'000)},
                    {"type", "text"},
                    {"text", {{"body", lead.message}}}};
    if (hidden) {
        contact["user_id"] = "BR." + std::to_string(1'502'000'000'000'000 + lead.person.index);
    } else {
        contact["wa_id"] = number;
        message["from"] = number;
    }
    const json value = {
        {"messaging_product", "whatsapp"},
        {"metadata", {{"display_phone_number", "551130000000"}, {"phone_number_id", "106" + dealer.code}}},
        {"contacts", {contact}},
        {"messages", {message}}};
    const json body = {
        {"object", "whatsapp_business_account"},
        {"entry", {{{"id", "102"}, {"changes", {{{"field", "messages"}, {"value", value}}}}}}}};
    return {"application/json", body.dump(-1, ' ', true)};
}

// A portal without a public format, in words of its own choice.
Document unknownPortal(const Lead& lead, const Dealer&, std::int64_t utcMillis) {
    json buyer = {{"nome", lead.spelling.name}};
    putIfGiven(buyer, "email", lead.spelling.email);
    if (!lead.spelling.phone.empty()) {
        buyer["ddd"] = lead.person.phone.substr(0, 2);
        buyer["telefone"] = lead.person.phone.substr(2);
    }
    putIfGiven(buyer, "cpf", lead.spelling.cpf);
    return inJson(
        {{"protocolo", idOf("P-", lead)},
         {"criado", isoTime(utcMillis)},
         {"comprador", buyer},
         {"mensagem", lead.message},
         {"veiculo",
          {{"placa", lead.vehicle.plate},
           {"marca", lead.vehicle.brand},
           {"modelo", lead.vehicle.model},
           {"ano", std::to_string(lead.vehicle.buildYear) + '/' + std::to_string(lead.vehicle.modelYear)},
           {"preco", reais(lead.vehicle.priceReais)}}}});
}

class Pushing : public Partner {
  public:
    Pushing(const Portal& portal, const World& world, std::string secret)
        : portal_(portal), world_(world), secret_(std::move(secret)) {}

    bool announces() const override { return false; }
    std::size_t dealerOf(const Lead& lead) const override { return portal_.oneDealer ? 0 : lead.dealer; }

    std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) override {
        Document document = portal_.write(lead, world_.dealers()[dealerOf(lead)], utcMillis);
        Push push{std::move(document.contentType), std::move(document.body), {}};
        switch (portal_.proof) {
        case Proof::Path: break; // the address has it
        case Proof::Bearer: push.headers.emplace_back("Authorization", "Bearer " + secret_); break;
        case Proof::Plain: push.headers.emplace_back("Authorization", secret_); break;
        case Proof::Basic:
            push.headers.emplace_back("Authorization", "Basic " + inBase64("portal:" + secret_));
            break;
        case Proof::HubSignature:
            push.headers.emplace_back("X-Hub-Signature-256",
                                      "sha256=" + inHex(signedWith(secret_, push.body)));
            break;
        case Proof::StandardWebhooks: sign(push, idOf("msg_", lead), utcMillis / 1'000); break;
        }
        return push;
    }

  private:
    void sign(Push& push, const std::string& id, std::int64_t seconds) const {
        const std::string key = secret_.starts_with("whsec_") ? fromBase64(secret_.substr(6)) : secret_;
        const std::string stamp = std::to_string(seconds);
        push.headers.emplace_back("webhook-id", id);
        push.headers.emplace_back("webhook-timestamp", stamp);
        push.headers.emplace_back("webhook-signature",
                                  "v1," + inBase64(signedWith(key, id + '.' + stamp + '.' + push.body)));
    }

    const Portal& portal_;
    const World& world_;
    std::string secret_;
};

} // namespace

const std::vector<Portal>& portals() {
    static const std::vector<Portal> kPortals = {
        {"olx-chat", Proof::Path, true, olxChat},
        {"rdstation", Proof::Path, true, rdstation},
        {"grupo-olx", Proof::Basic, true, grupoOlx},
        {"leadhub", Proof::Bearer, false, leadhub},
        {"mrsales", Proof::Plain, false, mrsales},
        {"followize", Proof::Path, false, followize},
        {"cloudevents", Proof::StandardWebhooks, true, cloudevents},
        {"whatsapp", Proof::HubSignature, false, whatsapp},
        {"mobiauto", Proof::Bearer, true, unknownPortal},
    };
    return kPortals;
}

const Portal* portalOf(std::string_view name) {
    const auto found = std::find_if(portals().begin(), portals().end(),
                                    [&](const Portal& portal) { return portal.name == name; });
    return found == portals().end() ? nullptr : &*found;
}

std::unique_ptr<Partner> makePortal(const Portal& portal, const World& world, std::string secret) {
    return std::make_unique<Pushing>(portal, world, std::move(secret));
}

} // namespace trevo::sim
