// What `trevo doctor` sees of iCarros.
#include "icarros.hpp"

#include <trevo/partner.hpp>

namespace trevo::icarros {

Outcome Icarros::examine(Checks& checks) {
    try {
        (void)login_.token();
        checks.good("log_in", "iCarros takes the login");
    } catch (const Stop& stop) {
        checks.failed("log_in", stop.outcome().detail,
                      stop.outcome().status == TREVO_AUTH
                          ? "renew the consent or the password, and compare grant and client_id with what "
                            "iCarros gave you"
                          : "check the way out: proxy, firewall, and token_url");
        return Outcome::done();
    }
    bool clockSeen = false;
    for (const Dealer& dealer : config().dealers) {
        for (const char* role : {"leads", "calls"}) {
            if (settings().text(std::string(role) + "_path").empty()) continue;
            try {
                const HttpResponse response =
                    get(urlOf(role, dealer, partner::brasiliaDay(host().nowSeconds())));
                if (!clockSeen) partner::checkClock(checks, response, host().nowSeconds());
                clockSeen = clockSeen || response.status != 0;
                if (response.status != 200 && response.status != 204)
                    throw Stop(partner::troubleWith(response, std::string("the ") + role + " of iCarros"));
                checks.good(role, std::string("the ") + role + " of dealer " + dealer.id + " answer",
                            dealer.id);
            } catch (const Stop& stop) {
                const bool refused =
                    stop.outcome().status == TREVO_AUTH || stop.outcome().status == TREVO_REJECT;
                checks.failed(role, stop.outcome().detail,
                              refused
                                  ? "ask iCarros whether this login may see the store's code, and compare " +
                                        std::string(role) + "_path"
                                  : "iCarros is in trouble or not to be reached: try again later",
                              dealer.id);
            }
        }
    }
    return Outcome::done();
}

} // namespace trevo::icarros
