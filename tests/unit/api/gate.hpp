// An Api over the fakes and a real journal, asked as the listener would ask it.
#pragma once

#include "fake_store.hpp"

#include "base/hash.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <future>

namespace trevo::api::test {

using Json = nlohmann::json;

struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "trevo-api-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

class Gate {
  public:
    Gate() {
        addToken("reader", {"read"});
        addToken("sender", {"records:write"});
        addToken("operator", {"operate"});
        addToken("admin", {"admin"});
        addToken("sul", {"read"}, {"sul"});
        addToken("sul-admin", {"admin"}, {"sul"});
    }

    void addToken(const std::string& name, std::vector<std::string> scopes,
                  std::vector<std::string> dealers = {}) {
        store::Token token;
        token.id = "t_" + name;
        token.name = name;
        token.scopes = std::move(scopes);
        token.dealers = std::move(dealers);
        store.tokenRows[std::string(asView(sha256("trv_" + name)))] = token;
    }

    static http::Request request(const std::string& method, const std::string& target,
                                 const std::string& token, std::string body = {},
                                 http::Headers headers = {}) {
        http::Request request;
        request.head.method = method;
        request.head.path = target.substr(0, target.find('?'));
        if (const auto mark = target.find('?'); mark != std::string::npos)
            request.head.query = target.substr(mark + 1);
        request.head.headers = std::move(headers);
        request.head.remoteAddress = "203.0.113.9";
        if (!token.empty()) request.head.headers.emplace_back("Authorization", "Bearer trv_" + token);
        request.body = std::move(body);
        return request;
    }

    http::Responder::Answer answer(http::Request wanted) {
        const auto admission = api.admit(wanted.head);
        if (admission.refusal) return *admission.refusal;
        std::promise<http::Responder::Answer> promise;
        auto future = promise.get_future();
        api.handle(std::move(wanted),
                   http::Responder([&](http::Responder::Answer got) { promise.set_value(std::move(got)); }));
        return future.get();
    }

    http::Response ask(const std::string& method, const std::string& target,
                       const std::string& token = "admin", std::string body = {},
                       http::Headers headers = {}) {
        auto got = answer(request(method, target, token, std::move(body), std::move(headers)));
        return std::get<http::Response>(std::move(got));
    }

    Json json(const std::string& target, const std::string& token = "admin") {
        const auto response = ask("GET", target, token);
        INFO(target << ' ' << response.body);
        REQUIRE(response.status == 200);
        return Json::parse(response.body);
    }

    Uuid deliver(const std::string& body, const std::string& integration = "olx", bool dead = false) {
        journal::Delivery delivery;
        delivery.integration = integration;
        delivery.door = "http";
        delivery.contentType = "application/json";
        delivery.meta = "{}";
        delivery.body = body;
        delivery.receivedAt = clock.now();
        if (dead)
            delivery.dead =
                journal::Reason{{"wrong_type", "/phone", "line 1", "a text was expected"}, "decode"};
        std::promise<Uuid> promise;
        journal.append(std::move(delivery), [&](auto result) { promise.set_value(result.value().id); });
        return promise.get_future().get();
    }

    void addRecord(int number, const std::string& dealer, const std::string& kind = "lead",
                   Uuid envelope = {}) {
        store::RecordRow row;
        row.number = number;
        row.id = "r" + std::to_string(number);
        row.kind = kind;
        row.integration = "olx";
        row.dealer = dealer;
        row.person = "p" + std::to_string(number);
        row.negotiation = "n" + std::to_string(number);
        row.envelope = envelope;
        row.body = R"({"kind":")" + kind + R"(","source":{"integration":"olx"},"customer":{"name":"Zoë"}})";
        store.recordRows.push_back(row);
        store::PersonRow person;
        person.number = number;
        person.id = row.person;
        person.golden = R"({"name":"Zoë"})";
        store.personRows.push_back(person);
        store::NegotiationRow negotiation;
        negotiation.number = number;
        negotiation.id = row.negotiation;
        negotiation.person = row.person;
        negotiation.dealer = dealer;
        negotiation.state = "open";
        store.negotiationRows.push_back(negotiation);
        store::DecisionRow decision;
        decision.number = number;
        decision.kind = "assign";
        decision.record = row.id;
        decision.person = row.person;
        decision.evidence = R"({"zone":"new"})";
        store.decisionRows.push_back(decision);
    }

    void addMatch(int number, const std::string& record, const std::string& person, const std::string& dealer,
                  const std::vector<std::string>& candidates) {
        store::MatchRow match;
        match.number = number;
        match.id = "m" + std::to_string(number);
        match.state = "open";
        match.record = record;
        match.person = person;
        match.dealer = dealer;
        for (const auto& candidate : candidates)
            match.candidates.push_back({candidate, R"({"person":")" + candidate + R"(","score":1.50})"});
        store.matchRows.push_back(match);
    }

    Folder folder;
    ManualClock clock{UtcTime::fromSeconds(1'800'000'000)};
    UuidSource ids{clock};
    journal::Journal journal{{(folder.path / "journal.db").string(), {}, ""}, clock, ids};
    FakeStore store;
    FakeDaemon daemon{store, clock};
    std::vector<std::string> accepted;
    Api api{{2, 64, 2, 1 << 20, 1 << 20},
            store,
            journal,
            daemon,
            clock,
            [this](const Principal& who, http::Request got, http::Responder respond) {
                accepted.push_back(who.name + ' ' + got.body);
                respond(http::json(202, "{}"));
            }};
};

} // namespace trevo::api::test
