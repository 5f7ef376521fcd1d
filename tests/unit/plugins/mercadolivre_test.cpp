#include "mercadolivre/mercadolivre.hpp"

#include <trevo/testing/fake_host.hpp>

#include <catch2/catch.hpp>

using namespace trevo;
using mercadolivre::MercadoLivre;

namespace {

const std::string kApi = "https://ml.test";
const std::string kLogin = kApi + "/oauth/token";
const std::string kLead = kApi + "/vis/leads/l-1";
const std::string kNotification =
    R"({"_id":"n-1","resource":"/vis/leads/l-1","user_id":700800900,"topic":"vis_leads","actions":["whatsapp"]})";
const std::string kList =
    kApi + "/vis/users/700800900/leads/buyers?offset=0&limit=2&date_from=2025-11-17&date_to=2025-11-24";

Config configured(const Settings::Values& changes = {}, const std::string& refresh = "TG-first") {
    Settings::Values values = {{"base_url", kApi},
                               {"app_id", "5503910000000001"},
                               {"client_secret", "hush"},
                               {"question_texts", "true"},
                               {"include_guest", "false"},
                               {"missed_feeds", "false"},
                               {"list_days", "7"},
                               {"page_size", "2"},
                               {"batch", "3"}};
    for (const auto& [name, value] : changes)
        values[name] = value;
    return testing::config(Settings(values),
                           {{"centro", {{"user_id", "700800900"}, {"refresh_token", refresh}}}});
}

HttpResponse pair(const std::string& access, const std::string& refresh) {
    return {200,
            {},
            R"({"access_token":")" + access + R"(","expires_in":21600,"refresh_token":")" + refresh + "\"}",
            ""};
}

HttpResponse lead(const std::string& body = R"({"id":"l-1","contact_type":"whatsapp","status":"active"})") {
    return {200, {{"Content-Type", "application/json"}, {"Date", "Mon, 24 Nov 2025 16:00:00 GMT"}}, body, ""};
}

std::string row(const std::string& id, const std::string& status = "active") {
    return R"({"id":1,"item_id":"MLB1","name":"Ana","leads":[{"id":")" + id +
           R"(","contact_type":"whatsapp","status":")" + status + R"("}]})";
}

HttpResponse list(const std::string& rows, int total) {
    return {200, {}, R"({"results":[)" + rows + R"(],"paging":{"total":)" + std::to_string(total) + "}}", ""};
}

// A plugin with its fakes, in the order in which they need each other.
struct Bench {
    explicit Bench(const Settings::Values& changes = {}, const std::string& refresh = "TG-first")
        : config(configured(changes, refresh)) {}
    Outcome fetch(const std::string& body = kNotification) {
        Push push;
        push.body = body;
        return plugin.fetch(push, brought.bring());
    }
    Outcome poll() {
        next = 0;
        const Outcome outcome = plugin.poll(brought.bring(), next);
        for (const auto& [key, value] : brought.states)
            fake.state[key] = value;
        return outcome;
    }
    std::string bodyOf(std::size_t request) const { return fake.requests.at(request).body; }
    std::string bearerOf(std::size_t request) const {
        return std::string(headerOf(fake.requests.at(request).headers, "Authorization"));
    }

    testing::FakeHost fake;
    const Config config;
    const Host host{fake.raw()};
    MercadoLivre plugin{config, host};
    testing::Brought brought;
    std::int64_t next = 0;
};

} // namespace

