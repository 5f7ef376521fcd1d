// One session of libcurl with a mail server. Private to this module.
#pragma once

#include "net/curl.hpp"
#include "net/mail_server.hpp"

#include <string_view>

namespace trevo::net {

class MailSession {
  public:
    MailSession(MailServerConfig config, std::function<bool()> stopping);

    struct Answer {
        CURLcode code = CURLE_OK;
        std::string body;
        std::string last;                     // line of the server
        bool tooLarge = false, fresh = false; // fresh: on a new connection
        std::string trouble;                  // libcurl's words
    };
    // `path` behind the url's '/'; `command` instead of the usual one. `oneLine`: its answer has no more.
    Answer perform(const std::string& path, const std::string& command, std::size_t maxBytes,
                   bool oneLine = false);
    void end(); // says good-bye and closes; the next call begins anew

    // `refused` is the code of what the server does not do.
    Problem problemOf(const Answer& answer, const char* refused) const;
    const MailServerConfig& config() const { return config_; }

  private:
    void prepare();

    MailServerConfig config_;
    const std::function<bool()> stopping_;
    Easy handle_;
};

// Of the sessions' two languages.
std::unique_ptr<MailServer> openImap(MailServerConfig config, std::function<bool()> stopping);
std::unique_ptr<MailServer> openPop3(MailServerConfig config, std::function<bool()> stopping);

} // namespace trevo::net
