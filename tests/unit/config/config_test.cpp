#include "config/config.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace trevo;
namespace fs = std::filesystem;

namespace {

class Folder {
  public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "trevo-config-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path_); }
    std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) const {
        const fs::path file = path_ / name;
        fs::create_directories(file.parent_path());
        std::ofstream(file) << text;
        ::chmod(file.c_str(), mode);
        return file.string();
    }
    std::string path() const { return path_.string(); }

  private:
    fs::path path_;
};

// Errors without the folder, so that expectations can be written down.
std::string errorsOf(const Folder& folder, const std::string& source) {
    const auto config = config::load(folder.write("trevo.toml", source));
    if (config) return "";
    std::string text = toml::describe(config.error());
    for (auto at = text.find(folder.path() + '/'); at != std::string::npos;
         at = text.find(folder.path() + '/')) {
        text.erase(at, folder.path().size() + 1);
    }
    return text;
}

constexpr const char* kDealers = "[dealers.centro]\ncnpj = '11.222.333/0001-81'\nddd = '11'\n";

} // namespace

TEST_CASE("a mistake in the configuration names file, line, column and the way out") {
    const Folder folder;
    folder.write("credentials/olx", "s3cret\n");
    folder.write("credentials/open", "s3cret\n", 0644);
    ::unsetenv("TREVO_TEST_UNSET");
    struct Row {
        const char* rule;
        std::string source;
        const char* expected;
    };
    const std::string olx = std::string(kDealers) + "[integrations.olx]\nmapping = 'olx/lead'\n";
    const std::string remote = olx + "[integrations.olx.remote]\nafter = 'keep'\n";
    const Row rows[] = {
        {"defaults alone are a configuration", "data_dir = 'var'\n", ""},
        {"unknown key at the root", "data_dri = 'x'\n",
         "trevo.toml:1:12: data_dri: unknown key, did you mean 'data_dir'?\n"},
        {"unknown key in limits", "[limits]\nmax_body_byte = 1\n",
         "trevo.toml:2:17: limits.max_body_byte: unknown key, did you mean 'max_body_bytes'?\n"},
        {"limit out of range", "[limits]\nmax_depth = 1\n",
         "trevo.toml:2:13: limits.max_depth: 1 is outside 4 to 256\n"},
        {"zone that does not exist", "[dealers.a]\ntime_zone = 'Brazil'\n",
         "trevo.toml:2:13: dealers.a.time_zone: unknown zone; use a name such as America/Sao_Paulo\n"},
        {"a rule on duplicates names whose leads", "[[duplicates]]\npolicy = 'flag'\n",
         "trevo.toml:1:1: duplicates[0].group: name either a group or dealers, whose leads this is about\n"},
        {"a rule on duplicates for nobody", "[dealers.a]\ngroup = 'sul'\n[[duplicates]]\ngroup = 'sol'\n",
         "trevo.toml: duplicates: there is no group 'sol', did you mean 'sul'?\n"},
        {"a rule of survivorship that is none", "[matching.survivorship]\nname = 'fulest'\n",
         "trevo.toml:2:8: matching.survivorship.name: 'fulest' is not one of fiscal, trusted, frequent, "
         "latest, "
         "fullest, did you mean 'fullest'?\n"},
        {"trust in a kind of record that is none", "[matching.survivorship]\ntrust = ['sale', 'leed']\n",
         "trevo.toml:2:9: matching.survivorship.trust: there is no kind of record 'leed', did you mean "
         "'lead'?\n"},
        {"trust in one kind twice", "[matching.survivorship]\ntrust = ['sale', 'sale']\n",
         "trevo.toml:2:9: matching.survivorship.trust: names 'sale' twice\n"},
        {"engine that is not there", "[store]\nengine = 'postgres'\n",
         "trevo.toml:2:10: store.engine: 'postgres' is not one of sqlite\n"},
        {"an integration names one of plugin and mapping", "[integrations.x]\nenabled = true\n",
         "trevo.toml:1:1: integrations.x.plugin: name either a plugin or a mapping\n"},
        {"dealer that does not exist suggests the nearest", olx + "dealer = 'cento'\n",
         "trevo.toml:4:1: integrations.olx.dealers: there is no dealer 'cento', did you mean 'centro'?\n"},
        {"a secret in clear is refused", olx + "[integrations.olx.auth]\ntype = 'header'\nsecret = 'abc'\n",
         "trevo.toml:8:10: integrations.olx.auth.secret: a secret is not written here; refer to it with "
         "${cred:NAME} or ${env:NAME}\n"},
        {"a list without a secret", olx + "[integrations.olx.auth]\ntype = 'header'\nsecret = []\n",
         "trevo.toml:8:10: integrations.olx.auth.secret: names no secret\n"},
        {"a reference to a credential file",
         olx + "[integrations.olx.auth]\ntype = 'header'\nsecret = '${cred:olx}'\n", ""},
        {"a credential that others can read",
         olx + "[integrations.olx.auth]\ntype = 'header'\nsecret = '${cred:open}'\n",
         "trevo.toml:8:10: integrations.olx.auth.secret: credentials/open can be read by others: chmod 600 "
         "credentials/open\n"},
        {"a variable that is not set",
         olx + "[integrations.olx.auth]\ntype = 'bearer'\nsecret = '${env:TREVO_TEST_UNSET}'\n",
         "trevo.toml:8:10: integrations.olx.auth.secret: environment variable TREVO_TEST_UNSET is not set\n"},
        {"a credential name is no path",
         olx + "[integrations.olx.auth]\ntype = 'bearer'\nsecret = '${cred:../x}'\n",
         "trevo.toml:8:10: integrations.olx.auth.secret: write ${cred:NAME} or ${env:NAME}\n"},
        {"a server's url has no path and no password", remote + "url = 'ftp://loja:x@host/out'\n",
         "trevo.toml:8:7: integrations.olx.remote.url: must be ftp://HOST, ftps://HOST or sftp://HOST with "
         "an "
         "optional :PORT and nothing after it; the folder is a key of its own\n"},
        {"what is fetched by SFTP comes from a server that is known", remote + "url = 'sftp://host'\n",
         "trevo.toml:6:1: integrations.olx.remote.host_key: is missing: ask the server's owner for it, or "
         "see "
         "it with 'ssh-keyscan HOST | ssh-keygen -lf -'; accept_any_host_key = true trusts whoever "
         "answers\n"},
        {"what becomes of a fetched file is said", olx + "[integrations.olx.remote]\nurl = 'ftp://host'\n",
         "trevo.toml:6:1: integrations.olx.remote.after: is missing: delete, move or keep what was taken\n"},
        {"client certificates need an authority",
         "[[listen]]\n[listen.tls]\ncertificate_file='c'\nkey_file='k'\nrequire_client_certificate=true\n",
         "trevo.toml:5:28: listen[0].tls.require_client_certificate: needs client_ca_file to check the "
         "certificate against\n"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        CHECK(errorsOf(folder, row.source) == row.expected);
    }
}

TEST_CASE("included files add dealers and integrations, and only those") {
    const Folder folder;
    folder.write("conf.d/olx.toml", "[integrations.olx]\nmapping = 'olx/lead'\ndealer = 'centro'\n");
    const auto config =
        config::load(folder.write("trevo.toml", "include = 'conf.d/*.toml'\n" + std::string(kDealers)));
    REQUIRE(config.ok());
    REQUIRE(config->integrations.size() == 1);
    CHECK(config->integrations[0].dealers == std::vector<std::string>{"centro"});
    CHECK(config->dealers[0].cnpj == "11222333000181");

    folder.write("conf.d/olx.toml", "data_dir = 'x'\n");
    CHECK(errorsOf(folder, "include = 'conf.d/*.toml'\n") == "conf.d/olx.toml:1:12: data_dir: unknown key\n");
}

TEST_CASE("relative paths start at the configuration file") {
    const Folder folder;
    const auto config = config::load(folder.write("trevo.toml", "data_dir = 'data'\nmapping_dirs = ['m']\n"));
    REQUIRE(config.ok());
    CHECK(config->dataDir == fs::weakly_canonical(fs::path(folder.path()) / "data").string());
    CHECK(config->socketPath() == config->dataDir + "/trevo.sock");
}
