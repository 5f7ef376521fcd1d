#include "plugin/manifest.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::plugin;

namespace {

const std::string kHead = "id = 'acme'\nversion = '1.0.0'\ntitle = 'Acme'\ndescription = 'Leads.'\n";
const std::string kMapped = kHead + "[mappings]\ninbound = 'acme/lead'\n";

std::string mistakesIn(const std::string& source) {
    const auto manifest = readManifest(source, "plugin.toml");
    return manifest ? "" : toml::describe(manifest.error());
}

std::string setting(const std::string& lines) {
    return kMapped + "[[settings]]\nname = 'a'\nhelp = 'h'\n" + lines;
}

} // namespace

TEST_CASE("a manifest without code needs an identity and a mapping") {
    const auto manifest = readManifest(kMapped, "plugin.toml");
    REQUIRE(manifest);
    CHECK(manifest->id == "acme");
    CHECK(manifest->abi == 1);
    CHECK(manifest->capabilities.empty());
    CHECK(manifest->mappings.at("inbound") == "acme/lead");
    CHECK(manifest->authentication == "required");
    CHECK(manifest->successStatus == 200);
    CHECK(manifest->pollIntervalSeconds == 0);
}

TEST_CASE("a mistake in a manifest names its place and what was expected") {
    struct Row {
        const char* rule;
        std::string source;
        const char* expected;
    };
    const Row rows[] = {
        {"nothing at all", "", "id: is missing"},
        {"not TOML", "id = ", "plugin.toml:1:"},
        {"unknown key", "capabilites = []\n" + kMapped, "unknown key, did you mean 'capabilities'?"},
        {"unknown capability", "capabilities = ['pol']\n" + kMapped,
         "'pol' is not one of authenticate, decode, fetch, poll, examine, did you mean 'poll'?"},
        {"capability twice", "capabilities = ['fetch', 'fetch']\n" + kMapped, "'fetch' stands there twice"},
        {"id with capitals",
         "id = 'Acme'\nversion = '1.0.0'\ntitle = 'A'\ndescription = 'd'\n[mappings]\ninbound = 'a/b'\n",
         "plugin.toml:1:6: id: expected 2 to 40 lower-case"},
        {"version",
         "id = 'acme'\nversion = '1.0'\ntitle = 'A'\ndescription = 'd'\n[mappings]\ninbound = 'a/b'\n",
         "plugin.toml:2:11: version: expected a semantic version"},
        {"another ABI", "abi = 2\n" + kMapped, "abi: is 2, this gateway speaks 1"},
        {"nothing reads what comes", kHead, "mappings: without the capability decode"},
        {"mapping id", kHead + "[mappings]\ninbound = 'lead'\n",
         "mappings.inbound: expected a mapping id such as 'acme/lead'"},
        {"role", kHead + "[mappings]\nIn = 'acme/lead'\n", "mappings.In: a role is"},
        {"polls without an interval", "capabilities = ['poll']\n" + kMapped,
         "poll_interval_seconds: is missing"},
        {"interval without polling", "poll_interval_seconds = 9\n" + kMapped,
         "poll_interval_seconds: needs the capability poll"},
        {"interval out of range", "capabilities = ['poll']\npoll_interval_seconds = 0\n" + kMapped,
         "0 is outside 1 to 86400"},
        {"content type with parameters", "content_types = ['application/json; charset=utf-8']\n" + kMapped,
         "is not a media type"},
        {"authentication", "authentication = 'none'\n" + kMapped, "'none' is not one of required, optional"},
        {"success that is none", "success_status = 404\n" + kMapped, "404 is outside 200 to 299"},
        {"case that is a path", "try_case = '../x'\n" + kMapped, "expected the name of a case"},
        {"setting without help", kMapped + "[[settings]]\nname = 'a'\ntype = 'text'\n",
         "settings[0].help: is missing"},
        {"setting without type", setting(""), "settings[0].type: is missing"},
        {"setting of unknown type", setting("type = 'string'\n"), "'string' is not one of text, secret, url"},
        {"setting with a bad name", kMapped + "[[settings]]\nname = 'A'\nhelp = 'h'\ntype = 'text'\n",
         "settings[0].name: expected 1 to 40"},
        {"setting declared twice",
         setting("type = 'text'\n") + "[[settings]]\nname = 'a'\nhelp = 'h'\ntype = 'text'\n",
         "settings[1].name: 'a' is declared twice"},
        {"reserved name",
         kMapped + "[[settings]]\nname = 'cnpj'\nhelp = 'h'\ntype = 'text'\nscope = 'dealer'\n",
         "every dealer has its cnpj already"},
        {"word without words", setting("type = 'word'\n"), "words: is missing: the type is word"},
        {"words without word", setting("type = 'text'\nwords = ['a']\n"), "words: needs the type word"},
        {"min without integer", setting("type = 'text'\nmin = 1\n"), "min: needs the type integer"},
        {"min over max", setting("type = 'integer'\nmin = 2\nmax = 1\n"), "max: is below min"},
        {"default out of range", setting("type = 'integer'\nmax = 3\ndefault = 9\n"),
         "default: 9 is outside"},
        {"default of another type", setting("type = 'boolean'\ndefault = 'yes'\n"),
         "default: expected true or false, got a text"},
        {"default that is no word", setting("type = 'word'\nwords = ['a', 'b']\ndefault = 'c'\n"),
         "'c' is not one of a, b"},
        {"default that is no URL", setting("type = 'url'\ndefault = 'acme.example'\n"),
         "default: expected an absolute http or https address"},
        {"required with a default", setting("type = 'text'\nrequired = true\ndefault = 'x'\n"),
         "a required setting has no default"},
        {"secret with a default", setting("type = 'secret'\ndefault = 'x'\n"), "a secret has no default"},
        {"unknown key of a setting", setting("type = 'text'\nrequird = true\n"),
         "unknown key, did you mean 'required'?"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        CHECK_THAT(mistakesIn(row.source), Catch::Contains(row.expected));
    }
}

TEST_CASE("settings of an integration come out as text with defaults filled in") {
    const auto manifest = readManifest(
        kMapped + "[[settings]]\nname='url'\ntype='url'\nhelp='h'\ndefault='https://a.test/x?y=1'\n"
                  "[[settings]]\nname='token'\ntype='secret'\nhelp='The token.'\nrequired=true\n"
                  "[[settings]]\nname='pages'\ntype='integer'\nhelp='h'\ndefault=3\nmin=1\nmax=9\n"
                  "[[settings]]\nname='trial'\ntype='boolean'\nhelp='h'\ndefault=false\n"
                  "[[settings]]\nname='variant'\ntype='word'\nhelp='h'\nwords=['a','b']\ndefault='a'\n"
                  "[[settings]]\nname='kinds'\ntype='texts'\nhelp='h'\ndefault=['x','y']\n"
                  "[[settings]]\nname='note'\ntype='text'\nhelp='h'\n"
                  "[[settings]]\nname='login'\ntype='text'\nhelp='h'\nscope='dealer'\nrequired=true\n",
        "plugin.toml");
    REQUIRE(manifest);
    const auto read = [&](const std::string& source, Setting::Scope scope = Setting::Scope::Integration) {
        toml::Errors errors;
        const auto root = toml::parse(source, "trevo.toml");
        REQUIRE(root);
        auto values = readSettings(*manifest, scope, toml::Reader(*root, "settings", errors));
        return std::pair(std::move(values), toml::describe(errors));
    };
    const auto [values, none] = read("token = 's'\n");
    CHECK(none.empty());
    CHECK(values == std::map<std::string, std::string>{{"url", "https://a.test/x?y=1"},
                                                       {"token", "s"},
                                                       {"pages", "3"},
                                                       {"trial", "false"},
                                                       {"variant", "a"},
                                                       {"kinds", "x\ny"}});
    const auto [own, alsoNone] = read("token='s'\npages=9\ntrial=true\nvariant='b'\nkinds=['z']\nnote=''\n");
    CHECK(alsoNone.empty());
    CHECK(own.at("pages") == "9");
    CHECK(own.at("trial") == "true");
    CHECK(own.at("kinds") == "z");
    CHECK(read("login='x'\n", Setting::Scope::Dealer).first ==
          std::map<std::string, std::string>{{"login", "x"}});

    const std::pair<const char*, const char*> rows[] = {
        {"", "settings.token: is missing: The token."},
        {"token = ''", "settings.token: is empty"},
        {"token = 's'\npages = 10", "settings.pages: 10 is outside 1 to 9"},
        {"token = 's'\npaegs = 1", "settings.paegs: unknown key, did you mean 'pages'?"},
        {"token = 's'\nlogin = 'x'", "settings.login: is a setting of each dealer"},
        {"token = 's'\nkinds = ['a', '']", "settings.kinds: a text of this list is empty"},
        {"token = 's'\nurl = 'ftp://a.test'", "settings.url: expected an absolute http"},
        {"token = 's'\nurl = 'https://user:pw@a.test'", "settings.url: expected an absolute http"},
    };
    for (const auto& [source, expected] : rows) {
        INFO(source);
        CHECK_THAT(read(source).second, Catch::Contains(expected));
    }
    CHECK_THAT(read("token='s'\n", Setting::Scope::Dealer).second,
               Catch::Contains("settings.token: is a setting of the whole integration"));
}
