// The partners that push the whole lead: olx, adf and the dealer's site.
#include "simulators/partner.hpp"

#include <nlohmann/json.hpp>

namespace trevo::sim {

namespace {

using json = nlohmann::ordered_json;

std::string idText(const std::string& prefix, const Lead& lead) {
    return prefix + std::to_string(lead.id);
}

// One endpoint per advertiser: all leads are the first dealer's.
class Olx : public Partner {
  public:
    explicit Olx(std::string token) : token_(std::move(token)) {}

    int resends() const override { return 0; } // OLX never sends again
    bool announces() const override { return false; }
    std::size_t dealerOf(const Lead&) const override { return 0; }
    std::string typeOf(const Lead& lead) const override {
        static constexpr const char* kSources[] = {"olx", "whatsapp", "telefone", "chat", "financing"};
        return kSources[lead.dice % 5];
    }

    std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) override {
        const Vehicle& car = lead.vehicle;
        const std::string listId = std::to_string(1'300'000'000 + car.adId % 1'000'000);
        json body = {{"source", typeOf(lead)},
                     {"adId", car.stockId},
                     {"listId", listId},
                     {"linkAd", "https://www.olx.com.br/vi/" + listId},
                     {"name", lead.spelling.name},
                     {"email", lead.spelling.email},
                     {"message", lead.message},
                     {"createdAt", isoTime(utcMillis, 0)},
                     {"externalId", idText("olx-", lead)}};
        if (!lead.spelling.phone.empty()) body["phone"] = lead.person.phone;
        body["adsInfo"] = {{"category", 2020},
                           {"subject", car.brand + ' ' + car.model + ' ' + car.version},
                           {"type", "sell"},
                           {"price", std::to_string(car.priceReais)},
                           {"regdate", std::to_string(car.modelYear)},
                           {"mileage", std::to_string(car.km)},
                           {"gearbox", "2"},
                           {"fuel", "3"},
                           {"vehicle_tag", car.plate},
                           {"car_features", "1|3|5"}};
        Push push{"application/json", body.dump(), {}};
        if (!token_.empty()) push.headers.emplace_back("Authorization", "Bearer " + token_);
        return push;
    }

  private:
    std::string token_;
};

std::string xml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else {
            out += c;
        }
    }
    return out;
}

class Adf : public Partner {
  public:
    explicit Adf(const World& world) : world_(world) {}

    bool announces() const override { return false; }

    std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) override {
        const Dealer& dealer = world_.dealers()[lead.dealer];
        const Vehicle& car = lead.vehicle;
        const Spelling& who = lead.spelling;
        std::string body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?adf version=\"1.0\"?>\n"
                           "<adf><prospect status=\"new\">\n <id sequence=\"1\" source=\"PortalExemplo\">" +
                           idText("PX-", lead) + "</id>\n <requestdate>" + isoTime(utcMillis) +
                           "</requestdate>\n <vehicle interest=\"buy\" status=\"used\">"
                           "<id sequence=\"1\" source=\"PLACA\">" +
                           car.plate + "</id><year>" + std::to_string(car.modelYear) + "</year><make>" +
                           xml(car.brand) + "</make><model>" + xml(car.model) + "</model><stock>" +
                           car.stockId + "</stock><trim>" + xml(car.version) +
                           "</trim><odometer status=\"original\" units=\"km\">" + std::to_string(car.km) +
                           "</odometer><price type=\"asking\" currency=\"BRL\">" +
                           std::to_string(car.priceReais) + ".00</price></vehicle>\n";
        if (lead.dice % 4 == 0) {
            body += " <vehicle interest=\"trade-in\" status=\"used\"><year>2015</year><make>VW</make>"
                    "<model>Up</model></vehicle>\n";
        }
        body += " <customer><contact><name part=\"full\" type=\"individual\">" + xml(who.name) + "</name>";
        if (!who.email.empty()) body += "<email>" + xml(who.email) + "</email>";
        if (!who.phone.empty()) body += "<phone type=\"cellphone\">" + xml(who.phone) + "</phone>";
        body += "<address type=\"home\"><city>" + xml(lead.person.city) + "</city><regioncode>" +
                lead.person.state + "</regioncode><country>BR</country></address></contact>";
        if (!who.cpf.empty()) body += "<id sequence=\"1\" source=\"CPF\">" + who.cpf + "</id>";
        body += "<comments>" + xml(lead.message) +
                "</comments></customer>\n <vendor><id sequence=\"1\" source=\"CNPJ\">" + dealer.cnpj +
                "</id><vendorname>Auto " + xml(dealer.id) +
                "</vendorname></vendor>\n"
                " <provider><name part=\"full\">PortalExemplo</name></provider>\n</prospect></adf>\n";
        return Push{"application/x-adf+xml", std::move(body)};
    }

  private:
    const World& world_;
};

