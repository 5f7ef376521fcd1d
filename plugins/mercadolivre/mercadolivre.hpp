// Leads and questions about vehicles on Mercado Livre: announced by notifications, fetched with the seller's
// own authorisation, and reconciled with the list of interested people and the notifications that did not
// arrive.
#pragma once

#include "list.hpp"
#include "notification.hpp"
#include "token.hpp"

#include <trevo/plugin.hpp>
#include <trevo/recent.hpp>
#include <trevo/turns.hpp>

#include <map>
#include <string>

namespace trevo::mercadolivre {

class MercadoLivre : public Plugin, public Fetch, public Poll, public Examine {
  public:
    MercadoLivre(const Config& config, const Host& host)
        : Plugin(config, host), tokens_(config.settings, host) {}

    static Outcome check(const Config& config);

    Outcome fetch(const Push& push, Bring& bring) override;
    Outcome poll(Bring& bring, std::int64_t& nextPollSeconds) override;
    Outcome examine(Checks& checks) override;

  private:
    HttpResponse get(const std::string& path, const Dealer& dealer);
    std::string objectAt(const std::string& path,
                         const Dealer& dealer); // the body of a 200 that is a JSON object

    Outcome bringWanted(const Wanted& wanted, const Dealer& dealer, Bring& bring);
    Outcome bringLead(const Wanted& wanted, const std::string& buyer, const Dealer& dealer, Bring& bring);
    Outcome bringQuestion(const std::string& id, const Dealer& dealer, Bring& bring);
    std::string leadOfQuestion(const std::string& question, const std::string& id, const Dealer& dealer);

    struct Work {
        std::int64_t left;     // details that a part of a round may still fetch
        bool progress = false; // something was brought, so coming again at once brings more
    };
    bool spent(const Work& work) const { return work.left == 0 || (work.progress && turns_.over(host())); }

    Outcome reconcile(const Dealer& dealer, Bring& bring, Work& work);
    Outcome bringListed(const Listed& listed, const Dealer& dealer, Bring& bring);
    const Dealer& asker();
    Outcome bringAllMissed(Bring& bring, Work& work);
    Outcome bringMissed(const std::string& topic, const Dealer& asking, Bring& bring, Recent& handled,
                        Work& work);
    Outcome followMissed(const nlohmann::json& message, Bring& bring, Recent& handled, Work& work);
    std::string listPath(const Dealer& dealer, partner::Day from, std::int64_t offset,
                         std::int64_t limit) const;
    partner::Day today() const;
    // The leads of one dealer that were brought lately. Kept in the instance until the call is over.
    Recent& broughtOf(const Dealer& dealer);
    void keepBrought(Bring& bring);

    Tokens tokens_;
    std::map<std::string, Recent> brought_; // by dealer, of the call that runs
    Turns turns_;
};

} // namespace trevo::mercadolivre
