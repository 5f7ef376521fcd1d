// The process around the gateway: command line, signals, service manager.
#pragma once

#include <Poco/Util/ServerApplication.h>
#include <string>

namespace trevo::app {

class Daemon : public Poco::Util::ServerApplication {
  protected:
    void defineOptions(Poco::Util::OptionSet& options) override;
    void initialize(Poco::Util::Application& self) override;
    int main(const std::vector<std::string>& arguments) override;

  private:
    void onOption(const std::string& name, const std::string& value);
    int check() const;
    int serve() const;

    std::string configFile_ = "/etc/trevo/trevo.toml";
    std::string testClock_;
    bool checkOnly_ = false, showHelp_ = false, showVersion_ = false;
};

} // namespace trevo::app
