// Leads and questions about vehicles on Mercado Livre: announced by notifications, fetched with the seller's
// own authorisation, and reconciled with the list of interested people and the notifications that did not
// arrive.
#pragma once

#include "list.hpp"
#include "notification.hpp"
#include "token.hpp"

#include <trevo/plugin.hpp>
#include <trevo/recent.hpp>

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

    // What a part of a round may still fetch.
    class Work {
      public:
        Work(const Host& host, std::int64_t until, std::int64_t most)
            : host_(host), until_(until), left_(most) {}
        bool spent() const { return left_ == 0 || host_.nowSeconds() >= until_; }
        void take() { --left_; }
        bool progress = false; // something was brought, so coming again at once brings more

      private:
        const Host& host_;
        const std::int64_t until_;
        std::int64_t left_;
    };

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
    std::size_t first_ = 0;                 // part of a round to begin with
};

} // namespace trevo::mercadolivre
