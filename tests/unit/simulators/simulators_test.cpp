#include "simulators/campaign.hpp"
#include "simulators/options.hpp"
#include "simulators/portals.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <unistd.h>

using namespace trevo::sim;
using nlohmann::json;

namespace {

// A gateway that notes what it gets, and a ledger in a folder of its own.
struct Bench {
    explicit Bench(std::vector<std::string> arguments) {
        char name[] = "/tmp/trevo-sim-XXXXXX";
        folder = mkdtemp(name);
        arguments.insert(arguments.begin(), "trevo-sim");
        std::vector<const char*> argv;
        for (const auto& argument : arguments)
            argv.push_back(argument.c_str());
        Parsed parsed = parse(static_cast<int>(argv.size()), argv.data());
        REQUIRE(parsed.exitCode == -1);
        options = std::move(parsed.options);
        options.gateway = "http://" + gateway.address();
        options.resendMillis = 1;
        options.perSecond = 0;
    }
    ~Bench() { std::filesystem::remove_all(folder); }

    int run() {
        world.emplace(options.seed, options.people, options.dealers);
        Ledger ledger(folder + "/ledger");
        partner = makePartner(options.partners.front(), *world, options);
        Campaign campaign(options.partners.front(), *partner, *world, options, ledger);
        const int offered = campaign.run({});
        std::ifstream file(folder + "/ledger");
        for (std::string line; std::getline(file, line);)
            entries.push_back(json::parse(line));
        return offered;
    }
    std::vector<std::string> externalIds() const {
        std::vector<std::string> ids;
        for (const Request& request : received)
            ids.push_back(json::parse(request.body).at("protocolo"));
        return ids;
    }

    std::mutex mutex;
    std::vector<Request> received;
    int status = 200;
    Server gateway{"127.0.0.1", 0, [this](const Request& request) {
                       const std::lock_guard lock(mutex);
                       received.push_back(request);
                       return Answer{status, "{}"};
                   }};
    std::string folder;
    Options options;
    std::optional<World> world;
    std::unique_ptr<Partner> partner;
    std::vector<json> entries;
};

Request get(const std::string& path, const std::string& query, Headers headers) {
    return {"GET", path, query, std::move(headers), ""};
}

} // namespace

TEST_CASE("A count is kept to, each lead is pushed once and stands in the ledger with its person") {
    Bench bench({"site", "--count", "20", "--seed", "7", "--token", "s3"});
    CHECK(bench.run() == 20);
    const auto ids = bench.externalIds();
    CHECK(std::set(ids.begin(), ids.end()).size() == 20);
    CHECK(bench.received.front().path == "/in/site");
    CHECK(bench.received.front().header("authorization") == "Bearer s3");
    REQUIRE(bench.entries.size() == 20);
    for (const json& entry : bench.entries) {
        CHECK(entry["state"] == "accepted");
        CHECK(entry["person"]["cpf"].get<std::string>().size() == 11);
    }
}

TEST_CASE("Two runs with one seed offer the same leads, with another seed others") {
    const auto bodies = [](const char* seed) {
        const World world(std::strtoull(seed, nullptr, 10), 50, usualDealers());
        std::string all;
        for (int n = 0; n < 20; ++n) {
            const Lead lead = world.lead("olx", n);
            all += lead.spelling.name + lead.spelling.phone + lead.spelling.email + lead.vehicle.plate + '\n';
        }
        return all;
    };
    CHECK(bodies("7") == bodies("7"));
    CHECK(bodies("7") != bodies("8"));
}

TEST_CASE("The same person comes through several partners, spelled differently") {
    const World world(7, 20, usualDealers());
    std::map<int, std::set<std::string>> partners, spellings;
    for (const std::string& partner : partnerNames()) {
        for (int n = 0; n < 40; ++n) {
            const Lead lead = world.lead(partner, n);
            partners[lead.person.index].insert(partner);
            spellings[lead.person.index].insert(lead.spelling.name);
            CHECK((!lead.spelling.phone.empty() || !lead.spelling.email.empty()));
        }
    }
    CHECK(partners.size() > 15);
    CHECK(std::all_of(partners.begin(), partners.end(), [](const auto& e) { return e.second.size() > 1; }));
    CHECK(std::any_of(spellings.begin(), spellings.end(), [](const auto& e) { return e.second.size() > 3; }));
}

