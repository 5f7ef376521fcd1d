#include "support.hpp"

using namespace trevo;
using namespace trevo::plugin;

namespace {

const std::string kSample = std::string(TREVO_BINARY_DIR) + "/test-plugins/sample.so";

InstanceConfig config(const std::string& secret = "s3cret") {
    return {"sample-1",
            {{"base_url", "https://sample.test"}, {"secret", secret}, {"pages", "3"}},
            {{"centro", {{"token", "t0ken"}, {"cnpj", "11222333000181"}}}}};
}

} // namespace

TEST_CASE("a plugin written with the SDK is loaded with its manifest and capabilities") {
    const auto library = loaded(kSample);
    CHECK(library->manifest().id == "sample");
    CHECK(library->manifest().version == "1.2.3");
    CHECK(library->manifest().successStatus == 202);
    MemoryHost host;
    const auto instance = made(kSample, host, config());
    CHECK(instance->canAuthenticate());
    CHECK(instance->canDecode());
    CHECK(instance->canFetch());
    CHECK(instance->canPoll());
    CHECK(instance->canExamine());
}

TEST_CASE("a capability that a plugin does not have can not be called") {
    MemoryHost host;
    const auto instance = made(badPath("late_emit"), host);
    CHECK_FALSE(instance->canDecode());
    CHECK_THROWS_AS(instance->decode("inbound", "", "", ""), std::logic_error);
}

TEST_CASE("a configuration that can not work is refused with the setting's name") {
    const auto library = loaded(kSample);
    CHECK(Instance::check(*library, config()));
    const auto bad = Instance::check(*library, config("abc"));
    REQUIRE_FALSE(bad);
    CHECK(bad.error() ==
          Problem{"bad_setting", "secret", "", "integration sample-1: is shorter than 4 characters"});
}

TEST_CASE("an exception in a plugin's code is a bug whose text stays in the plugin") {
    MemoryHost host;
    const auto none = Instance::create(loaded(kSample), config("throw"), host);
    REQUIRE_FALSE(none);
    CHECK(none.error().code == "plugin_exception");
    CHECK_THAT(none.error().detail, !Catch::Contains("Maria"));

    const auto decoded = made(kSample, host, config())->decode("inbound", "", "", "throw");
    CHECK(decoded.verdict.status == Status::Bug);
    CHECK_THAT(decoded.verdict.problem.detail, Catch::Contains("runtime_error") && !Catch::Contains("Maria"));
}

TEST_CASE("authenticate sees the delivery as it was sent") {
    MemoryHost host;
    const auto instance = made(kSample, host, config());
    const std::string rest = R"("method":"POST","path":"/status","query":"a=1","remote":"203.0.113.9"})";
    const std::pair<std::string, Status> rows[] = {
        {R"({"headers":{"X-Secret":"s3cret"},)" + rest, Status::Ok},
        {R"({"headers":{"X-Secret":["s3cret","other"]},)" + rest, Status::Ok},
        {R"({"headers":[["A","b"],["X-SECRET","s3cret"]],)" + rest, Status::Ok},
        {R"({"headers":{"X-Secret":"S3CRET"},)" + rest, Status::Auth},
        {R"({"headers":{"X-Secret":1},)" + rest, Status::Auth},
        {R"({"headers":[[],["X-Secret"],3],)" + rest, Status::Auth},
        {R"({"headers":"X-Secret: s3cret",)" + rest, Status::Auth},
        {"", Status::Auth},
        {"{", Status::Auth},
        {"[]", Status::Auth},
    };
    for (const auto& [meta, status] : rows) {
        INFO(meta);
        CHECK(instance->authenticate({meta, "body"}).status == status);
    }
}

TEST_CASE("decode gives the records in the order in which they were made") {
    MemoryHost host;
    const auto instance = made(kSample, host, config());
    const auto decoded = instance->decode("detail", "application/json", "", "a\"\x01\nb");
    CHECK(decoded.verdict.status == Status::Ok);
    CHECK(decoded.records ==
          std::vector<std::string>{R"({"kind":"lead","role":"detail","type":"application/json"})",
                                   "{\"kind\":\"lead\",\"body\":\"a\\\"\\u0001\\u000ab\"}"});
    const auto stopped = instance->decode("inbound", "", "", "stop");
    CHECK(stopped.verdict.status == Status::Reject);
    CHECK(stopped.verdict.problem == Problem{"no_id", "/id", "line 1", "is missing"});
    CHECK(stopped.records.empty());
}

TEST_CASE("fetch describes its request and the host performs it") {
    MemoryHost host;
    host.answer = {200, {{"Content-Type", "application/json"}}, "{\"id\":7}", ""};
    const auto instance = made(kSample, host, config());
    const Brought brought = instance->fetch("application/json", "a b");
    CHECK(brought.verdict.status == Status::Ok);
    REQUIRE(host.requests.size() == 1);
    CHECK(host.requests[0].url == "https://sample.test/a%20b");
    CHECK(host.requests[0].headers.at(0).second == "Bearer t0ken");
    CHECK(host.requests[0].timeoutSeconds == 5);
    REQUIRE(brought.documents.size() == 1);
    CHECK(brought.documents[0].contentType == "application/json");
    CHECK(brought.documents[0].body == "{\"id\":7}");
    CHECK(brought.documents[0].key == "key-1");
    CHECK(brought.documents[0].dealer == "centro");

    host.answer = {0, {}, "", "connection refused"};
    const Brought later = instance->fetch("application/json", "1");
    CHECK(later.verdict.status == Status::RetryAfter);
    CHECK(later.verdict.retryAfterSeconds == 90);
    CHECK(later.verdict.problem.detail == "connection refused");
}

