// Internal to the module: the host of a test case. Its partner is a list of exchanges, its clock stands
// still, its state is in memory.
#pragma once

#include "plugin/host.hpp"

#include <deque>
#include <map>

namespace trevo::plugin {

struct Exchange {
    std::string method, url;
    std::vector<std::pair<std::string, std::string>> requestHeaders; // those that must be there
    std::optional<std::string> requestBody;
    HttpResponse response;
};

class ScriptedHost final : public Host {
  public:
    ScriptedHost(std::vector<Exchange> script, std::map<std::string, std::string> state, UtcTime now);

    void log(LogLevel level, std::string_view message) override;
    UtcTime now() override { return now_; }
    std::optional<std::string> state(const std::string& key) override;
    void setState(const std::string& key, const std::string& value) override { state_[key] = value; }
    HttpResponse http(const HttpRequest& request) override;

    // What went other than scripted, one line each; call when the case is over. Values of headers are not
    // shown: they hold tokens.
    std::vector<std::string> differences() const;
    const std::vector<std::string>& lines() const { return lines_; } // logged

  private:
    std::deque<Exchange> script_;
    std::map<std::string, std::string> state_;
    UtcTime now_;
    std::size_t asked_ = 0;
    std::vector<std::string> differences_, lines_;
};

} // namespace trevo::plugin
