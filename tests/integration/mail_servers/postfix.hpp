// Postfix on loopback with folders of its own, started by a test and ended with it. It takes mails for
// leads.dealer.example over SMTP and hands them on by LMTP.
#pragma once

#include "support/folder.hpp"
#include "support/process.hpp"

#include <memory>
#include <string>
#include <vector>

namespace trevo::test {

class Postfix {
  public:
    // Only the superuser may start it.
    static bool mayRun();

    // `lmtp` is where mails go: "unix:/run/trevo/lmtp" or "inet:127.0.0.1:2424".
    explicit Postfix(const std::string& lmtp);
    ~Postfix();

    // Over SMTP, as a portal's server does, with CRLF at its lines' ends; fails the test when Postfix does
    // not take it.
    void send(const std::string& mail, const std::vector<std::string>& recipients,
              const std::string& sender = "leads@portal.example") const;

    std::string log() const { return folder_.read("mail.log"); }
    // How often Postfix wrote that: "status=sent", "status=deferred", "status=bounced".
    int count(const std::string& words) const;
    void flush() const; // tries what is deferred again, now

  private:
    Folder folder_;
    int smtp_ = 0;
    std::unique_ptr<Process> process_;
};

} // namespace trevo::test