TEST_CASE("a refresh token is used once, and the next pair is durable before it is used") {
    Bench bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", kLead, lead());
    REQUIRE(bench.fetch().ok());
    CHECK(bench.bodyOf(0).find("refresh_token=TG-first") != std::string::npos);
    CHECK(bench.bearerOf(1) == "Bearer A1");
    CHECK(bench.fake.accounts.at("700800900").find("TG-2") != std::string::npos);

    bench.fake.answer("GET", kLead, lead()); // the kept token does for the next call
    REQUIRE(bench.fetch().ok());
    CHECK(bench.bearerOf(2) == "Bearer A1");

    bench.fake.nowMicros += std::int64_t{21'500} * 1'000'000; // nearly over
    bench.fake.answer("POST", kLogin, pair("A2", "TG-3"));
    bench.fake.answer("GET", kLead, lead());
    REQUIRE(bench.fetch().ok());
    CHECK(bench.bodyOf(3).find("refresh_token=TG-2") != std::string::npos);
    CHECK(bench.bearerOf(4) == "Bearer A2");
    CHECK(bench.fake.surprises.empty());
}

TEST_CASE("a pair that could not be stored when it came is stored before anything else is asked") {
    Bench bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    REQUIRE(bench.fake.accounts.empty());
    bench.fake.accountWritesFail = true;
    CHECK(bench.fetch().status == TREVO_RETRY_AFTER);
    CHECK(bench.fake.accounts.empty());
    bench.fake.accountWritesFail = false;
    bench.fake.answer("GET", kLead, lead());
    REQUIRE(bench.fetch().ok());
    CHECK(bench.fake.accounts.at("700800900").find("TG-2") != std::string::npos);
    CHECK(bench.bearerOf(1) == "Bearer A1");
    CHECK(bench.fake.surprises.empty());
}

TEST_CASE("a token that another instance has renewed meanwhile is taken as it is") {
    Bench first;
    first.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    first.fake.answer("GET", kLead, lead());
    REQUIRE(first.fetch().ok());
    const std::string old = first.fake.accounts.at("700800900");
    first.fake.nowMicros += 1'000'000;
    first.fake.answer("GET", kLead, {401, {}, R"({"message":"invalid access token"})", ""});
    first.fake.answer("POST", kLogin, pair("A2", "TG-3"));
    first.fake.answer("GET", kLead, lead());
    REQUIRE(first.fetch().ok());
    const std::string fresh = first.fake.accounts.at("700800900");

    Bench second; // it read the old pair; when its token is refused the new one is there already
    second.fake.accounts["700800900"] = old;
    second.fake.onRequest = [&](const HttpRequest&) { second.fake.accounts["700800900"] = fresh; };
    second.fake.answer("GET", kLead, {401, {}, "{}", ""});
    second.fake.answer("GET", kLead, lead());
    REQUIRE(second.fetch().ok());
    CHECK(second.bearerOf(0) == "Bearer A1");
    CHECK(second.bearerOf(1) == "Bearer A2");
    CHECK(second.fake.surprises.empty());
}

TEST_CASE("an account that another instance is renewing is tried again later, and nothing is asked") {
    Bench bench;
    bench.fake.accountIsBusy = true;
    const Outcome outcome = bench.fetch();
    CHECK(outcome.status == TREVO_RETRY_AFTER);
    CHECK(outcome.code == "account_busy");
    CHECK(bench.fake.requests.empty());
}

TEST_CASE("a new refresh token in the configuration replaces what was kept of the old authorisation") {
    Bench old;
    old.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    old.fake.answer("GET", kLead, lead());
    REQUIRE(old.fetch().ok());
    Bench bench({}, "TG-again");
    bench.fake.accounts = old.fake.accounts;
    bench.fake.answer("POST", kLogin, pair("B1", "TG-b2"));
    bench.fake.answer("GET", kLead, lead());
    REQUIRE(bench.fetch().ok());
    CHECK(bench.bodyOf(0).find("refresh_token=TG-again") != std::string::npos);
}

TEST_CASE("a refusal that is not about the token renews nothing") {
    Bench bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", kLead, {403, {}, R"({"message":"caller is not the seller"})", ""});
    const Outcome outcome = bench.fetch();
    CHECK(outcome.code == "not_permitted");
    CHECK(outcome.retryAfterSeconds == 3'600);
    CHECK(bench.fake.surprises.empty());
}

TEST_CASE("a notification that is none is refused with its field") {
    struct Row {
        const char *name, *body, *code, *field;
    };
    const auto row = GENERATE(values<Row>({
        {"no JSON", "{", "bad_json", ""},
        {"a list", "[]", "wrong_type", ""},
        {"no resource", R"({"user_id":1})", "missing_field", "/resource"},
        {"a resource that is an object", R"({"resource":{}})", "wrong_type", "/resource"},
        {"a seller that nobody knows", R"({"resource":"/vis/leads/1","user_id":"5"})", "unknown_dealer",
         "/user_id"},
        {"a number of 21 digits", R"({"resource":"/vis/leads/1","user_id":123456789012345678901})",
         "wrong_type", "/user_id"},
    }));
    INFO(row.name);
    Bench bench;
    const Outcome outcome = [&] {
        try {
            return bench.fetch(row.body);
        } catch (const Stop& stop) {
            return stop.outcome();
        }
    }();
    CHECK(outcome.status == TREVO_REJECT);
    CHECK(outcome.code == row.code);
    CHECK(outcome.field == row.field);
    CHECK(bench.fake.requests.empty());
}

TEST_CASE("a resource that tries to lead elsewhere stays one segment of its path") {
    Bench bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", kApi + "/vis/leads/..%2F..%3Fx%40evil.test", {404, {}, "", ""});
    const std::string body = R"({"resource":"/vis/leads/..%2F..%3Fx@evil.test","user_id":700800900})";
    CHECK(bench.fetch(body).ok() == false);
    CHECK(bench.fake.requests.back().url.starts_with(kApi + "/vis/leads/..%25"));
}

TEST_CASE("the list is read page by page, and only what is new is asked for again") {
    Bench bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", kList, list(row("l-1") + ',' + row("l-2"), 3));
    bench.fake.answer("GET", kApi + "/vis/leads/l-1", lead());
    bench.fake.answer("GET", kApi + "/vis/leads/l-2", lead(R"({"id":"l-2","status":"active"})"));
    std::string second = kList;
    second.replace(second.find("offset=0"), 8, "offset=2");
    bench.fake.answer("GET", second, list(row("l-3"), 3));
    bench.fake.answer("GET", kApi + "/vis/leads/l-3", lead(R"({"id":"l-3","status":"active"})"));
    REQUIRE(bench.poll().ok());
    CHECK(bench.brought.documents.size() == 3);
    CHECK(bench.next == 1); // the batch is used up, so it comes back at once
    CHECK(bench.fake.surprises.empty());

    std::string later = kList; // a day before the last answered one
    later.replace(later.find("2025-11-17"), 10, "2025-11-23");
    bench.fake.answer("GET", later, list(row("l-2", "closed") + ',' + row("l-3"), 2));
    bench.fake.answer("GET", kApi + "/vis/leads/l-2", lead(R"({"id":"l-2","status":"closed"})"));
    REQUIRE(bench.poll().ok());
    CHECK(bench.brought.documents.size() == 4);
    CHECK(bench.next == 0);
    CHECK(bench.fake.surprises.empty());
}

TEST_CASE("what a round could not bring is brought by the next, and the cursor waits for it") {
    Bench bench(Settings::Values{{"batch", "1"}});
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", kList, list(row("l-1") + ',' + row("l-2"), 2));
    bench.fake.answer("GET", kApi + "/vis/leads/l-1", lead());
    REQUIRE(bench.poll().ok());
    CHECK(bench.next == 1);
    CHECK_FALSE(bench.fake.state.contains("listed/centro"));
    bench.fake.answer("GET", kList, list(row("l-1") + ',' + row("l-2"), 2));
    bench.fake.answer("GET", kApi + "/vis/leads/l-2", lead(R"({"id":"l-2","status":"active"})"));
    REQUIRE(bench.poll().ok());
    CHECK(bench.brought.documents.size() == 2);
    CHECK(bench.fake.state.contains("listed/centro"));
    CHECK(bench.fake.surprises.empty());
}

TEST_CASE("an account without a package is a state that is told once, not a failure") {
    Bench bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    for (int i = 0; i < 2; ++i) {
        bench.fake.answer("GET", kList, {403, {}, R"({"message":"no active package"})", ""});
        CHECK(bench.poll().ok());
    }
    CHECK(bench.fake.logged.size() == 1);
    bench.fake.answer("GET", kList, list("", 0));
    CHECK(bench.poll().ok());
    CHECK(bench.fake.state.at("package/centro").empty());
}

TEST_CASE("examining logs in, asks for the list and compares the clocks") {
    Bench bench;
    bench.fake.nowMicros = std::int64_t{1'764'000'000} * 1'000'000; // Mon, 24 Nov 2025 16:00:00 GMT
    const std::string one =
        kApi + "/vis/users/700800900/leads/buyers?offset=0&limit=1&date_from=2025-11-24&date_to=2025-11-24";
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", one, lead(R"({"results":[]})"));
    testing::Seen seen;
    REQUIRE(bench.plugin.examine(seen.checks()).ok());
    CHECK(seen.states() == std::vector<std::string>{"log_in=good", "clock=good", "list=good"});
    CHECK(seen.all[0].dealer == "centro");

    bench.fake.answer("GET", one, {403, {}, R"({"message":"no active package"})", ""});
    testing::Seen without;
    REQUIRE(bench.plugin.examine(without.checks()).ok());
    CHECK(without.states() == std::vector<std::string>{"log_in=good", "permission=unknown"});
    CHECK(bench.brought.documents.empty());
    CHECK(bench.fake.state.empty());
}

TEST_CASE("examining an account whose authorisation is lost says who must do what") {
    Bench bench;
    bench.fake.answer("POST", kLogin, {400, {}, R"({"error":"invalid_grant"})", ""});
    testing::Seen seen;
    REQUIRE(bench.plugin.examine(seen.checks()).ok());
    CHECK(seen.states() == std::vector<std::string>{"log_in=failed"});
    CHECK(seen.all[0].advice.find("authorise the application again") != std::string::npos);
}

TEST_CASE("a configuration that can not work names its setting") {
    CHECK(MercadoLivre::check(configured()).ok());
    CHECK(MercadoLivre::check(configured({{"app_id", "my app"}})).field == "app_id");
    Config twice = configured();
    twice.dealers.push_back(twice.dealers.front());
    CHECK(MercadoLivre::check(twice).field == "user_id");
    Config none = configured();
    none.dealers.clear();
    CHECK(MercadoLivre::check(none).field == "dealers");
    Config words = configured();
    words.dealers.front().settings = Settings({{"user_id", "me"}, {"refresh_token", "x"}});
    CHECK(MercadoLivre::check(words).field == "user_id");
}

TEST_CASE("what was handled lately is remembered for its days and within its bound") {
    Recent first("", 100, 3, 2);
    first.add("a");
    first.add("b");
    first.add("a");
    CHECK(first.has("a"));
    CHECK(Recent(first.text(), 103, 3).has("a"));
    CHECK_FALSE(Recent(first.text(), 104, 3).has("a"));
    first.add("c");
    CHECK_FALSE(first.has("a"));
    CHECK(first.has("c"));
    CHECK(Recent("100 short\nnonsense\n\n99999999999999999999 0123456789abcdef\n", 100, 3).text().empty());
}

TEST_CASE("trouble with one lead leaves the others alone, and the cursor waits for it") {
    Bench bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    for (int round = 0; round < 2; ++round) {
        bench.fake.answer("GET", kList, list(row("l-1") + ',' + row("l-2"), 2));
        bench.fake.answer("GET", kLead, {503, {}, "", ""});
        if (round == 0)
            bench.fake.answer("GET", kApi + "/vis/leads/l-2", lead(R"({"id":"l-2","status":"active"})"));
        CHECK(bench.poll().code == "partner_trouble");
        CHECK(bench.brought.documents.size() == 1);
        CHECK_FALSE(bench.fake.state.contains("listed/centro"));
    }
    bench.fake.answer("GET", kList, list(row("l-1") + ',' + row("l-2"), 2));
    bench.fake.answer("GET", kLead, lead());
    CHECK(bench.poll().ok());
    CHECK(bench.brought.documents.size() == 2);
    CHECK(bench.fake.state.contains("listed/centro"));
    CHECK(bench.fake.surprises.empty());
}

TEST_CASE("a lead that can never be asked for is taken from the list, so it holds nothing up") {
    const std::string old = R"({"id":1,"item_id":"MLB1","name":"Ana","leads":[{"id":"l-1",)"
                            R"("created_at":"2025-11-20T10:00:00Z","contact_type":"whatsapp"}]})";
    struct Row {
        const char* name;
        std::string row;
        int status;
    };
    const auto given =
        GENERATE_COPY(values<Row>({{"refused", row("l-1"), 410}, {"in trouble since days", old, 500}}));
    INFO(given.name);
    Bench bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", kList, list(given.row, 1));
    bench.fake.answer("GET", kLead, {given.status, {}, "", ""});
    CHECK(bench.poll().ok());
    REQUIRE(bench.brought.documents.size() == 1);
    CHECK(bench.brought.documents[0].body.find(R"("name":"Ana")") != std::string::npos);
    CHECK(bench.fake.state.contains("listed/centro"));
}

TEST_CASE("a question's text in trouble does not hold the lead back, and is asked for again for a day") {
    const bool old = GENERATE(false, true);
    INFO(old);
    Bench bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", kList,
                      list(std::string(R"({"id":1,"leads":[{"id":"l-1","contact_type":"question",)") +
                               R"("created_at":"2025-11-2)" + (old ? "1" : "4") + R"(T10:00:00Z"}]})",
                           1));
    bench.fake.answer("GET", kLead, lead(R"({"id":"l-1","contact_type":"question","external_id":"77"})"));
    bench.fake.answer("GET", kApi + "/questions/77?api_version=4", {500, {}, "", ""});
    CHECK(bench.poll().code == (old ? "" : "question_not_answered"));
    REQUIRE(bench.brought.documents.size() == 1);
    CHECK(bench.brought.documents[0].body.find(R"("external_id":"77")") != std::string::npos);
    CHECK(bench.fake.state.contains("listed/centro") == old);
    CHECK(bench.fake.surprises.empty());
}

namespace {

// Two sellers, whose lists show nothing.
struct TwoSellers : Bench {
    TwoSellers() {
        both.dealers.push_back({"sul", Settings({{"user_id", "1"}, {"refresh_token", "TG-sul"}})});
    }
    static std::string listOf(const std::string& user) {
        std::string url = kList;
        return url.replace(url.find("700800900"), 9, user);
    }

    Config both = configured();
    MercadoLivre sellers{both, host};
};

} // namespace

TEST_CASE("what is wrong with one seller does not stop the next; a used-up quota stops all") {
    const int status = GENERATE(500, 429);
    INFO(status);
    TwoSellers bench;
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", bench.listOf("700800900"), {status, {{"Retry-After", "9"}}, "", ""});
    if (status == 500) {
        bench.fake.answer("POST", kLogin, pair("B1", "TG-3"));
        bench.fake.answer("GET", bench.listOf("1"), list("", 0));
    }
    const Outcome outcome = bench.sellers.poll(bench.brought.bring(), bench.next);
    CHECK(outcome.retryAfterSeconds == 9);
    CHECK(bench.fake.surprises.empty());
    CHECK(bench.fake.finished());
}

TEST_CASE("a round of a slow partner ends in time, and the next begins with the seller whose turn it is") {
    TwoSellers bench;
    bench.fake.onRequest = [&](const HttpRequest&) { bench.fake.nowMicros += 16'000'000; };
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    bench.fake.answer("GET", bench.listOf("700800900"), list("", 0));
    REQUIRE(bench.sellers.poll(bench.brought.bring(), bench.next).ok());
    CHECK(bench.next == 1);
    bench.fake.answer("POST", kLogin, pair("B1", "TG-3"));
    bench.fake.answer("GET", bench.listOf("1"), list("", 0));
    REQUIRE(bench.sellers.poll(bench.brought.bring(), bench.next).ok());
    CHECK(bench.fake.surprises.empty());
    CHECK(bench.fake.finished());
}

TEST_CASE("a missed notification that is none is told once and left") {
    Bench bench(Settings::Values{{"missed_feeds", "true"}});
    bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
    for (int round = 0; round < 2; ++round) {
        std::string url = kList;
        if (round == 1) url.replace(url.find("2025-11-17"), 10, "2025-11-23");
        bench.fake.answer("GET", url, list("", 0));
        for (const char* topic : {"vis_leads", "questions", "leads-credits"}) {
            bench.fake.answer(
                "GET", kApi + "/missed_feeds?app_id=5503910000000001&topic=" + topic + "&offset=0&limit=2",
                {200,
                 {},
                 std::string(R"({"messages":[)") + (topic[0] == 'v' ? "{\"resource\":7.5}" : "") + "]}",
                 ""});
        }
        CHECK(bench.poll().ok());
    }
    CHECK(bench.fake.logged.size() == 1);
    CHECK(bench.fake.surprises.empty());
}

TEST_CASE("missed notifications are asked for by a seller whose authorisation holds, and followed once") {
    Bench bench(Settings::Values{{"missed_feeds", "true"}});
    Config both = bench.config;
    both.dealers.insert(both.dealers.begin(),
                        Dealer{"sul", Settings({{"user_id", "1"}, {"refresh_token", "TG-revoked"}})});
    MercadoLivre plugin(both, bench.host);
    const auto missed = [](const std::string& topic) {
        return kApi + "/missed_feeds?app_id=5503910000000001&topic=" + topic + "&offset=0&limit=2";
    };
    const HttpResponse none{200, {}, R"({"messages":[]})", ""};
    const auto round = [&](const std::string& messages) {
        bench.fake.answer("POST", kLogin, {400, {}, "{}", ""}); // sul has revoked its authorisation
        std::int64_t next = 0;
        if (bench.fake.accounts.empty()) bench.fake.answer("POST", kLogin, pair("A1", "TG-2"));
        std::string list = kList;
        if (!bench.fake.state.empty()) list.replace(list.find("2025-11-17"), 10, "2025-11-23");
        bench.fake.answer("GET", list, {200, {}, R"({"results":[],"paging":{"total":0}})", ""});
        bench.fake.answer("POST", kLogin, {400, {}, "{}", ""});
        bench.fake.answer("GET", missed("vis_leads"), {200, {}, R"({"messages":[)" + messages + "]}", ""});
        if (bench.brought.documents.empty()) bench.fake.answer("GET", kLead, lead());
        bench.fake.answer("GET", missed("questions"), none);
        bench.fake.answer("GET", missed("leads-credits"), none);
        const Outcome outcome = plugin.poll(bench.brought.bring(), next);
        for (const auto& [key, value] : bench.brought.states)
            bench.fake.state[key] = value;
        return outcome;
    };
    CHECK(round(kNotification).code ==
          "authorisation_lost"); // told, and the other seller's leads came all the same
    CHECK(bench.brought.documents.size() == 1);
    CHECK(round(kNotification).code == "authorisation_lost");
    CHECK(bench.brought.documents.size() == 1);
    CHECK(bench.fake.surprises.empty());
    CHECK(bench.fake.finished());
}
