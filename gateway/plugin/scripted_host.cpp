#include "plugin/scripted_host.hpp"

#include "base/utf8.hpp"

namespace trevo::plugin {

namespace {

std::optional<std::string> headerOf(const HttpRequest& request, std::string_view name) {
    for (const auto& [key, value] : request.headers) {
        if (equalsIgnoreCase(key, name)) return value;
    }
    return std::nullopt;
}

} // namespace

ScriptedHost::ScriptedHost(std::vector<Exchange> script, std::map<std::string, std::string> state,
                           UtcTime now)
    : script_(script.begin(), script.end()), state_(std::move(state)), now_(now) {}

void ScriptedHost::log(LogLevel level, std::string_view message) {
    static constexpr const char* kNames[] = {"debug", "info", "warning", "error"};
    lines_.push_back(std::string(kNames[static_cast<std::size_t>(level)]) + ": " + std::string(message));
}

std::optional<std::string> ScriptedHost::state(const std::string& key) {
    const auto found = state_.find(key);
    return found == state_.end() ? std::nullopt : std::optional(found->second);
}

HttpResponse ScriptedHost::http(const HttpRequest& request) {
    const std::string which = "exchange " + std::to_string(++asked_) + ": ";
    const std::string line = request.method + ' ' + request.url;
    if (script_.empty()) {
        differences_.push_back(which + "came " + line + ", expected no more");
        return {0, {}, "", "the case has no more exchanges"};
    }
    const Exchange next = std::move(script_.front());
    script_.pop_front();
    const std::string expected = next.method + ' ' + next.url;
    if (line != expected) differences_.push_back(which + "came " + line + ", expected " + expected);
    for (const auto& [name, value] : next.requestHeaders) {
        const auto came = headerOf(request, name);
        if (!came) differences_.push_back(which + "the header " + name + " is missing");
        if (came && *came != value) differences_.push_back(which + "the header " + name + " is another");
    }
    if (next.requestBody && *next.requestBody != request.body) {
        differences_.push_back(which + "came the body " + request.body + ", expected " + *next.requestBody);
    }
    return next.response;
}

std::vector<std::string> ScriptedHost::differences() const {
    auto all = differences_;
    std::size_t number = asked_;
    for (const auto& exchange : script_) {
        all.push_back("exchange " + std::to_string(++number) + ": " + exchange.method + ' ' + exchange.url +
                      " was not asked for");
    }
    return all;
}

} // namespace trevo::plugin