TEST_CASE("a request gets no more time than its call has left, and none begins too late") {
    MemoryHost host;
    host.answer = {200, {{"Content-Type", "application/json"}}, "{}", ""};
    host.callTimeout = 12;
    const auto instance = made(kSample, host, config());
    CHECK(instance->fetch("", "1").verdict.status == Status::Ok);
    CHECK(host.requests.back().timeoutSeconds == 5); // as it wished
    host.requestTakes = 7;
    CHECK(instance->fetch("", "1\n2").verdict.status == Status::Ok);
    REQUIRE(host.requests.size() == 3);
    CHECK(host.requests.back().timeoutSeconds == 4);
    host.requestTakes = 10;
    const Brought late = instance->fetch("", "1\n2");
    CHECK(host.requests.size() == 4);
    CHECK(late.verdict.problem.detail == "the time of this call is used up");
    CHECK(late.documents.size() == 1); // what was brought before is good
}

TEST_CASE("a request with a smuggled header is not performed") {
    MemoryHost host;
    const auto instance = made(kSample, host, config());
    CHECK(instance->fetch("", "bad header").verdict.status == Status::Bug);
    CHECK(host.requests.empty());
}

TEST_CASE("what a poll brought is kept although one dealer's token was refused") {
    MemoryHost host;
    host.values["cursor"] = "41";
    const auto instance = made(kSample, host, config());
    const Brought brought = instance->poll();
    CHECK(brought.verdict.status == Status::Auth);
    CHECK(brought.documents.size() == 3);
    CHECK(brought.stateChanges == std::vector<std::pair<std::string, std::string>>{{"cursor", "1764000000"}});
    CHECK(brought.nextPollSeconds == 7);
    CHECK(host.values["seen"] == "41");
    CHECK(host.values["cursor"] == "41"); // committed by the caller, with the documents
    CHECK(host.lines == std::vector<std::string>{"polled\\x0a41"});
}

TEST_CASE("a plugin is told when it has brought enough") {
    MemoryHost host;
    const auto instance = made(kSample, host, config(), {1 << 20, 2});
    CHECK(instance->poll().documents.size() == 2);
}

TEST_CASE("a state that can not be stored ends the call as something to try again") {
    MemoryHost host;
    host.stateBroken = true;
    const auto instance = made(kSample, host, config());
    const Brought brought = instance->poll();
    CHECK(brought.verdict.status == Status::RetryAfter);
    CHECK(brought.verdict.problem.code == "state_unavailable");
}

TEST_CASE("two instances of one plugin live side by side") {
    MemoryHost one, two;
    const auto first = made(kSample, one, config());
    auto other = config();
    other.settings["pages"] = "1";
    const auto second = made(kSample, two, other);
    CHECK(first->poll().documents.size() == 3);
    CHECK(second->poll().documents.size() == 1);
}

TEST_CASE("examine tells what it saw, also when it could not go on") {
    MemoryHost host;
    const auto examined = made(kSample, host, config())->examine();
    CHECK(examined.verdict.status == Status::Auth);
    REQUIRE(examined.checks.size() == 2);
    CHECK(examined.checks[0].name == "log_in");
    CHECK(examined.checks[0].state == Check::State::Good);
    CHECK(examined.checks[0].dealer == "centro");
    CHECK(examined.checks[1].state == Check::State::Failed);
    CHECK(examined.checks[1].detail == "the list is closed to this user\\x01");
    CHECK(examined.checks[1].advice == "ask for the profile");
}

TEST_CASE("a check without a name is a bug of the plugin") {
    MemoryHost host;
    const auto examined = made(kSample, host, config("nameless"))->examine();
    CHECK(examined.verdict.status == Status::Bug);
    CHECK(examined.verdict.problem.code == "bad_check");
    CHECK(examined.checks.empty());
}

TEST_CASE("the value of an account is kept, and its lock is given back when the call is over") {
    MemoryHost host;
    const auto instance = made(kSample, host, config());
    CHECK(instance->examine().checks.at(0).detail == "the account had none");
    CHECK(instance->examine().checks.at(0).detail == "the account had pair 2");
    CHECK(host.locked.empty());
    CHECK(made(kSample, host, config("left open"))->examine().verdict.status == Status::Bug);
    CHECK(host.locked.empty());
}

TEST_CASE("an account whose login somebody else is renewing is tried again later") {
    MemoryHost host;
    host.accountBusy = true;
    const auto examined = made(kSample, host, config())->examine();
    CHECK(examined.verdict.status == Status::RetryAfter);
    CHECK(examined.verdict.problem.code == "account_busy");
}
