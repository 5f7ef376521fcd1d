// The SDK as a plugin's author uses it in unit tests of their own.
#include "trevo/encode.hpp"
#include "trevo/partner.hpp"
#include "trevo/testing/fake_host.hpp"
#include "trevo/turns.hpp"
#include "trevo/watermark.hpp"

#include <catch2/catch.hpp>

namespace {

class Pager : public trevo::Plugin, public trevo::Poll {
  public:
    using Plugin::Plugin;
    trevo::Outcome poll(trevo::Bring& bring, std::int64_t& nextPollSeconds) override {
        const auto answer =
            host().http({"GET", settings().text("url") + host().state("page").value_or("1"), {}, "", 9});
        if (answer.status != 200) return trevo::Outcome::retryAfter(30, "no_answer", answer.error);
        if (!bring.document({"text/plain", answer.body, "", "", "inbound"})) return trevo::Outcome::done();
        bring.state("page", answer.header("x-next"));
        nextPollSeconds = 1;
        host().info("brought one");
        return trevo::Outcome::done();
    }
};

} // namespace

TEST_CASE("a plugin class is tested with a fake host and no gateway") {
    trevo::testing::FakeHost fake;
    fake.state["page"] = "2";
    fake.answer("GET", "https://a.test/2", {200, {{"X-Next", "3"}}, "two", ""});
    const trevo::Config config = trevo::testing::config({{"url", "https://a.test/"}});
    const trevo::Host host(fake.raw());
    Pager pager(config, host);
    trevo::testing::Brought brought;
    std::int64_t next = 0;

    CHECK(pager.poll(brought.bring(), next).ok());
    REQUIRE(brought.documents.size() == 1);
    CHECK(brought.documents[0].body == "two");
    CHECK(brought.states == trevo::Pairs{{"page", "3"}});
    CHECK(next == 1);
    CHECK(fake.finished());
    CHECK(fake.surprises.empty());
    CHECK(fake.logged.size() == 1);

    CHECK(pager.poll(brought.bring(), next).status == TREVO_RETRY_AFTER); // nothing more is scripted
    CHECK(fake.surprises == std::vector<std::string>{"GET https://a.test/2"});

    fake.stateWorks = false;
    CHECK_THROWS_AS(pager.poll(brought.bring(), next), trevo::Stop);
}

TEST_CASE("settings are read as what the manifest says they are") {
    const trevo::Settings settings{
        {"n", "42"}, {"yes", "true"}, {"no", "false"}, {"list", "a\nb"}, {"empty", ""}};
    CHECK(settings.integer("n") == 42);
    CHECK(settings.boolean("yes"));
    CHECK_FALSE(settings.boolean("no"));
    CHECK(settings.texts("list") == std::vector<std::string>{"a", "b"});
    CHECK(settings.texts("empty").empty());
    CHECK(settings.text("absent", "x") == "x");
    CHECK_THROWS_AS(settings.text("absent"), std::out_of_range);
    CHECK_THROWS_AS(settings.integer("list"), std::invalid_argument);
}

TEST_CASE("requests are encoded as partners expect") {
    using namespace trevo::encode;
    CHECK(percent("a b/ç~") == "a%20b%2F%C3%A7~");
    CHECK(form({{"grant_type", "password"}, {"user", "a&b=c"}}) == "grant_type=password&user=a%26b%3Dc");
    CHECK(form({}).empty());
    const std::pair<const char*, const char*> rows[] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xff\xfe", "//4="}};
    for (const auto& [bytes, text] : rows)
        CHECK(base64(bytes) == text);
    CHECK(json("a\"\\\n\x1f é") == "\"a\\\"\\\\\\u000a\\u001f é\"");
}

