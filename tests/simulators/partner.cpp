#include "simulators/portals.hpp"

#include <Poco/String.h>
#include <Poco/URI.h>

#include <stdexcept>

namespace trevo::sim {

std::string Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (Poco::icompare(key, std::string(name)) == 0) return value;
    }
    return {};
}

std::string Request::parameter(std::string_view name) const {
    Poco::URI uri;
    uri.setRawQuery(query);
    for (const auto& [key, value] : uri.getQueryParameters()) {
        if (key == name) return value;
    }
    return {};
}

std::vector<std::string> partnerNames() {
    std::vector<std::string> names = {"webmotors", "icarros", "mercadolivre", "meta",
                                      "olx",       "adf",     "site",         "mail"};
    for (const Portal& portal : portals())
        names.emplace_back(portal.name);
    return names;
}

std::unique_ptr<Partner> makePartner(const std::string& name, const World& world, const Options& options) {
    const std::string token = options.secret(name);
    if (name == "webmotors") return makeWebmotors(world, options);
    if (name == "icarros") return makeIcarros(world, options);
    if (name == "mercadolivre") return makeMercadoLivre(world, options);
    if (name == "meta") return makeMeta(world, options);
    if (name == "olx") return makeOlx(token);
    if (name == "adf") return makeAdf(world);
    if (name == "mail") return makeMail(world);
    if (name == "site") {
        const bool canonical = options.targetOf(name).find("/v1/records") != std::string::npos;
        return makeSite(world, token, canonical);
    }
    if (const Portal* portal = portalOf(name)) return makePortal(*portal, world, token);
    throw std::invalid_argument("there is no simulator of '" + name + "'");
}

} // namespace trevo::sim