TEST_CASE("No two people share a document, a phone or an e-mail") {
    const World world(99, 500, usualDealers());
    std::set<std::string> seen;
    for (int i = 0; i < 500; ++i) {
        const Person person = world.person(i);
        CHECK(seen.insert(person.cpf).second);
        CHECK(seen.insert(person.phone.substr(2)).second);
        CHECK(seen.insert(person.email).second);
    }
}

TEST_CASE("A duplicate rate sends the same bytes twice and notes it") {
    Bench bench({"site", "--count", "10", "--seed", "7", "--duplicate-rate", "1"});
    bench.run();
    REQUIRE(bench.received.size() == 20);
    CHECK(bench.received[0].body == bench.received[1].body);
    CHECK(bench.entries[1]["repeat"] == true);
}

TEST_CASE("A window reorders pushes and loses none") {
    Bench plain({"site", "--count", "30", "--seed", "7"}),
        mixed({"site", "--count", "30", "--seed", "7", "--reorder", "8"});
    plain.run();
    mixed.run();
    auto first = plain.externalIds(), second = mixed.externalIds();
    CHECK(first != second);
    std::sort(second.begin(), second.end());
    std::sort(first.begin(), first.end());
    CHECK(first == second);
}

TEST_CASE("A failing push is cut off and sent again, but OLX never sends again") {
    Bench site({"site", "--count", "15", "--seed", "7", "--fail-rate", "0.3"});
    site.run();
    CHECK(site.received.size() >= 14);
    CHECK(std::any_of(site.entries.begin(), site.entries.end(),
                      [](const json& e) { return e["attempts"] > 1; }));

    Bench olx({"olx", "--count", "15", "--seed", "7", "--fail-rate", "0.3"});
    olx.run();
    CHECK(olx.entries.size() == 15);
    // A push that was cut off reaches this server with the half that came.
    const auto whole = [](const Request& request) { return json::accept(request.body); };
    CHECK(std::count_if(olx.received.begin(), olx.received.end(), whole) < 15);
    CHECK(std::all_of(olx.entries.begin(), olx.entries.end(),
                      [](const json& e) { return e["attempts"] == 1; }));
}

TEST_CASE("A refused push is sent again three times and then given up") {
    Bench bench({"adf", "--count", "1", "--seed", "7"});
    bench.status = 503;
    bench.run();
    CHECK(bench.received.size() == 4);
    CHECK(bench.entries.at(0)["state"] == "refused");
    CHECK(bench.entries.at(0)["status"] == 503);
}

TEST_CASE("Webmotors announces ids and shows the details to the dealer's own user only") {
    Bench bench({"webmotors", "--count", "8", "--seed", "7"});
    bench.run();
    const auto login = [&](const std::string& dealer) {
        const json body = {{"username", "integrador-" + dealer},
                           {"password", "sim-webmotors-user"},
                           {"grant_type", "password"}};
        // trevo-demo:sim-webmotors-client
        const auto answer =
            bench.partner->answer({"POST",
                                   "/oauth/v1/access-token",
                                   "",
                                   {{"Content-Type", "application/json"},
                                    {"Authorization", "Basic dHJldm8tZGVtbzpzaW0td2VibW90b3JzLWNsaWVudA=="}},
                                   body.dump()});
        REQUIRE(answer->status == 201);
        return json::parse(answer->body)["access_token"].get<std::string>();
    };
    const std::map<std::string, std::string> tokens = {{"7712340", login("centro")},
                                                       {"7712341", login("sul")}};
    for (const Request& push : bench.received) {
        const json hint = json::parse(push.body);
        CHECK(hint.size() == 4);
        const std::string path = "/lead/v1/leads/" + hint["IdLead"].get<std::string>();
        const std::string query = "id_tipo_lead=" + hint["IdTipoLead"].get<std::string>();
        for (const auto& [code, token] : tokens) {
            const auto answer = bench.partner->answer(get(path, query, {{"access_token", token}}));
            CHECK(answer->status == (code == hint["CodigoCliente"] ? 200 : 404));
        }
        CHECK(bench.partner->answer(get(path, query, {}))->status == 401);
    }
}

