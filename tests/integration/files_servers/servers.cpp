#include "integration/files_servers/servers.hpp"

#include "support/cutting_proxy.hpp"

#include <pwd.h>
#include <stdexcept>
#include <unistd.h>

namespace trevo::test {
namespace fs = std::filesystem;
namespace {

void must(const std::vector<std::string>& command) {
    const Ran ran = run(command);
    if (ran.exitCode != 0) throw std::runtime_error(command[0] + " failed: " + ran.err);
}

void waitFor(int port, const Folder& folder) {
    if (!eventually([&] { return accepts(port); }))
        throw std::runtime_error("the server does not start: " + folder.read("log"));
}

} // namespace

std::string serverProgram(const std::string& path, const std::string& package) {
    if (!fs::exists(path)) throw std::runtime_error(path + " is missing: apt-get install " + package);
    return path;
}

FtpServer::FtpServer(Tls tls) : tls_(tls), port_(freePort()), dataPort_(freePort()) {
    const auto program = serverProgram("/usr/sbin/vsftpd", "vsftpd");
    fs::create_directory(root());
    const std::string at = folder_.path().string();
    folder_.write("passwords", "segredo\n");
    std::string config = "listen=YES\nlisten_address=127.0.0.1\nbackground=NO\nrun_as_launching_user=YES\n"
                         "anonymous_enable=YES\nlocal_enable=NO\nsecure_email_list_enable=YES\n"
                         "write_enable=YES\nanon_upload_enable=YES\nanon_mkdir_write_enable=YES\n"
                         "anon_other_write_enable=YES\nanon_world_readable_only=NO\nanon_umask=022\n"
                         "allow_writeable_chroot=YES\nseccomp_sandbox=NO\nconnect_from_port_20=NO\n"
                         "listen_port=" +
                         std::to_string(port_) + "\npasv_min_port=" + std::to_string(dataPort_) +
                         "\npasv_max_port=" + std::to_string(dataPort_) + "\nanon_root=" + root().string() +
                         "\nsecure_chroot_dir=" + root().string() + "\nemail_password_file=" + at +
                         "/passwords\nftp_username=" + ::getpwuid(::getuid())->pw_name + '\n';
    if (tls != Tls::None) {
        must({serverProgram("/usr/bin/openssl", "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes",
              "-keyout", at + "/key.pem", "-out", at + "/cert.pem", "-days", "2", "-subj", "/CN=localhost",
              "-addext", "subjectAltName=IP:127.0.0.1"});
        config += "ssl_enable=YES\nallow_anon_ssl=YES\nforce_anon_logins_ssl=YES\nforce_anon_data_ssl=YES\n"
                  "rsa_cert_file=" +
                  at + "/cert.pem\nrsa_private_key_file=" + at + "/key.pem\n";
        if (tls == Tls::Implicit) config += "implicit_ssl=YES\n";
    }
    folder_.write("vsftpd.conf", config);
    process_ = std::make_unique<Process>(std::vector<std::string>{program, at + "/vsftpd.conf"}, at + "/log",
                                         at + "/log");
    waitFor(port_, folder_);
}

net::FileServerConfig FtpServer::config(const std::string& folder) const {
    net::FileServerConfig out;
    out.url = (tls_ == Tls::Implicit ? "ftps://127.0.0.1:" : "ftp://127.0.0.1:") + std::to_string(port_);
    out.folder = folder;
    out.user = "ftp";
    out.password = "segredo";
    out.requireTls = tls_ != Tls::None;
    if (tls_ != Tls::None) out.caFile = authority();
    return out;
}

SftpServer::SftpServer() : port_(freePort()) {
    const auto program = serverProgram("/usr/sbin/sshd", "openssh-server");
    const auto keygen = serverProgram("/usr/bin/ssh-keygen", "openssh-client");
    if (::getuid() == 0) fs::create_directories("/run/sshd"); // as its service does
    fs::create_directory(root());
    const std::string at = folder_.path().string();
    for (const char* key : {"host", "user"})
        must({keygen, "-q", "-t", "ed25519", "-N", "", "-f", at + '/' + key});
    const std::string shown = run({keygen, "-l", "-f", at + "/host.pub"}).out;
    hostKey_ = shown.substr(shown.find("SHA256:"));
    hostKey_ = hostKey_.substr(0, hostKey_.find(' '));
    folder_.write("sshd.conf", "ListenAddress 127.0.0.1\nPort " + std::to_string(port_) + "\nHostKey " + at +
                                   "/host\nAuthorizedKeysFile " + at +
                                   "/user.pub\nStrictModes no\nUsePAM no\nPidFile none\n"
                                   "PasswordAuthentication no\nPermitRootLogin yes\n"
                                   "Subsystem sftp internal-sftp\n");
    process_ = std::make_unique<Process>(
        std::vector<std::string>{program, "-D", "-e", "-f", at + "/sshd.conf"}, at + "/log", at + "/log");
    waitFor(port_, folder_);
}

std::string SftpServer::user() const {
    return ::getpwuid(::getuid())->pw_name;
}

net::FileServerConfig SftpServer::config(const std::string& folder) const {
    net::FileServerConfig out;
    out.url = "sftp://127.0.0.1:" + std::to_string(port_);
    out.folder = (root() / folder).string();
    out.user = user();
    out.privateKey = privateKey();
    out.hostKeys = {hostKey_};
    return out;
}

} // namespace trevo::test
