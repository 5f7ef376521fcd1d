// doctor, config check, man, completion: what needs no running daemon.
#include "cli/gateway.hpp"
#include "cli/output.hpp"
#include "cli/tree.hpp"

#include "base/percent.hpp"
#include "config/config.hpp"
#include "integration/integration.hpp"

#include <nlohmann/json.hpp>

#include <ctime>
#include <filesystem>
#include <ostream>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

namespace trevo::cli {

namespace {

using Json = nlohmann::json;

// All mistakes of the configuration, its plugins and its mappings; empty when it may go live.
toml::Errors mistakesOf(const std::string& path, std::optional<config::Config>& config) {
    auto loaded = config::load(path);
    if (!loaded) return loaded.error();
    config = *loaded;
    const auto set = IntegrationSet::build(std::make_shared<const config::Config>(*loaded), nullptr, nullptr);
    return set ? toml::Errors{} : set.error();
}

int checkConfig(Context& context) {
    const std::string path =
        context.arguments.has("FILE") ? context.arguments.text("FILE") : configPath(context);
    std::optional<config::Config> config;
    const toml::Errors mistakes = mistakesOf(path, config);
    if (context.arguments.json) {
        Json list = Json::array();
        for (const toml::Error& mistake : mistakes)
            list.push_back({{"file", mistake.place.file},
                            {"line", mistake.place.line},
                            {"column", mistake.place.column},
                            {"key", mistake.key},
                            {"message", mistake.message}});
        context.io.out << Json{{"ok", mistakes.empty()}, {"errors", list}}.dump() << '\n';
    } else if (mistakes.empty()) {
        context.io.out << phrase(
            context, "{0} is right: {1} integrations, {2} dealers\n",
            "{0} está correto: {1} integrações, {2} lojas\n",
            {path, std::to_string(config->integrations.size()), std::to_string(config->dealers.size())});
    } else {
        context.io.err << toml::describe(mistakes);
    }
    return mistakes.empty() ? kDone : kFailed;
}

// One finding after the other, each with what to do about it.
class Findings {
  public:
    explicit Findings(Context& context) : context_(context) {}

    std::string phrase(std::string_view english, std::string_view portuguese,
                       const std::vector<std::string>& values = {}) const {
        return cli::phrase(context_, english, portuguese, values);
    }

    // `about` is what machines want to know of an integration's check: integration, name, dealer.
    void good(const std::string& what, const Json& about = Json::object()) { add("ok", what, "", about); }
    void poor(const std::string& what, const std::string& step, const Json& about = Json::object()) {
        add("warning", what, step, about);
    }
    void bad(const std::string& what, const std::string& step, const Json& about = Json::object()) {
        add("failed", what, step, about);
        code_ = std::max(code_, static_cast<int>(kFailed));
    }
    void broken(const std::string& what, const std::string& step) {
        add("failed", what, step, Json::object());
        code_ = kStorageBroken;
    }

    int finish() {
        if (context_.arguments.json)
            context_.io.out << Json{{"ok", code_ == kDone}, {"checks", list_}}.dump() << '\n';
        return code_;
    }

  private:
    void add(const char* result, const std::string& what, const std::string& step, const Json& about) {
        list_.push_back({{"result", result}, {"check", what}, {"do", step}});
        list_.back().update(about);
        if (context_.arguments.json) return;
        const std::string mark = result == std::string_view("ok")        ? "ok"
                                 : result == std::string_view("warning") ? phrase("warning", "aviso")
                                                                         : phrase("failed", "falha");
        context_.io.out << (mark + "        ").substr(0, 9) << plain(what)
                        << (step.empty() ? "" : "\n         -> " + plain(step)) << '\n';
    }

