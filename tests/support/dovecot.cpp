#include "support/dovecot.hpp"

#include "support/cutting_proxy.hpp"

#include <algorithm>
#include <csignal>
#include <grp.h>
#include <pwd.h>
#include <stdexcept>
#include <unistd.h>

namespace trevo::test {
namespace fs = std::filesystem;

namespace {

std::size_t filesIn(const fs::path& folder, bool onlySeen = false) {
    std::size_t count = 0;
    for (const char* part : {"new", "cur"}) {
        if (!fs::exists(folder / part)) continue;
        for (const auto& entry : fs::directory_iterator(folder / part)) {
            const std::string name = entry.path().filename().string();
            const auto flags = name.find(":2,");
            count += !onlySeen || (flags != std::string::npos && name.find('S', flags) != std::string::npos);
        }
    }
    return count;
}

} // namespace

Dovecot::Dovecot() : imap_(freePort()), imaps_(freePort()), pop3_(freePort()) {
    const std::string program = "/usr/sbin/dovecot";
    if (!fs::exists(program))
        throw std::runtime_error(program + " is missing: apt-get install dovecot-imapd dovecot-pop3d");
    const std::string at = folder_.path().string();
    // What talks to strangers does not run as root; its users come with the package.
    const bool root = ::getuid() == 0;
    const std::string user = root ? "dovecot" : ::getpwuid(::getuid())->pw_name;
    const std::string login = root ? "dovenull" : user;
    const std::string group = root ? "dovecot" : ::getgrgid(::getgid())->gr_name;
    if (root) fs::permissions(folder_.path(), fs::perms(0755));
    for (const char* part : {"mail/new", "mail/cur", "mail/tmp"})
        fs::create_directories(folder_.path() / part);
    const Ran made = run({"/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                          at + "/key.pem", "-out", at + "/cert.pem", "-days", "2", "-subj", "/CN=localhost",
                          "-addext", "subjectAltName=IP:127.0.0.1"});
    if (made.exitCode != 0) throw std::runtime_error("openssl failed: " + made.err);
    const auto* owner = ::getpwnam(user.c_str());
    if (!owner) throw std::runtime_error("there is no user " + user);
    uid_ = owner->pw_uid;
    gid_ = owner->pw_gid;
    folder_.write("passwords", "leads:{PLAIN}segredo:" + std::to_string(uid_) + ':' + std::to_string(gid_) +
                                   "::" + at + "::\n");
    fs::permissions(folder_.path() / "passwords", fs::perms(0644));
    for (const char* part : {"mail", "mail/new", "mail/cur", "mail/tmp"})
        own(folder_.path() / part);
    const auto listener = [](const char* name, int port, bool tls) {
        return std::string("  inet_listener ") + name +
               " {\n    address = 127.0.0.1\n    port = " + std::to_string(port) +
               "\n    ssl = " + (tls ? "yes" : "no") + "\n  }\n";
    };
    folder_.write(
        "dovecot.conf",
        "base_dir = " + at + "/run\nstate_dir = " + at + "/state\nlog_path = " + at +
            "/dovecot.log\nprotocols = imap pop3\nlisten = 127.0.0.1\nssl = yes\nssl_cert = <" + at +
            "/cert.pem\nssl_key = <" + at +
            "/key.pem\ndisable_plaintext_auth = no\nmail_location = maildir:" + at +
            "/mail\nfirst_valid_uid = 0\nfirst_valid_gid = 0\ndefault_internal_user = " + user +
            "\ndefault_internal_group = " + group + "\ndefault_login_user = " + login +
            "\nmail_max_userip_connections = 100\nnamespace inbox {\n  inbox = yes\n  separator = /\n}\n"
            "passdb {\n  driver = passwd-file\n  args = " +
            at + "/passwords\n}\nuserdb {\n  driver = passwd-file\n  args = " + at +
            "/passwords\n}\nservice imap-login {\n  chroot =\n" + listener("imap", imap_, false) +
            listener("imaps", imaps_, true) + "}\nservice pop3-login {\n  chroot =\n" +
            listener("pop3", pop3_, false) +
            "  inet_listener pop3s {\n    port = 0\n  }\n}\n"
            "service anvil {\n  chroot =\n}\nservice stats {\n  chroot =\n}\n");
    process_ = std::make_unique<Process>(std::vector<std::string>{program, "-F", "-c", at + "/dovecot.conf"},
                                         at + "/log", at + "/log");
    if (!eventually([&] { return accepts(imap_) && accepts(pop3_) && accepts(imaps_); }))
        throw std::runtime_error("dovecot does not start: " + folder_.read("log"));
}

void Dovecot::own(const fs::path& path) const {
    if (::chown(path.c_str(), uid_, gid_) != 0) throw std::runtime_error("chown fails: " + path.string());
}

// It ends its children when it is asked to.
Dovecot::~Dovecot() {
    process_->signal(SIGTERM);
    static_cast<void>(process_->wait(std::chrono::seconds(10)));
}

void Dovecot::deliver(const std::string& mail, const std::string& flags) {
    const std::string name = std::to_string(1'000'000 + ++count_) + ".test";
    folder_.write("mail/tmp/" + name, mail);
    own(folder_.path() / "mail/tmp" / name);
    const std::string place = flags.empty() ? "mail/new/" + name : "mail/cur/" + name + ":2," + flags;
    fs::rename(folder_.path() / "mail/tmp" / name, folder_.path() / place);
}

void Dovecot::makeFolder(const std::string& name) {
    for (const std::string part : {"", "/new", "/cur", "/tmp"}) {
        fs::create_directories(folder_.path() / ("mail/" + name + part));
        own(folder_.path() / ("mail/" + name + part));
    }
}

std::size_t Dovecot::inbox() const {
    return filesIn(folder_.path() / "mail");
}
std::size_t Dovecot::inFolder(const std::string& name) const {
    return filesIn(folder_.path() / "mail" / name);
}
std::size_t Dovecot::seen() const {
    return filesIn(folder_.path() / "mail", true);
}

} // namespace trevo::test
