#include "cli/gateway.hpp"

#include "cli/output.hpp"

#include "base/percent.hpp"
#include "config/config.hpp"
#include "toml/value.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <unistd.h>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;

// Only `data_dir`: the rest of the file may name secrets that the user of the command can not read.
std::string dataDirOf(const Context& context, const std::string& path) {
    const auto parsed = toml::parseFile(path);
    if (!parsed)
        throw Failure{
            kFailed,
            phrase(context,
                   "the configuration can not be read: {0}Name another with --config, or a running "
                   "gateway with --url and --token.",
                   "não foi possível ler a configuração: {0}Informe outra com --config, ou um gateway "
                   "em execução com --url e --token.",
                   {toml::describe(parsed.error())})};
    const toml::Value* value = parsed->find("data_dir");
    const std::string* text = value ? value->text() : nullptr;
    const std::filesystem::path dir = text ? *text : config::Config{}.dataDir;
    return (std::filesystem::absolute(path).parent_path() / dir).lexically_normal().string();
}

} // namespace

std::string configPath(const Context& context) {
    if (context.arguments.has("config")) return context.arguments.text("config");
    return context.io.environment("TREVO_CONFIG").value_or("/etc/trevo/trevo.toml");
}

Gateway::Gateway(Context& context) : context_(context) {
    base_ = context.arguments.text("url", context.io.environment("TREVO_URL").value_or(""));
    token_ = context.arguments.text("token", context.io.environment("TREVO_TOKEN").value_or(""));
    if (!base_.empty()) {
        while (base_.ends_with('/'))
            base_.pop_back();
        return;
    }
    config_ = configPath(context);
    socket_ = dataDirOf(context, config_) + "/trevo.sock";
    base_ = "http://localhost";
}

net::HttpRequest Gateway::request(const std::string& method, const std::string& target,
                                  const std::string& body,
                                  const std::vector<std::pair<std::string, std::string>>& headers) const {
    net::HttpRequest request;
    request.method = method;
    request.url = base_ + target;
    request.headers = headers;
    if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
    request.body = body;
    request.timeoutSeconds = 300;
    request.unixSocket = socket_;
    return request;
}

Failure Gateway::unreachable(const std::string& reason) const {
    if (socket_.empty())
        return {kFailed,
                phrase(context_, "no answer from {0}: {1}", "sem resposta de {0}: {1}", {base_, reason})};
    if (::access(socket_.c_str(), F_OK) != 0)
        return {kFailed,
                phrase(context_,
                       "trevod does not run (no socket {0}); start it with 'systemctl start trevo' or "
                       "'trevod --config {1}'",
                       "o trevod não está em execução (falta o socket {0}); inicie-o com 'systemctl start "
                       "trevo' ou 'trevod --config {1}'",
                       {socket_, config_})};
    if (::access(socket_.c_str(), R_OK | W_OK) != 0)
        return {kFailed,
                phrase(context_,
                       "this user may not use the socket {0}; run it as the gateway's user or root, or use "
                       "--url and --token",
                       "este usuário não pode usar o socket {0}; execute como o usuário do gateway ou root, "
                       "ou use --url e --token",
                       {socket_})};
    return {kFailed,
            phrase(context_,
                   "trevod does not answer on {0} ({1}); see its log, 'journalctl -u trevo', or start it "
                   "again",
                   "o trevod não responde em {0} ({1}); veja o log, 'journalctl -u trevo', ou reinicie-o",
                   {socket_, reason})};
}

Failure Gateway::failureOf(const net::HttpResponse& response) const {
    const Json problem = Json::parse(response.body, nullptr, false);
    if (!problem.is_object())
        return {kFailed, phrase(context_, "the answer was HTTP {0}", "a resposta foi HTTP {0}",
                                {std::to_string(response.status)})};
    if (context_.arguments.json)
        return {problem.value("code", "") == "storage_failed" ? kStorageBroken : kFailed, problem.dump()};
    const auto textOf = [](const Json& object, const char* key) {
        const auto found = object.find(key);
        return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
    };
    std::string message = textOf(problem, "detail");
    if (message.empty()) message = textOf(problem, "title");
    if (const auto errors = problem.find("errors"); errors != problem.end() && errors->is_array())
        for (const Json& error : *errors) {
            const std::string field = textOf(error, "field"), place = textOf(error, "place");
            const std::string detail = textOf(error, "detail");
            if (field.empty() && place.empty() && (detail.empty() || detail == message)) continue;
            message += "\n  " + (field.empty() ? "body" : field) + (place.empty() ? "" : " (" + place + ")") +
                       (detail.empty() || detail == message ? "" : ": " + detail);
        }
    if (response.status == 401 && token_.empty())
        message +=
            "\n  " + phrase(context_,
                            "Give one with --token or $TREVO_TOKEN; make one with 'trevo token create'.",
                            "Informe um com --token ou $TREVO_TOKEN; crie um com 'trevo token create'.");
    return {textOf(problem, "code") == "storage_failed" ? kStorageBroken : kFailed, message};
}

net::HttpResponse Gateway::ask(const std::string& method, const std::string& target, const std::string& body,
                               const std::vector<std::pair<std::string, std::string>>& headers) {
    net::HttpResponse response = context_.io.send(request(method, target, body, headers));
    if (response.status == 0) throw unreachable(response.error);
    return response;
}

std::string Gateway::expect(const net::HttpResponse& response) const {
    if (response.status < 200 || response.status > 299) throw failureOf(response);
    return response.body;
}

std::string Gateway::get(const std::string& target) {
    return expect(ask("GET", target));
}

std::string Gateway::post(const std::string& target, const std::string& body,
                          const std::string& contentType) {
    return expect(ask("POST", target, body, {{"Content-Type", contentType}}));
}

std::string Gateway::patch(const std::string& target, const std::string& body) {
    return expect(ask("PATCH", target, body, {{"Content-Type", "application/json"}}));
}

std::string Gateway::remove(const std::string& target) {
    return expect(ask("DELETE", target));
}

void Gateway::stream(const std::string& target,
                     const std::vector<std::pair<std::string, std::string>>& headers,
                     const Surroundings::OnBody& onBody) {
    net::HttpRequest wanted = request("GET", target, "", headers);
    wanted.timeoutSeconds = 0;
    const net::HttpResponse response = context_.io.stream(wanted, onBody);
    if (response.status == 0) throw unreachable(response.error);
    if (response.status != 200) throw failureOf(response);
}

std::string queryOf(const std::vector<std::pair<std::string, std::string>>& parameters) {
    std::string out;
    for (const auto& [name, value] : parameters)
        if (!value.empty()) out += (out.empty() ? "?" : "&") + name + '=' + percentEncode(value);
    return out;
}

} // namespace trevo::cli