    Context& context_;
    Json list_ = Json::array();
    int code_ = kDone;
};

void examineDisk(Findings& findings, const config::Config& config) {
    std::error_code error;
    if (!std::filesystem::is_directory(config.dataDir, error)) {
        findings.broken(findings.phrase("the data folder {0} is not there", "a pasta de dados {0} não existe",
                                        {config.dataDir}),
                        findings.phrase("create it for the gateway's user, or set data_dir",
                                        "crie-a para o usuário do gateway, ou defina data_dir"));
        return;
    }
    if (::access(config.dataDir.c_str(), W_OK | X_OK) != 0) {
        findings.poor(findings.phrase("the data folder {0} is not writable by this user",
                                      "este usuário não pode gravar na pasta de dados {0}", {config.dataDir}),
                      findings.phrase("fine when trevod runs as another user",
                                      "tudo bem se o trevod roda com outro usuário"));
    } else {
        findings.good(findings.phrase("the data folder {0} is writable",
                                      "a pasta de dados {0} permite gravação", {config.dataDir}));
    }
    struct statvfs disk {};
    if (::statvfs(config.dataDir.c_str(), &disk) != 0) {
        findings.bad(findings.phrase("the disk of {0} can not be asked", "o disco de {0} não responde",
                                     {config.dataDir}),
                     findings.phrase("check the mount", "verifique a montagem"));
        return;
    }
    const auto freeMegabytes =
        static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize) / (1 << 20);
    const std::string size =
        findings.phrase("{0} MB of disk are free", "{0} MB livres em disco", {std::to_string(freeMegabytes)});
    const std::int64_t least = config.limits.minFreeDiskMegabytes;
    if (freeMegabytes < least) {
        findings.broken(
            size + findings.phrase(", less than limits.min_free_disk_megabytes: deliveries are refused",
                                   ", menos que limits.min_free_disk_megabytes: as entregas são recusadas"),
            findings.phrase("free some space; the gateway resumes by itself",
                            "libere espaço; o gateway volta sozinho"));
    } else if (freeMegabytes < 4 * least) {
        findings.poor(size,
                      findings.phrase("deliveries are refused below {0} MB",
                                      "abaixo de {0} MB as entregas são recusadas", {std::to_string(least)}));
    } else {
        findings.good(size);
    }
}

void examineClock(Findings& findings) {
    constexpr std::time_t kYear2026 = 1'767'225'600;
    struct timex state {};
    const int answer = ::adjtimex(&state);
    if (std::time(nullptr) < kYear2026) {
        findings.bad(findings.phrase("the clock is years behind", "o relógio está anos atrasado"),
                     findings.phrase("set it; certificates and business hours depend on it",
                                     "acerte-o; certificados e horários dependem dele"));
    } else if (answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
        findings.poor(
            findings.phrase("the clock is not kept by NTP", "o relógio não é mantido por NTP"),
            findings.phrase("install chrony or systemd-timesyncd", "instale chrony ou systemd-timesyncd"));
    } else {
        findings.good(findings.phrase("the clock is kept by NTP", "o relógio é mantido por NTP"));
    }
}

// Through the daemon, which has the credentials, the sessions and the state.
void examineIntegration(Gateway& gateway, Findings& findings, const std::string& id) {
    const auto answer = gateway.ask("POST", "/v1/integrations/" + percentEncode(id) + "/examine", "{}");
    if (answer.status != 200) {
        const Failure failure = gateway.failureOf(answer);
        findings.bad(findings.phrase("{0} could not be examined: {1}", "{0} não pôde ser examinada: {1}",
                                     {id, failure.message}),
                     "", {{"integration", id}});
        return;
    }
    const Json examined = parsed(answer.body);
    for (const Json& check : examined.at("checks")) {
        const std::string dealer = textAt(check, "/dealer");
        std::string what = id;
        if (!dealer.empty()) what.append(" (").append(dealer).append(")");
        what.append(": ").append(textAt(check, "/detail"));
        const std::string state = textAt(check, "/state"), advice = textAt(check, "/advice");
        Json about = {{"integration", id}, {"name", textAt(check, "/name")}};
        if (!dealer.empty()) about["dealer"] = dealer;
        if (state == "good")
            findings.good(what, about);
        else if (state == "failed")
            findings.bad(what, advice, about);
        else
            findings.poor(what, advice, about);
    }
}

void examineDaemon(Context& context, Findings& findings) {
    const std::string seeLog =
        findings.phrase("see its log, 'journalctl -u trevo'", "veja o log, 'journalctl -u trevo'");
    try {
        Gateway gateway(context);
        const auto readiness = gateway.ask("GET", "/readyz");
        const Json answer = parsed(readiness.body);
        if (readiness.status == 200) {
            findings.good(findings.phrase("trevod is ready", "o trevod está pronto"));
        } else {
            for (const Json& reason : answer.value("reasons", Json::array()))
                findings.bad(findings.phrase("trevod is not ready: {0}", "o trevod não está pronto: {0}",
                                             {reason.get<std::string>()}),
                             seeLog);
        }
        const Json status = parsed(gateway.get("/v1/status"));
        if (!status.at("/journal/accepting"_json_pointer).get<bool>())
            findings.broken(
                findings.phrase("the journal takes no deliveries", "o diário não recebe entregas"),
                findings.phrase("look for a full or read-only disk",
                                "veja se o disco está cheio ou só permite leitura"));
        if (const auto dead = status.at("/journal/dead"_json_pointer).get<std::int64_t>(); dead > 0)
            findings.poor(findings.phrase("{0} dead letters wait", "{0} entregas com erro esperam",
                                          {std::to_string(dead)}),
                          findings.phrase("'trevo dead list' shows their reasons",
                                          "'trevo dead list' mostra os motivos"));
        const std::string only = context.arguments.text("INTEGRATION");
        bool any = false;
        for (const Json& integration : status.at("integrations")) {
            const std::string id = textAt(integration, "/id");
            if (!only.empty() && id != only) continue;
            any = true;
            if (const auto problem = textAt(integration, "/last_problem"); !problem.empty())
                findings.poor(
                    std::string(id).append(": ").append(problem),
                    findings.phrase("what follows tells whether it lasts; see also 'trevo dead list'",
                                    "o que segue diz se ainda dura; veja também 'trevo dead list'"),
                    {{"integration", id}});
            examineIntegration(gateway, findings, id);
        }
        if (!only.empty() && !any)
            findings.bad(findings.phrase("there is no integration '{0}'", "não há integração '{0}'", {only}),
                         findings.phrase("'trevo integrations list' shows them",
                                         "'trevo integrations list' mostra as que há"));
    } catch (const Failure& failure) {
        if (failure.code == kStorageBroken) {
            findings.broken(failure.message, seeLog);
        } else {
            findings.bad(failure.message, "");
        }
    }
}

int doctor(Context& context) {
    Findings findings(context);
    if (!context.arguments.has("url")) {
        const std::string path = configPath(context);
        std::optional<config::Config> config;
        const toml::Errors mistakes = mistakesOf(path, config);
        if (mistakes.empty())
            findings.good(
                findings.phrase("the configuration {0} is right", "a configuração {0} está correta", {path}));
        for (const toml::Error& mistake : mistakes)
            findings.bad(toml::describe(mistake), findings.phrase("mend it, then 'trevo config check'",
                                                                  "corrija e depois 'trevo config check'"));
        if (config) examineDisk(findings, *config);
    }
    examineClock(findings);
    examineDaemon(context, findings);
    return findings.finish();
}

int man(Context& context) {
    context.io.out << manPage();
    return kDone;
}

int completion(Context& context) {
    context.io.out << bashCompletion();
    return kDone;
}

} // namespace

std::vector<Command> localCommands() {
    return {
        {"doctor",
         "Looks for what is wrong, tries every integration for real, and says how to mend it",
         {{"INTEGRATION", "Only this one is tried; all when absent.", false}},
         {},
         doctor},
        {"config check",
         "Checks a configuration with its plugins and mappings; changes nothing",
         {{"FILE", "Configuration; that of --config when absent.", false}},
         {},
         checkConfig},
        {"man", "Prints this manual as a man page: trevo man | man -l -", {}, {}, man},
        {"completion",
         "Prints the completion script: source <(trevo completion bash)",
         {{"SHELL", "bash"}},
         {},
         completion},
    };
}

} // namespace trevo::cli
