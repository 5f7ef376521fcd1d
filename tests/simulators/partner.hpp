// One simulated partner: what it pushes and what it answers. The campaign (campaign.hpp) decides when, and
// what goes wrong.
#pragma once

#include "simulators/options.hpp"
#include "simulators/world.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace trevo::sim {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method, path, query;
    Headers headers;
    std::string body;

    std::string header(std::string_view name) const;    // without regard to case; empty when missing
    std::string parameter(std::string_view name) const; // of the query; decoded
};

struct Answer {
    int status = 200;
    std::string body;
    std::string contentType = "application/json";
    Headers headers{};
};

struct Push {
    std::string contentType, body;
    Headers headers{};
};

class Partner {
  public:
    virtual ~Partner() = default;

    // A new lead at this moment: what is pushed for it, or nothing when this partner only answers.
    virtual std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) = 0;
    // Called from several threads. Nothing when the path is not this partner's.
    virtual std::optional<Answer> answer(const Request&) { return std::nullopt; }

    virtual std::string typeOf(const Lead&) const { return "lead"; }
    virtual std::size_t dealerOf(const Lead& lead) const { return lead.dealer; }
    virtual int resends() const { return 3; }       // of a push that was not received
    virtual bool announces() const { return true; } // pushes are hints to something it can be asked for
    virtual bool answers() const { return false; }
    // Whether the campaign's faults may keep the answer to this from who asked.
    virtual bool mayFail(const Request&) const { return true; }
    virtual void undelivered(const Lead&) {} // its announcement was lost, or given up
};

std::vector<std::string> partnerNames();
// `world` and `options` outlive it.
std::unique_ptr<Partner> makePartner(const std::string& name, const World& world, const Options& options);

std::unique_ptr<Partner> makeWebmotors(const World& world, const Options& options);
std::unique_ptr<Partner> makeIcarros(const World& world, const Options& options);
std::unique_ptr<Partner> makeMercadoLivre(const World& world, const Options& options);
std::unique_ptr<Partner> makeMeta(const World& world, const Options& options);
std::unique_ptr<Partner> makeOlx(std::string token);
std::unique_ptr<Partner> makeAdf(const World& world);
std::unique_ptr<Partner> makeMail(const World& world);
std::unique_ptr<Partner> makeSite(const World& world, std::string token, bool canonical);

} // namespace trevo::sim
