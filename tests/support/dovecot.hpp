// dovecot on loopback, with one user and a Maildir, started by a test and ended with it.
#pragma once

#include "support/folder.hpp"
#include "support/process.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>

namespace trevo::test {

class Dovecot {
  public:
    Dovecot();
    ~Dovecot();

    // Puts a mail into the inbox, as a delivery agent does.
    void deliver(const std::string& mail, const std::string& flags = {}); // "S": somebody has read it
    std::string log() const { return folder_.read("dovecot.log"); }
    void makeFolder(const std::string& name); // of Maildir++, in modified UTF-7: ".Lidas"
    std::size_t inbox() const;                // mails in it
    std::size_t inFolder(const std::string& name) const;
    std::size_t seen() const; // in the inbox, with that flag

    std::string imap() const { return "imap://127.0.0.1:" + std::to_string(imap_); }
    std::string pop3() const { return "pop3://127.0.0.1:" + std::to_string(pop3_); }
    std::string authority() const {
        return (folder_.path() / "cert.pem").string();
    } // of imaps() and STARTTLS
    std::string imaps() const { return "imaps://127.0.0.1:" + std::to_string(imaps_); }

  private:
    void own(const std::filesystem::path& path) const; // by whom dovecot reads mails

    Folder folder_;
    int imap_ = 0, imaps_ = 0, pop3_ = 0, count_ = 0;
    uid_t uid_ = 0;
    gid_t gid_ = 0;
    std::unique_ptr<Process> process_;
};

} // namespace trevo::test
