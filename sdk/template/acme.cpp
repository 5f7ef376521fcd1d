// Asks the portal for the leads of each dealer since the last question.
#include <trevo/plugin.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace {

std::int64_t numberIn(const std::string& text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

class Acme : public trevo::Plugin, public trevo::Poll {
  public:
    using Plugin::Plugin;

    trevo::Outcome poll(trevo::Bring& bring, std::int64_t&) override {
        trevo::Outcome worst = trevo::Outcome::done();
        for (const trevo::Dealer& dealer : config().dealers) {
            trevo::Outcome outcome = ask(dealer, bring);
            if (!outcome.ok()) worst = std::move(outcome); // and on: one dealer's trouble is not the others'
        }
        return worst;
    }

  private:
    trevo::Outcome ask(const trevo::Dealer& dealer, trevo::Bring& bring) {
        const std::string cursor = "asked_at/" + dealer.id;
        const std::int64_t askedAt = host().nowSeconds();
        const std::int64_t last = numberIn(host().state(cursor).value_or("0"));
        const std::int64_t since =
            std::max<std::int64_t>(0, last - settings().integer("overlap_minutes") * 60);

        trevo::HttpRequest request;
        request.url = settings().text("base_url") + "/v1/leads?since=" + std::to_string(since);
        request.headers = {{"Accept", "application/json"},
                           {"Authorization", "Bearer " + dealer.settings.text("token")}};
        const trevo::HttpResponse answer = host().http(request);

        if (answer.status == 0) return trevo::Outcome::retryAfter(0, "no_answer", answer.error);
        if (answer.status == 401 || answer.status == 403) {
            return trevo::Outcome::auth("token_refused",
                                        "the portal refused the token of dealer " + dealer.id);
        }
        if (answer.status == 429) {
            const std::int64_t wait = numberIn(std::string(answer.header("Retry-After")));
            return trevo::Outcome::limit(wait, "too_many_requests", "the portal asks to wait");
        }
        if (answer.status != 200) {
            return trevo::Outcome::retryAfter(0, "unexpected_status",
                                              "the portal answered " + std::to_string(answer.status));
        }

        const std::string contentType(answer.header("Content-Type"));
        if (!bring.document({contentType, answer.body, "", dealer.id, "inbound"})) {
            return trevo::Outcome::done(); // the cursor stays: the next question brings the rest
        }
        bring.state(cursor, std::to_string(askedAt));
        return trevo::Outcome::done();
    }
};

} // namespace

TREVO_PLUGIN(Acme)
