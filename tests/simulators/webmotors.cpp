// Webmotors: pushes ids, answers for the details. Every dealer has the user "loja-CODE" with the password
// "senha-CODE"; the application is "trevo-sim" with the secret "trevo-sim-secret". A lead is shown to its own
// dealer only.
#include "simulators/partner.hpp"

#include <Poco/Base64Decoder.h>
#include <Poco/URI.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <map>
#include <mutex>
#include <sstream>

namespace trevo::sim {

namespace {

using json = nlohmann::ordered_json;

constexpr const char* kClient = "trevo-demo";
constexpr std::size_t kPageSize = 50;
constexpr std::size_t kMaxLeads = 20'000;

struct Type {
    int id;
    const char* name;
};
constexpr Type kTypes[] = {{2, "Proposta"},      {2, "Proposta"},     {3, "PropostaZeroKm"},
                           {1, "PhoneTracking"}, {11, "WhatsappCTA"}, {12, "WhatsAppCTAVeiculoInteresse"}};

const Type& typeOfLead(const Lead& lead) {
    return kTypes[static_cast<std::size_t>(lead.dice) % std::size(kTypes)];
}

std::string decoded(const std::string& base64) {
    std::istringstream in(base64);
    Poco::Base64Decoder decoder(in);
    return {std::istreambuf_iterator<char>(decoder), {}};
}

std::map<std::string, std::string> fieldsOf(const Request& request) {
    std::map<std::string, std::string> fields;
    if (request.header("Content-Type").find("json") != std::string::npos) {
        const json body = json::parse(request.body, nullptr, false);
        for (const auto& [key, value] : body.items()) {
            if (value.is_string()) fields[key] = value.get<std::string>();
        }
    } else {
        Poco::URI uri;
        uri.setRawQuery(request.body);
        for (const auto& [key, value] : uri.getQueryParameters())
            fields[key] = value;
    }
    return fields;
}

class Webmotors : public Partner {
  public:
    Webmotors(const World& world, const Options& options)
        : world_(world),
          secret_(options.secret("webmotors-client")),
          password_(options.secret("webmotors-user")) {}

    bool answers() const override { return true; }
    std::string typeOf(const Lead& lead) const override { return std::to_string(typeOfLead(lead).id); }

    std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) override {
        const Dealer& dealer = world_.dealers()[lead.dealer];
        const std::lock_guard lock(mutex_);
        leads_.insert_or_assign(std::to_string(lead.id), Kept{lead, utcMillis});
        if (leads_.size() > kMaxLeads) leads_.erase(leads_.begin());
        return Push{"application/json",
                    json{{"IdLead", std::to_string(lead.id)},
                         {"CodigoCliente", dealer.code},
                         {"Cnpj", maskedCnpj(dealer.cnpj)},
                         {"IdTipoLead", typeOf(lead)}}
                        .dump(),
                    {}};
    }

    std::optional<Answer> answer(const Request& request) override {
        const std::string prefix = "/lead/v1/leads";
        if (request.path == "/oauth/v1/access-token" && request.method == "POST") return login(request);
        if (request.path != prefix && !request.path.starts_with(prefix + '/')) return std::nullopt;
        const auto dealer = dealerOfToken(request);
        if (!dealer) return Answer{401, R"({"error":"invalid_token"})"};
        if (request.path == prefix) return list(request, *dealer);
        return detail(request.path.substr(prefix.size() + 1), request.parameter("id_tipo_lead"), *dealer);
    }

  private:
    struct Kept {
        Lead lead;
        std::int64_t utcMillis;
    };

