// What `trevo doctor` sees of Mercado Livre.
#include "mercadolivre.hpp"

#include <trevo/partner.hpp>

namespace trevo::mercadolivre {

Outcome MercadoLivre::examine(Checks& checks) {
    bool clockSeen = false;
    for (const Dealer& dealer : config().dealers) {
        const std::string& user = dealer.settings.text("user_id");
        HttpResponse response;
        try {
            (void)tokens_.of(dealer);
            response = get(listPath(dealer, today(), 0, 1), dealer);
        } catch (const Stop& stop) {
            const bool lost = stop.outcome().status == TREVO_AUTH;
            checks.failed("log_in", stop.outcome().detail,
                          lost ? "let seller " + user +
                                     " authorise the application again and put the new refresh token in place"
                               : "check the way out: proxy, firewall, and base_url",
                          dealer.id);
            continue;
        }
        if (response.status == 0) {
            checks.failed("reach", "Mercado Livre does not answer: " + response.error,
                          "check the way out: proxy, firewall, and base_url", dealer.id);
            continue;
        }
        checks.good("log_in", "seller " + user + " has authorised the application", dealer.id);
        if (!clockSeen) partner::checkClock(checks, response, host().nowSeconds());
        clockSeen = true;
        if (response.status == 200) {
            checks.good("list", "the list of interested people answers", dealer.id);
        } else if (response.status == 403) {
            checks.unknown(
                "permission", "Mercado Livre shows no list to seller " + user,
                "the store needs a paid vehicle package, and user_id must be that of the user who authorised",
                dealer.id);
        } else {
            const Outcome trouble = partner::troubleWith(response, "the list of Mercado Livre");
            checks.failed("list", trouble.detail, "wait when it is busy; else compare user_id and base_url",
                          dealer.id);
        }
    }
    return Outcome::done();
}

} // namespace trevo::mercadolivre
