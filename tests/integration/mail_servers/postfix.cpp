#include "integration/mail_servers/postfix.hpp"

#include "support/cutting_proxy.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <unistd.h>

namespace trevo::test {
namespace fs = std::filesystem;

namespace {

constexpr const char* kServices = R"(127.0.0.1:@PORT@ inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
)";

// What is bounced goes nowhere: there is no world around this server.
std::string settings(const std::string& folder, const std::string& lmtp) {
    return "compatibility_level = 3.6\n"
           "command_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\n"
           "queue_directory = " +
           folder + "/queue\ndata_directory = " + folder + "/data\nmaillog_file = " + folder +
           "/mail.log\nmaillog_file_prefixes = " + folder +
           "\nmyhostname = mx.dealer.example\nmydestination =\nmynetworks = 127.0.0.0/8\n"
           "inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nalias_maps =\nalias_database =\n"
           "relay_domains = leads.dealer.example\n"
           "transport_maps = inline:{ { leads.dealer.example = lmtp:" +
           lmtp +
           " } }\ndefault_transport = discard\nlocal_transport = discard\n"
           "smtpd_recipient_restrictions = reject_unauth_destination\nmessage_size_limit = 67108864\n"
           "queue_run_delay = 1s\nminimal_backoff_time = 1s\nmaximal_backoff_time = 1s\n"
           "transport_retry_time = 1s\nmax_idle = 5s\n";
}

} // namespace

bool Postfix::mayRun() {
    return ::getuid() == 0;
}

Postfix::Postfix(const std::string& lmtp) : smtp_(freePort()) {
    const std::string program = "/usr/sbin/postfix";
    if (!fs::exists(program)) throw std::runtime_error(program + " is missing: apt-get install postfix");
    const std::string at = folder_.path().string();
    fs::permissions(folder_.path(), fs::perms(0755));
    for (const char* part : {"queue", "data", "etc"})
        fs::create_directories(folder_.path() / part);
    folder_.write("etc/main.cf", settings(at, lmtp));
    std::string services = kServices;
    services.replace(services.find("@PORT@"), 6, std::to_string(smtp_));
    folder_.write("etc/master.cf", services);
    for (const char* name : {"etc/main.cf", "etc/master.cf"})
        fs::permissions(folder_.path() / name, fs::perms(0644));
    const Ran owned = run({"/bin/chown", "postfix", at + "/data"});
    if (owned.exitCode != 0) throw std::runtime_error("chown: " + owned.err);
    const Ran checked = run({program, "-c", at + "/etc", "check"}); // makes the queue's folders
    if (checked.exitCode != 0) throw std::runtime_error("postfix check: " + checked.err);
    // `postfix start-fg` puts a shell between, and the master would outlive its test.
    process_ = std::make_unique<Process>(
        std::vector<std::string>{"/usr/lib/postfix/sbin/master", "-c", at + "/etc", "-s"}, at + "/out",
        at + "/err");
    if (!eventually([&] { return accepts(smtp_); }))
        throw std::runtime_error("postfix does not start: " + folder_.read("err") + log());
}

// The master ends its children when it is asked to.
Postfix::~Postfix() {
    process_->signal(SIGTERM);
    static_cast<void>(process_->wait(std::chrono::seconds(10)));
}

void Postfix::send(const std::string& mail, const std::vector<std::string>& recipients,
                   const std::string& sender) const {
    std::string lines;
    for (const char c : mail) {
        if (c == '\n') lines += '\r';
        lines += c;
    }
    const auto file = folder_.write("mail", lines);
    std::vector<std::string> command = {
        "/usr/bin/curl", "-sS",
        "--url",         "smtp://127.0.0.1:" + std::to_string(smtp_) + "/portal.example",
        "--mail-from",   sender,
        "--upload-file", file};
    for (const auto& recipient : recipients) {
        command.emplace_back("--mail-rcpt");
        command.push_back(recipient);
    }
    const Ran sent = run(command);
    INFO(sent.err);
    REQUIRE(sent.exitCode == 0);
}

int Postfix::count(const std::string& words) const {
    const std::string text = log();
    int times = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
        ++times;
    return times;
}

void Postfix::flush() const {
    const Ran asked = run({"/usr/sbin/postqueue", "-c", (folder_.path() / "etc").string(), "-f"});
    INFO(asked.err);
    REQUIRE(asked.exitCode == 0);
}

} // namespace trevo::test
