#include "integration/files_servers/servers.hpp"
#include "support/cutting_proxy.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sys/stat.h>

using namespace trevo;
using namespace trevo::test;
namespace fs = std::filesystem;

namespace {

// One of the servers, its kind chosen by the test's table.
struct AnyServer {
    std::unique_ptr<FtpServer> ftp;
    std::unique_ptr<SftpServer> sftp;

    explicit AnyServer(const std::string& kind) {
        if (kind == "sftp")
            sftp = std::make_unique<SftpServer>();
        else
            ftp = std::make_unique<FtpServer>(kind == "ftps"        ? FtpServer::Tls::Implicit
                                              : kind == "ftp + TLS" ? FtpServer::Tls::Explicit
                                                                    : FtpServer::Tls::None);
    }
    fs::path root() const { return ftp ? ftp->root() : sftp->root(); }
    net::FileServerConfig config(const std::string& folder) const {
        return ftp ? ftp->config(folder) : sftp->config(folder);
    }
};

void writeTo(const fs::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
}

std::string readFrom(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const SystemClock kClock;

std::string fetched(net::FileServer& server, const std::string& name, std::int64_t offset = 0) {
    std::string bytes;
    const auto done = server.fetch(name, offset, [&](std::string_view more) {
        bytes += more;
        return true;
    });
    if (!done) FAIL(describe(done.error()));
    return bytes;
}

} // namespace

TEST_CASE("a folder is listed, read from any place, moved and deleted over each protocol") {
    const std::string kind = GENERATE("ftp", "ftp + TLS", "ftps", "sftp");
    INFO(kind);
    const AnyServer at(kind);
    fs::create_directories(at.root() / "saída nova" / "old");
    const auto folder = at.root() / "saída nova";
    writeTo(folder / "a b \"1\" #%.csv", "Nome;Telefone\n");
    writeTo(folder / "b.csv", "0123456789");
    const auto server = net::openFileServer(at.config("saída nova"), kClock);

    auto listing = server->list();
    if (!listing) FAIL(describe(listing.error()));
    std::sort(listing->files.begin(), listing->files.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    REQUIRE(listing->files.size() == 2);
    CHECK(listing->files[0].name == "a b \"1\" #%.csv");
    CHECK(listing->files[0].size == 14);
    CHECK_FALSE(listing->files[0].time.empty());

    const auto state = server->state("b.csv");
    if (!state) FAIL(describe(state.error()));
    CHECK(state->size == 10);
    REQUIRE(state->modified);
    struct stat status {};
    REQUIRE(::stat((folder / "b.csv").c_str(), &status) == 0);
    CHECK(state->modified->seconds() == status.st_mtime);
    CHECK(fetched(*server, "a b \"1\" #%.csv") == "Nome;Telefone\n");
    CHECK(fetched(*server, "b.csv", 4) == "456789");

    REQUIRE(server->move("b.csv", "taken").ok());
    CHECK(readFrom(folder / "taken" / "b.csv") == "0123456789");
    writeTo(folder / "b.csv", "second");
    REQUIRE(server->move("b.csv", "taken").ok());
    CHECK(readFrom(folder / "taken" / "b.csv") == "0123456789");
    CHECK(readFrom(folder / "taken" / "b.csv.2") == "second");

    const auto removed = server->remove("a b \"1\" #%.csv");
    if (!removed) FAIL(describe(removed.error()));
    CHECK_FALSE(fs::exists(folder / "a b \"1\" #%.csv"));
    listing = server->list();
    REQUIRE(listing.ok());
    CHECK(listing->files.empty());
    CHECK(server->remove("gone.csv").error().code == "permission");
    CHECK(server->state("gone.csv").error().code == "no_file");
}

TEST_CASE("what is wrong with a server is told by its name") {
    SECTION("nobody listens") {
        net::FileServerConfig config;
        config.url = "ftp://127.0.0.1:" + std::to_string(freePort());
        CHECK(net::openFileServer(config, kClock)->list().error().code == "unreachable");
    }
    SECTION("a wrong password") {
        const FtpServer at;
        auto config = at.config("");
        config.password = "errado";
        CHECK(net::openFileServer(config, kClock)->list().error().code == "login_refused");
    }
    SECTION("a wrong key") {
        const SftpServer at, other;
        auto config = at.config("");
        config.privateKey = other.privateKey();
        CHECK(net::openFileServer(config, kClock)->list().error().code == "login_refused");
    }
    SECTION("a server that shows another host key gets no password") {
        const SftpServer at;
        auto config = at.config("");
        config.hostKeys = {"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
        const auto listing = net::openFileServer(config, kClock)->list();
        REQUIRE_FALSE(listing.ok());
        CHECK(listing.error().code == "host_key");
        CHECK(listing.error().detail.find(at.hostKey()) != std::string::npos);
        config.hostKeys.clear();
        CHECK(net::openFileServer(config, kClock)->list().error().code == "host_key");
        config.acceptAnyHostKey = true;
        CHECK(net::openFileServer(config, kClock)->list().ok());
    }
    SECTION("no TLS where it is required: no password is sent") {
        const FtpServer at;
        auto config = at.config("");
        config.requireTls = true;
        CHECK(net::openFileServer(config, kClock)->list().error().code == "tls");
    }
    SECTION("a certificate that nobody vouches for") {
        const FtpServer at(FtpServer::Tls::Explicit);
        auto config = at.config("");
        config.caFile.clear();
        CHECK(net::openFileServer(config, kClock)->list().error().code == "tls");
    }
    SECTION("a folder that is not there") {
        const AnyServer at(GENERATE("ftp", "sftp"));
        CHECK(net::openFileServer(at.config("nowhere"), kClock)->list().error().code == "no_folder");
    }
}

TEST_CASE("a server that lists for machines (MLSD) is read to the second") {
    const Folder folder;
    folder.write("a b.csv", "x");
    fs::create_directory(folder.path() / "old");
    const std::string port = std::to_string(freePort());
    const Process process({serverProgram("/usr/bin/python3", "python3-pyftpdlib"), "-m", "pyftpdlib", "-i",
                           "127.0.0.1", "-p", port, "-d", folder.path().string(), "-u", "loja", "-P",
                           "segredo"},
                          (folder.path() / ".log").string(), (folder.path() / ".log").string());
    const bool started = eventually([&] { return accepts(std::stoi(port)); });
    INFO(folder.read(".log")); // "No module named pyftpdlib": apt-get install python3-pyftpdlib
    REQUIRE(started);
    net::FileServerConfig config;
    config.url = "ftp://127.0.0.1:" + port;
    config.folder = "/";
    config.user = "loja";
    config.password = "segredo";
    config.requireTls = false;
    const auto server = net::openFileServer(config, kClock);
    const auto listing = server->list();
    if (!listing) FAIL(describe(listing.error()));
    const auto found = std::find_if(listing->files.begin(), listing->files.end(),
                                    [](const auto& file) { return file.name == "a b.csv"; });
    REQUIRE(found != listing->files.end());
    CHECK(found->size == 1);
    CHECK(found->time.size() == 19);
    CHECK(fetched(*server, "a b.csv") == "x");
}

TEST_CASE("an active transfer, for servers that can do no other") {
    const FtpServer at;
    writeTo(at.root() / "a.csv", "x");
    auto config = at.config("");
    config.active = true;
    const auto server = net::openFileServer(config, kClock);
    CHECK(fetched(*server, "a.csv") == "x");
}

TEST_CASE("a transfer that is cut off goes on where it ended") {
    const std::string kind = GENERATE("ftp", "sftp");
    INFO(kind);
    const AnyServer at(kind);
    std::string text;
    while (text.size() < (4 << 20))
        text += "linha " + std::to_string(text.size()) + '\n';
    writeTo(at.root() / "big.csv", text);
    auto config = at.config("");
    // The data connection of FTP goes to the address of the other one, so both are proxied.
    const int port = at.ftp ? at.ftp->port() : at.sftp->port();
    CuttingProxy control("127.0.0.2", 0, port);
    std::unique_ptr<CuttingProxy> data;
    if (at.ftp) data = std::make_unique<CuttingProxy>("127.0.0.2", at.ftp->dataPort(), at.ftp->dataPort());
    config.url = (at.ftp ? "ftp://127.0.0.2:" : "sftp://127.0.0.2:") + std::to_string(control.port());
    CuttingProxy& line = at.ftp ? *data : control;

    std::string bytes;
    const auto sink = [&](std::string_view more) {
        bytes += more;
        return true;
    };
    // The server may still hold the one data port of the session before; then nothing came.
    CHECK(eventually([&] {
        const auto server = net::openFileServer(config, kClock);
        if (line.cuts() < 3) line.cutAfter(1'000'000);
        const auto done = server->fetch("big.csv", static_cast<std::int64_t>(bytes.size()), sink);
        if (!done) CHECK((done.error().code == "cut" || done.error().code == "unreachable"));
        return done.ok();
    }));
    CHECK(line.cuts() == 3);
    CHECK(bytes == text);
}