    Answer login(const Request& request) {
        auto fields = fieldsOf(request);
        const std::string header = request.header("Authorization");
        const bool known = header == ""
                               ? fields["client_id"] == kClient && fields["client_secret"] == secret_
                               : header.starts_with("Basic ") &&
                                     decoded(header.substr(6)) == std::string(kClient) + ':' + secret_;
        const bool application = known || (header.empty() && request.header("client_id") == kClient);
        if (!application || fields["grant_type"] != "password") return {401, R"({"error":"invalid_client"})"};
        for (std::size_t i = 0; i < world_.dealers().size(); ++i) {
            const std::string& id = world_.dealers()[i].id;
            if (fields["username"] != "integrador-" + id || fields["password"] != password_) continue;
            const std::lock_guard lock(mutex_);
            const std::string token = "wm-" + id + '-' + std::to_string(tokens_.size() + 1);
            tokens_[token] = i;
            return {
                201,
                json{{"access_token", token}, {"token_type", "access_token"}, {"expires_in", 3600}}.dump()};
        }
        return {401, R"({"error":"invalid_grant"})"};
    }

    std::optional<std::size_t> dealerOfToken(const Request& request) {
        std::string token = request.header("access_token");
        const std::string bearer = request.header("Authorization");
        if (token.empty() && bearer.starts_with("Bearer ")) token = bearer.substr(7);
        const std::lock_guard lock(mutex_);
        const auto found = tokens_.find(token);
        return found == tokens_.end() ? std::nullopt : std::optional(found->second);
    }

    // Not documented by the partner: an invented list, so that the reconciliation can be tried.
    Answer list(const Request& request, std::size_t dealer) {
        const std::lock_guard lock(mutex_);
        const std::string page = request.parameter("page");
        std::size_t skip = page.empty() ? 0 : (std::stoul(page) - 1) * kPageSize;
        json entries = json::array();
        for (const auto& [id, kept] : leads_) {
            if (kept.lead.dealer != dealer) continue;
            if (skip > 0) {
                --skip;
            } else if (entries.size() < kPageSize) {
                entries.push_back({{"id", kept.lead.id}, {"idTipoLead", typeOfLead(kept.lead).id}});
            }
        }
        return {200, entries.dump()};
    }

    Answer detail(const std::string& id, const std::string& type, std::size_t dealer) {
        const std::lock_guard lock(mutex_);
        const auto found = leads_.find(id);
        if (found == leads_.end() || found->second.lead.dealer != dealer ||
            typeOf(found->second.lead) != type) {
            return {404, R"({"error":"lead not found"})"};
        }
        const Lead& lead = found->second.lead;
        const Vehicle& car = lead.vehicle;
        const Type& kind = typeOfLead(lead);
        json body = {{"id", lead.id}, {"status", "Nao respondido"}, {"tipoLeadDesc", kind.name}};
        if (kind.id == 1) {
            body["telefoneOrigem"] = lead.person.phone;
            body["telefoneRastreado"] = "1140000000";
            body["dataLigacao"] = isoTime(found->second.utcMillis);
            body["duracao"] = 20 + lead.dice % 200;
            body["statusLigacao"] = lead.dice % 3 == 0 ? "Perdida" : "Atendida";
        } else {
            body["mensagem"] = lead.message;
            body["dataCriacao"] = isoTime(found->second.utcMillis);
            if (kind.id < 5) body["valorProposta"] = lead.offerReais;
            json customer = {{"nome", lead.spelling.name}};
            if (!lead.spelling.email.empty()) customer["email"] = lead.spelling.email;
            if (!lead.spelling.phone.empty()) customer["telefone"] = lead.spelling.phone;
            if (!lead.spelling.cpf.empty()) customer["cpf"] = lead.spelling.cpf;
            body["cliente"] = customer;
        }
        body["loja"] = {{"id", std::stoll(world_.dealers()[lead.dealer].code)},
                        {"nomeFantasia", "Auto " + world_.dealers()[lead.dealer].id}};
        body["anuncio"] = {{"id", car.adId},         {"marca", car.brand},          {"modelo", car.model},
                           {"versao", car.version},  {"ano_modelo", car.modelYear}, {"placa", car.plate},
                           {"preco", car.priceReais}};
        return {200, body.dump()};
    }

    const World& world_;
    const std::string secret_, password_;
    std::mutex mutex_;
    std::map<std::string, Kept> leads_;
    std::map<std::string, std::size_t> tokens_; // -> dealer
};

} // namespace

std::unique_ptr<Partner> makeWebmotors(const World& world, const Options& options) {
    return std::make_unique<Webmotors>(world, options);
}

} // namespace trevo::sim
