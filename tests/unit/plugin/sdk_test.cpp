// The SDK as a plugin's author uses it in unit tests of their own.
#include "trevo/encode.hpp"
#include "trevo/testing/fake_host.hpp"

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