TEST_CASE("Retry-After is read as seconds and as a date of the answer's own clock") {
    using trevo::partner::retryAfterSeconds;
    const auto of = [](trevo::Pairs headers) { return retryAfterSeconds({429, std::move(headers), "", ""}); };
    CHECK(of({{"Retry-After", "17"}}) == 17);
    CHECK(of({{"Retry-After", "Wed, 25 Nov 2026 20:01:30 GMT"}, {"Date", "Wed, 25 Nov 2026 20:00:00 GMT"}}) ==
          90);
    CHECK(of({{"Retry-After", "Wed, 25 Nov 2026 19:00:00 GMT"}, {"Date", "Wed, 25 Nov 2026 20:00:00 GMT"}}) ==
          0);
    CHECK(of({{"Retry-After", "Wed, 25 Nov 2026 20:01:30 GMT"}}) == 60);
    CHECK(of({{"Retry-After", "99999999"}}) == 86'400);
    CHECK(of({{"Retry-After", "-5"}}) == 0);
    CHECK(of({{"Retry-After", "soon"}}) == 0);
    CHECK(of({}) == 0);
}

TEST_CASE("an HTTP date is read exactly or not at all") {
    using trevo::partner::httpDate;
    CHECK(httpDate("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777);
    for (const char* wrong : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                              "Sun, 06 Xyz 1994 08:49:37 GMT", "Sun, 06 ovD 1994 08:49:37 GMT",
                              "Sun, 06 Nov 1994 28:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC"})
        CHECK_FALSE(httpDate(wrong));
}

TEST_CASE("a request that the host's quota held back is a limit and no refusal of the partner") {
    const auto outcome = trevo::partner::troubleWith(
        {429, {{"Retry-After", "40"}, {"X-Trevo-Quota", "used up"}}, "", ""}, "Acme");
    CHECK(outcome.status == TREVO_LIMIT);
    CHECK(outcome.code == "quota_used_up");
    CHECK(outcome.retryAfterSeconds == 40);
}

TEST_CASE("the clock is compared with the partner's") {
    trevo::testing::Seen seen;
    const trevo::HttpResponse answer{200, {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}}, "", ""};
    trevo::partner::checkClock(seen.checks(), answer, 784'111'777 + 30);
    trevo::partner::checkClock(seen.checks(), answer, 784'111'777 - 90);
    trevo::partner::checkClock(seen.checks(), {200, {}, "", ""}, 0);
    CHECK(seen.states() == std::vector<std::string>{"clock=good", "clock=failed"});
    CHECK(seen.all[1].detail == "this machine's clock is 90 s behind the partner's");
}

TEST_CASE("a watermark asks from before what was reached and never moves back") {
    trevo::testing::FakeHost fake;
    const trevo::Host host(fake.raw());
    const trevo::Watermark mark(host, "leads/7", 3'600);
    CHECK_FALSE(mark.from());
    trevo::testing::Brought brought;
    mark.reached(1'000'000, brought.bring());
    CHECK(brought.states == trevo::Pairs{{"leads/7", "1000000"}});
    fake.state["leads/7"] = "1000000";
    CHECK(mark.from() == 996'400);
    mark.reached(999'000, brought.bring());
    CHECK(brought.states.back().second == "1000000");
    fake.state["leads/7"] = "spoilt";
    CHECK_FALSE(mark.from());
}

TEST_CASE("every part of a poll has its turn: after trouble, after a long round, after a limit") {
    using trevo::Outcome;
    trevo::testing::FakeHost fake;
    const trevo::Host host(fake.raw());
    trevo::Turns turns(30);
    std::int64_t takes = 0, next = 0;
    std::map<std::size_t, Outcome> ends; // others end well
    const auto round = [&] {
        std::string asked;
        next = 0;
        const Outcome worst = turns.round(host, 4, next, [&](std::size_t at) -> Outcome {
            asked += std::to_string(at);
            fake.nowMicros += takes * 1'000'000;
            const auto found = ends.find(at);
            if (found == ends.end()) return Outcome::done();
            throw trevo::Stop(found->second);
        });
        return asked + ' ' + worst.code;
    };
    CHECK(round() == "0123 ");
    CHECK(next == 0);

    ends = {{1, Outcome::retryAfter(0, "partner_trouble", "")}, {2, Outcome::auth("refused", "")}};
    CHECK(round() == "0123 partner_trouble");

    ends = {{1, Outcome::retryAfter(0, "no_answer", "")}};
    CHECK(round() == "01 no_answer");
    CHECK(round() == "23 "); // the one that does not answer is not first for ever
    ends = {{2, Outcome::limit(60, "too_many_requests", "")}};
    CHECK(round() == "012 too_many_requests");
    ends.clear();
    CHECK(round() == "23 "); // where the limit was met

    takes = 16;
    CHECK(round() == "01 ");
    CHECK(next == 1);
    CHECK(round() == "23 ");
    CHECK(next == 0); // all had their turn
}

TEST_CASE("one entry in trouble leaves the others, three do not") {
    using trevo::Outcome;
    trevo::Patience patience;
    CHECK_FALSE(patience.ends(Outcome::done()));
    CHECK_FALSE(patience.ends(Outcome::retryAfter(0, "partner_trouble", "")));
    CHECK_FALSE(patience.ends(Outcome::retryAfter(0, "partner_trouble", "")));
    CHECK(patience.ends(Outcome::retryAfter(0, "partner_trouble", "")));
    CHECK(trevo::Patience().ends(Outcome::retryAfter(0, "no_answer", "")));
    CHECK(trevo::Patience().ends(Outcome::limit(9, "too_many_requests", "")));
    CHECK(trevo::Patience().ends(Outcome::auth("refused", "")));
}

TEST_CASE("the value of an account is written only by whoever holds its lock") {
    trevo::testing::FakeHost fake;
    const trevo::Host host(fake.raw());
    {
        const trevo::Account account(host, "seller");
        CHECK_FALSE(account.state());
        account.setState("pair 1");
        CHECK_THROWS_AS(trevo::Account(host, "seller"), std::invalid_argument); // by this very call
    }
    CHECK(host.accountState("seller") == "pair 1");
    fake.accountIsBusy = true;
    try {
        const trevo::Account account(host, "seller");
        FAIL("the lock was had");
    } catch (const trevo::Stop& stop) {
        CHECK(stop.outcome().status == TREVO_RETRY_AFTER);
    }
}