// To /v1/records the canonical record, to any other address the fields of an ordinary form.
class Site : public Partner {
  public:
    Site(const World& world, std::string token, bool canonical)
        : world_(world), token_(std::move(token)), canonical_(canonical) {}

    bool announces() const override { return false; }

    std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) override {
        const json body = canonical_ ? record(lead, utcMillis) : form(lead, utcMillis);
        Push push{"application/json", body.dump(), {{"Idempotency-Key", idText("site-", lead)}}};
        if (!token_.empty()) push.headers.emplace_back("Authorization", "Bearer " + token_);
        return push;
    }

  private:
    json record(const Lead& lead, std::int64_t utcMillis) const {
        const Vehicle& car = lead.vehicle;
        json customer = {{"name", lead.spelling.name}};
        if (!lead.spelling.cpf.empty()) customer["document"] = lead.spelling.cpf;
        if (!lead.spelling.phone.empty()) customer["phones"] = {lead.spelling.phone};
        if (!lead.spelling.email.empty()) customer["emails"] = {lead.spelling.email};
        customer["address"] = {{"city", lead.person.city}, {"state", lead.person.state}};
        customer["consent"] = {{"whatsapp", true}};
        return {{"kind", "lead"},
                {"source",
                 {{"integration", "site"},
                  {"external_id", idText("site-", lead)},
                  {"channel", "site"},
                  {"occurred_at", isoTime(utcMillis)}}},
                {"dealer", world_.dealers()[lead.dealer].id},
                {"customer", customer},
                {"vehicle",
                 {{"plate", car.plate},
                  {"brand", car.brand},
                  {"model", car.model},
                  {"version", car.version},
                  {"model_year", car.modelYear},
                  {"build_year", car.buildYear},
                  {"km", car.km},
                  {"price", car.priceReais}}},
                {"lead", {{"type", "proposal"}, {"message", lead.message}, {"amount", lead.offerReais}}}};
    }

    json form(const Lead& lead, std::int64_t utcMillis) const {
        const Vehicle& car = lead.vehicle;
        json body = {{"protocolo", idText("site-", lead)},
                     {"nome", lead.spelling.name},
                     {"mensagem", lead.message},
                     {"placa", car.plate},
                     {"marca", car.brand},
                     {"modelo", car.model},
                     {"versao", car.version},
                     {"ano", std::to_string(car.modelYear)},
                     {"origem", "site"},
                     {"aceite", true},
                     {"created_at", isoTime(utcMillis)}};
        if (!lead.spelling.email.empty()) body["email"] = lead.spelling.email;
        if (!lead.spelling.phone.empty()) body["celular"] = lead.spelling.phone;
        if (!lead.spelling.cpf.empty()) body["cpf"] = lead.spelling.cpf;
        return body;
    }

    const World& world_;
    std::string token_;
    bool canonical_;
};

} // namespace

std::unique_ptr<Partner> makeOlx(std::string token) {
    return std::make_unique<Olx>(std::move(token));
}
std::unique_ptr<Partner> makeAdf(const World& world) {
    return std::make_unique<Adf>(world);
}
std::unique_ptr<Partner> makeSite(const World& world, std::string token, bool canonical) {
    return std::make_unique<Site>(world, std::move(token), canonical);
}

} // namespace trevo::sim