TEST_CASE("iCarros sends who has no token to a login page and takes each refresh token once") {
    Bench bench({"icarros", "--count", "30", "--seed", "7"});
    bench.run();
    CHECK(bench.received.empty());
    const std::string base = "/rest/dealerservice/dealer/7712340/";
    CHECK(bench.partner->answer(get(base + "calls", "", {}))->status == 302);
    const auto login = [&](const std::string& refresh) {
        return *bench.partner->answer(
            {"POST",
             "/auth/realms/icarros/protocol/openid-connect/token",
             "",
             {},
             "grant_type=refresh_token&client_id=trevo-demo&client_secret=sim-icarros-client&refresh_token=" +
                 refresh});
    };
    const json first = json::parse(login("sim-refresh").body);
    CHECK(login(first["refresh_token"]).status == 200);
    CHECK(login(first["refresh_token"]).status == 400);

    const Headers token = {{"Authorization", "Bearer " + first["access_token"].get<std::string>()}};
    CHECK_FALSE(json::parse(bench.partner->answer(get(base + "calls", "", token))->body).empty());
    CHECK_FALSE(json::parse(bench.partner->answer(get(base + "leads/20200101", "", token))->body).empty());
    CHECK(json::parse(bench.partner->answer(get(base + "leads/29990101", "", token))->body).empty());
}

TEST_CASE("Answers fail at the configured rate") {
    Bench bench({"icarros", "--count", "1", "--seed", "7", "--fail-rate", "1"});
    bench.run();
    Faults faults(bench.options, 1);
    CHECK(answerWithFaults(*bench.partner, faults, get("/rest/dealerservice/dealer/1/calls", "", {}), {})
              ->status == 503);
    CHECK_FALSE(answerWithFaults(*bench.partner, faults, get("/elsewhere", "", {}), {}));
}

TEST_CASE("A command line that makes no sense is refused with exit code 2") {
    for (const std::vector<const char*>& argv : {std::vector<const char*>{"trevo-sim"},
                                                 {"trevo-sim", "nobody"},
                                                 {"trevo-sim", "olx", "--rate", "often"},
                                                 {"trevo-sim", "olx", "--fail-rate", "2"},
                                                 {"trevo-sim", "all", "--token", "abc"}}) {
        CHECK(parse(static_cast<int>(argv.size()), argv.data()).exitCode == 2);
    }
}

TEST_CASE("Mercado Livre ends an authorisation whose refresh token is used twice") {
    Bench bench({"mercadolivre", "--count", "24", "--seed", "7", "--lose-rate", "0.5"});
    bench.run();
    const auto login = [&](const std::string& refresh) {
        return *bench.partner->answer({"POST",
                                       "/oauth/token",
                                       "",
                                       {},
                                       "grant_type=refresh_token&client_id=5503910000000001&client_secret="
                                       "sim-mercadolivre-client&refresh_token=" +
                                           refresh});
    };
    const json first = json::parse(login("sim-mercadolivre-centro").body);
    const Headers token = {{"Authorization", "Bearer " + first["access_token"].get<std::string>()}};
    const std::string list = "/vis/users/7712340/leads/buyers";
    const auto page = *bench.partner->answer(get(list, "offset=0&limit=5&date_from=2020-01-01", token));
    REQUIRE(page.status == 200);
    const json rows = json::parse(page.body);
    CHECK(rows["results"].size() <= 5);
    CHECK(rows["paging"]["total"].get<std::size_t>() > 5);
    CHECK(bench.partner->answer(get("/vis/users/7712341/leads/buyers", "", token))->status == 403);
    const std::string id = rows["results"][0]["leads"][0]["id"];
    CHECK(bench.partner->answer(get("/vis/leads/" + id, "", token))->status == 200);
    CHECK(bench.partner->answer(get("/vis/leads/" + id, "", {}))->status == 401);

    const auto missed = *bench.partner->answer(
        get("/missed_feeds", "app_id=5503910000000001&topic=vis_leads&offset=0&limit=50", token));
    CHECK_FALSE(json::parse(missed.body)["messages"].empty());

    CHECK(login(first["refresh_token"]).status == 200);
    CHECK(login(first["refresh_token"]).status == 400); // the second use
    CHECK(login("TG-2-7712340").status == 400);         // and with it all that came of it
    CHECK(bench.partner->answer(get(list, "", token))->status == 401);
    CHECK(login("sim-mercadolivre-sul").status == 200);
}

