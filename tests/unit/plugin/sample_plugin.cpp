// Written with the SDK, loaded by the tests: what comes in at one end of the boundary is put out at the
// other.
#include <trevo/encode.hpp>
#include <trevo/plugin.hpp>

#include <stdexcept>
#include <string>

namespace {

using trevo::Outcome;
using trevo::encode::json;

class Sample : public trevo::Plugin,
               public trevo::Authenticate,
               public trevo::Decode,
               public trevo::Fetch,
               public trevo::Poll,
               public trevo::Examine {
  public:
    Sample(const trevo::Config& config, const trevo::Host& host) : Plugin(config, host) {
        if (settings().text("secret") == "throw") throw std::runtime_error("Maria de Souza");
    }

    static Outcome check(const trevo::Config& config) {
        if (config.settings.text("secret").size() < 4)
            return Outcome::config("secret", "is shorter than 4 characters");
        return Outcome::done();
    }

    Outcome authenticate(const trevo::Push& push) override {
        if (push.header("x-secret") == settings().text("secret") && push.method == "POST" &&
            push.path == "/status" && push.query == "a=1" && push.remoteAddress == "203.0.113.9") {
            return Outcome::done();
        }
        return Outcome::auth("wrong_secret", "the header X-Secret is not the shared secret");
    }

    Outcome decode(const trevo::Push& push, trevo::Records& records) override {
        if (push.body == "throw") throw std::runtime_error("Maria de Souza");
        if (push.body == "stop") throw trevo::Stop(Outcome::reject("no_id", "/id", "is missing", "line 1"));
        records.add("{\"kind\":\"lead\",\"role\":" + json(push.role) + ",\"type\":" + json(push.contentType) +
                    "}");
        records.add("{\"kind\":\"lead\",\"body\":" + json(push.body) + "}");
        return Outcome::done();
    }

    // A request for each line of the push.
    Outcome fetch(const trevo::Push& push, trevo::Bring& bring) override {
        std::string_view rest = push.body;
        while (true) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            trevo::HttpRequest request{
                "GET",
                settings().text("base_url") + "/" + trevo::encode::percent(line),
                {{"Authorization", "Bearer " + config().dealers.at(0).settings.text("token")}},
                "",
                5};
            if (line == "bad header") request.headers.emplace_back("X", "a\r\nY: b");
            const trevo::HttpResponse answer = host().http(request);
            if (answer.status == 0) return Outcome::retryAfter(90, "no_answer", answer.error);
            if (!bring.document({std::string(answer.header("content-type")), answer.body, "key-1", "centro",
                                 "inbound"})) {
                return Outcome::limit(0, "full", "no room");
            }
            if (line.size() == rest.size()) return Outcome::done();
            rest.remove_prefix(line.size() + 1);
        }
    }

    Outcome poll(trevo::Bring& bring, std::int64_t& nextPollSeconds) override {
        const std::string cursor = host().state("cursor").value_or("0");
        host().setState("seen", cursor);
        host().info("polled\n" + cursor);
        for (std::int64_t page = 0; page < settings().integer("pages"); ++page) {
            if (!bring.document({"text/plain", "page " + std::to_string(page), "", "", "inbound"})) break;
        }
        bring.state("cursor", std::to_string(host().nowSeconds()));
        nextPollSeconds = 7;
        return Outcome::auth("token_refused", "one dealer's token was refused");
    }

    Outcome examine(trevo::Checks& checks) override {
        const trevo::Account account(host(), "seller-1", 0);
        const std::string before = account.state().value_or("none");
        account.setState("pair 2");
        checks.good("log_in", "the account had " + before, "centro");
        if (settings().text("secret") == "nameless") checks.good("", "nothing");
        if (settings().text("secret") == "left open") {
            host().service<trevo_account>(TREVO_ACCOUNT_ID)->lock(host().raw(), trevo::abi::text("left"), 0);
            throw std::runtime_error("Maria de Souza");
        }
        checks.failed("list", "the list is closed to this user\x01", "ask for the profile");
        return Outcome::auth("token_refused", "the rest needs a token");
    }
};

} // namespace

TREVO_PLUGIN(Sample)
