#include "support/daemon.hpp"

#include "base/utf8.hpp"

#include <csignal>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace trevo::test {

using nlohmann::json;

std::string binary(const std::string& name) {
    return TREVO_BINARY_DIR "/bin/" + name;
}

std::string standardConfig() {
    return R"(
data_dir = "data"
plugin_dirs = ["@BUILD@/plugins", "@SOURCE@/plugins"]
mapping_dirs = ["@SOURCE@/mappings"]
drain_seconds = 2
[[listen]]
port = 0
[dealers.centro]
cnpj = "11.222.333/0001-81"
ddd = "11"
group = "exemplo"
[dealers.sul]
cnpj = "11.444.777/0001-61"
ddd = "51"
group = "exemplo"
[integrations.olx]
mapping = "olx/lead"
dealer = "centro"
answer.body = '{"responseId":"{receipt}"}'
[integrations.olx.auth]
type = "header"
name = "Authorization"
secret = "${cred:olx}"
[integrations.adf]
plugin = "adf"
dealers = ["centro", "sul"]
[integrations.adf.auth]
type = "path_token"
secret = "${cred:adf}"
[integrations.site]
plugin = "site"
dealer = "centro"
[integrations.site.auth]
type = "bearer"
secret = "${cred:site}"
)";
}

std::string Answer::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (equalsIgnoreCase(key, name)) return value;
    }
    return {};
}

Daemon::Daemon(const std::string& config, std::vector<std::string> arguments)
    : arguments_(std::move(arguments)) {
    std::string text = config;
    const auto replaceAll = [&](std::string_view mark, const std::string& value) {
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
            text.replace(at, mark.size(), value);
    };
    replaceAll("@BUILD@", TREVO_BINARY_DIR);
    replaceAll("@SOURCE@", TREVO_SOURCE_DIR);
    folder_.write("trevo.toml", text);
    for (const char* name : {"olx", "adf", "site"}) {
        folder_.write(std::string("credentials/") + name, std::string(name) + "-secret\n");
    }
    start();
}

void Daemon::start() {
    const std::string log = (folder_.path() / "trevod.log").string();
    std::filesystem::remove(log);
    std::vector<std::string> command = {binary("trevod"), "--config", configFile()};
    command.insert(command.end(), arguments_.begin(), arguments_.end());
    process_ = std::make_unique<Process>(command, log, log);
    const bool up = eventually([&] {
        if (!process_->running()) return true;
        return folder_.read("trevod.log").find("event=gateway.started") != std::string::npos;
    });
    const std::string said = folder_.read("trevod.log");
    const auto at = said.find(" port=");
    if (!up || !process_->running() || at == std::string::npos)
        throw std::runtime_error("trevod did not start:\n" + said);
    port_ = std::stoi(said.substr(at + 6));
    if (token_.empty()) token_ = newToken({"--scope", "admin"});
}

int Daemon::stop() {
    process_->signal(SIGTERM);
    return process_->wait(std::chrono::seconds(30)).value_or(-1);
}

void Daemon::kill() {
    process_->signal(SIGKILL);
    process_->wait(std::chrono::seconds(10));
}

Answer Daemon::request(const std::string& method, const std::string& path, const std::string& body,
                       std::vector<std::pair<std::string, std::string>> headers) const {
    auto response = client_.perform(
        {method, "http://127.0.0.1:" + std::to_string(port_) + path, std::move(headers), body, 30, ""});
    return {response.status, std::move(response.body), std::move(response.headers)};
}

Answer Daemon::get(const std::string& path) const {
    return request("GET", path, "", {{"Authorization", "Bearer " + token_}});
}

Answer Daemon::post(const std::string& path, const std::string& body, const std::string& contentType) const {
    return request("POST", path, body,
                   {{"Authorization", "Bearer " + token_}, {"Content-Type", contentType}});
}

Answer Daemon::pushOlx(const std::string& body) const {
    return request("POST", "/in/olx", body,
                   {{"Authorization", "olx-secret"}, {"Content-Type", "application/json"}});
}

Ran Daemon::cli(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {binary("trevo"), "--config", configFile()});
    return run(arguments);
}

std::string Daemon::newToken(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command = {"token", "create", "test", "--json"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Ran ran = cli(command);
    const auto answer = json::parse(ran.out, nullptr, false);
    if (ran.exitCode != 0 || !answer.is_object()) throw std::runtime_error("no token: " + ran.out + ran.err);
    return answer.value("token", "");
}

bool Daemon::settled() const {
    const auto status = json::parse(get("/v1/status").body, nullptr, false);
    return status.is_object() && status.contains("journal") && status["journal"].value("ready", -1) == 0;
}

} // namespace trevo::test