TEST_CASE("Signatures are those of the published vectors") {
    const std::string hub = signedWith("app-secret", R"({"a":1})");
    CHECK(inHex(hub) == "a2ac6607a24977f9757e6d78319ae1660ad42ffeee0ee3f0dff30a92bcf85448");
    const std::string key = fromBase64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX");
    CHECK(inBase64(signedWith(key, R"(evt_1.1700000000.{"a":1})")) ==
          "ow/LY3grYvevbVJtBUL2jI3tkVPP20nnDT/MsajGA6U=");
}

TEST_CASE("Each portal of the table says who it is in its own way, and no two leads alike") {
    for (const Portal& portal : portals()) {
        INFO(portal.name);
        Bench bench({portal.name, "--count", "12", "--seed", "7", "--token", "s3"});
        CHECK(bench.run() == 12);
        REQUIRE(bench.received.size() == 12);
        std::set<std::string> bodies;
        for (const Request& push : bench.received) {
            bodies.insert(push.body);
            CHECK(push.path ==
                  std::string("/in/") + portal.name + (portal.proof == Proof::Path ? "/s3" : ""));
            const std::string said = push.header("Authorization");
            switch (portal.proof) {
            case Proof::Path: CHECK(said.empty()); break;
            case Proof::Bearer: CHECK(said == "Bearer s3"); break;
            case Proof::Plain: CHECK(said == "s3"); break;
            case Proof::Basic: CHECK(said == "Basic cG9ydGFsOnMz"); break;
            case Proof::HubSignature:
                CHECK(push.header("x-hub-signature-256") == "sha256=" + inHex(signedWith("s3", push.body)));
                break;
            case Proof::StandardWebhooks:
                CHECK(push.header("webhook-signature") ==
                      "v1," +
                          inBase64(signedWith("s3", push.header("webhook-id") + '.' +
                                                        push.header("webhook-timestamp") + '.' + push.body)));
                break;
            }
        }
        CHECK(bodies.size() == 12);
    }
}

TEST_CASE("Meta signs what it announces and shows leads to the page's token, ten of a form at a time") {
    Bench bench({"meta", "--count", "40", "--seed", "7"});
    bench.run();
    std::set<std::string> announced;
    std::size_t changes = 0;
    for (const Request& push : bench.received) {
        CHECK(push.header("X-Hub-Signature-256").size() == 7 + 64);
        const json body = json::parse(push.body);
        for (const json& entry : body["entry"]) {
            ++changes;
            announced.insert(entry["changes"][0]["value"]["leadgen_id"]);
        }
    }
    CHECK(announced.size() == 40);
    CHECK(changes > 40);
    const std::string token = "access_token=sim-meta-page-token";
    CHECK(bench.partner->answer(get("/v24.0/" + *announced.begin(), token, {}))->status == 200);
    CHECK(bench.partner->answer(get("/v24.0/" + *announced.begin(), "access_token=x", {}))->status == 401);
    CHECK(bench.partner->answer(get("/v24.0/444444444444444", token, {}))->status == 400);
    CHECK_FALSE(bench.partner->answer(get("/elsewhere", token, {})));

    std::set<std::string> listed;
    std::string after;
    for (int page = 0; page < 10; ++page) {
        const auto answer =
            bench.partner->answer(get("/v24.0/20000007712340/leads", token + "&after=" + after, {}));
        const json body = json::parse(answer->body);
        CHECK(body["data"].size() <= 10);
        for (const json& lead : body["data"])
            listed.insert(lead["id"]);
        if (!body.contains("paging") || !body["paging"].contains("next")) break;
        after = body["paging"]["cursors"]["after"];
    }
    CHECK(listed.size() > 10);
    CHECK(listed.size() < 40);
}
