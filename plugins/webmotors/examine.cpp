// What `trevo doctor` sees of Webmotors.
#include "webmotors.hpp"

#include <trevo/partner.hpp>

namespace trevo::webmotors {

namespace {

constexpr const char* kWayOut = "check the way out: proxy, firewall, and base_url";

}

// Webmotors has no question without a lead, so one is asked for that nobody has: an answer that it is not
// there shows that the way to the details is open.
Outcome Webmotors::examine(Checks& checks) {
    bool clockSeen = false;
    for (const Dealer& dealer : config().dealers) {
        HttpResponse response;
        try {
            (void)tokens_.renew(dealer);
            checks.good("log_in", "Webmotors takes the user of dealer " + dealer.id, dealer.id);
            response =
                get(partner::fill(settings().text("detail_path"), {{"id", "0"}, {"type", "2"}}), dealer);
        } catch (const Stop& stop) {
            checks.failed("log_in", stop.outcome().detail,
                          stop.outcome().status == TREVO_AUTH
                              ? "check user and password in Cockpit (profile 'Integrador de API'), client_id "
                                "and client_secret"
                              : kWayOut,
                          dealer.id);
            continue;
        }
        if (!clockSeen) partner::checkClock(checks, response, host().nowSeconds());
        clockSeen = clockSeen || response.status != 0;
        if (response.status == 401 || response.status == 403) {
            checks.failed(
                "permission",
                "Webmotors shows no details to the user of dealer " + dealer.id + " (" +
                    std::to_string(response.status) + ")",
                "give the user the profile 'Integrador de API' and compare header_style with your contract",
                dealer.id);
        } else if (response.status == 0 || response.status >= 500 || response.status == 429) {
            checks.failed("details", partner::troubleWith(response, "Webmotors").detail,
                          response.status == 0 ? kWayOut : "Webmotors is in trouble or busy: try again later",
                          dealer.id);
        } else {
            checks.good("details", "the details of leads can be asked for", dealer.id);
        }
        if (settings().text("list_path").empty()) continue;
        try {
            (void)listOf(dealer);
            checks.good("list", "the list of leads answers", dealer.id);
        } catch (const Stop& stop) {
            checks.failed("list", stop.outcome().detail, "compare list_path and its keys with your contract",
                          dealer.id);
        }
    }
    return Outcome::done();
}

} // namespace trevo::webmotors
