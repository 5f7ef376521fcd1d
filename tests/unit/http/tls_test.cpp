#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <fstream>

using namespace trevo::http;
using namespace trevo::http::test;

namespace {

template <class T, void (*Free)(T*)>
struct Freed {
    void operator()(T* t) const { Free(t); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX, SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL, SSL_free>>;

struct Identity {
    Key key;
    Certificate certificate;
};

// Signed by `issuer`, or by itself when there is none.
Identity makeIdentity(const std::string& name, const Identity* issuer = nullptr) {
    Identity made{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
    X509* const x = made.certificate.get();
    X509_set_version(x, 2);
    static long serial = 0;
    ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, made.key.get());
    X509_NAME* const subject = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer->certificate.get()) : subject);
    X509_EXTENSION* const basic = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints,
                                                      issuer ? "CA:FALSE" : "critical,CA:TRUE");
    X509_add_ext(x, basic, -1);
    X509_EXTENSION_free(basic);
    REQUIRE(X509_sign(x, issuer ? issuer->key.get() : made.key.get(), EVP_sha256()) > 0);
    return made;
}

void writePem(const Identity& identity, const std::string& certificateFile, const std::string& keyFile) {
    std::FILE* file = std::fopen(certificateFile.c_str(), "w");
    REQUIRE(file);
    PEM_write_X509(file, identity.certificate.get());
    std::fclose(file);
    file = std::fopen(keyFile.c_str(), "w");
    REQUIRE(file);
    PEM_write_PrivateKey(file, identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
}

// One TLS connection; `failed` tells a handshake that did not come about.
class TlsWire {
  public:
    explicit TlsWire(std::uint16_t port, const Identity* client = nullptr, int maxVersion = 0)
        : context_(SSL_CTX_new(TLS_client_method())), wire_(port) {
        SSL_CTX_set_security_level(context_.get(),
                                   0); // old versions are to be refused by the server, not by us
        if (maxVersion) SSL_CTX_set_max_proto_version(context_.get(), maxVersion);
        if (client) {
            SSL_CTX_use_certificate(context_.get(), client->certificate.get());
            SSL_CTX_use_PrivateKey(context_.get(), client->key.get());
        }
        ssl_.reset(SSL_new(context_.get()));
        static constexpr unsigned char kOffer[] = {2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
        SSL_set_alpn_protos(ssl_.get(), kOffer, sizeof kOffer);
        SSL_set_fd(ssl_.get(), wire_.fd());
        connected_ = SSL_connect(ssl_.get()) == 1;
    }

    // The answer's bytes until the server closes; empty when TLS failed.
    std::string ask(const std::string& request) {
        if (!connected_ || SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size())) <= 0)
            return {};
        std::string all;
        char bytes[16 * 1024];
        int got = 0;
        while ((got = SSL_read(ssl_.get(), bytes, sizeof bytes)) > 0)
            all.append(bytes, static_cast<std::size_t>(got));
        endedProperly_ = SSL_get_error(ssl_.get(), got) == SSL_ERROR_ZERO_RETURN;
        ERR_clear_error();
        return all;
    }
    bool connected() const { return connected_; }
    bool endedProperly() const { return endedProperly_; }
    std::string version() const { return SSL_get_version(ssl_.get()); }
    std::string protocol() const {
        const unsigned char* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl_.get(), &name, &size);
        return {reinterpret_cast<const char*>(name), size};
    }
    std::string serverName() const {
        const Certificate certificate(SSL_get1_peer_certificate(ssl_.get()));
        char name[256] = {};
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name,
                                  sizeof name);
        return name;
    }

  private:
    Context context_;
    Wire wire_;
    Session ssl_;
    bool connected_ = false;
    bool endedProperly_ = false;
};

const std::string kOnce = "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

struct TlsSetup {
    TlsSetup() {
        writePem(ca, dir.file("ca.pem"), dir.file("ca.key"));
        writePem(makeIdentity("first", &ca), dir.file("server.pem"), dir.file("server.key"));
    }
    ListenConfig config(bool mutual = false, bool required = false) const {
        ListenConfig result = Fixture::plain();
        result.tls = TlsConfig{dir.file("server.pem"), dir.file("server.key"),
                               mutual ? dir.file("ca.pem") : "", required};
        return result;
    }

    TempDir dir;
    Identity ca = makeIdentity("ca");
};

} // namespace

TEST_CASE("TLS 1.2 and 1.3 are served, older versions are not") {
    const TlsSetup setup;
    Fixture fixture({}, {setup.config()});
    for (const auto& [version, name] :
         {std::pair{TLS1_3_VERSION, "TLSv1.3"}, std::pair{TLS1_2_VERSION, "TLSv1.2"}}) {
        TlsWire wire(fixture.port(), nullptr, version);
        REQUIRE(wire.connected());
        CHECK(wire.version() == name);
        CHECK(wire.protocol() == "http/1.1");
        CHECK(wire.ask(kOnce).find("GET /a? 0") != std::string::npos);
        CHECK(wire.endedProperly());
    }
    CHECK_FALSE(TlsWire(fixture.port(), nullptr, TLS1_1_VERSION).connected());
}

TEST_CASE("a large answer and a large body pass through TLS whole") {
    const TlsSetup setup;
    Fixture fixture({}, {setup.config()});
    fixture.handler.onHandle = [](Request request, Responder respond) {
        respond(json(200, request.body + request.body));
    };
    const std::string body(700'000, 'q');
    const std::string got =
        TlsWire(fixture.port())
            .ask("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 700000\r\n\r\n" + body);
    CHECK(got.ends_with("\r\n\r\n" + body + body));
}

TEST_CASE("plain text on a TLS port is closed and served to nobody") {
    const TlsSetup setup;
    Fixture fixture({}, {setup.config()});
    Wire wire = fixture.connect();
    wire.send(kGood);
    CHECK(wire.answer().status == 0);
    CHECK(TlsWire(fixture.port()).ask(kOnce).starts_with("HTTP/1.1 200"));
}

TEST_CASE("a handshake that does not go on is ended") {
    const TlsSetup setup;
    ListenerLimits limits;
    limits.headerTimeoutSeconds = 1;
    Fixture fixture(limits, {setup.config()});
    Wire wire = fixture.connect();
    wire.send("\x16\x03\x01");
    CHECK(wire.closed());
    CHECK(fixture.listener.counters().timedOut == 1);
}

TEST_CASE("a required client certificate must be of the CA, and its subject is known to the handler") {
    const TlsSetup setup;
    Fixture fixture({}, {setup.config(true, true)});
    fixture.handler.onHandle = [](Request request, Responder respond) {
        respond(json(200, request.head.tlsSubject));
    };
    const Identity partner = makeIdentity("Concessionária", &setup.ca);
    CHECK(TlsWire(fixture.port(), &partner).ask(kOnce).ends_with("\r\n\r\nCN=Concession\xC3\xA1ria"));
    CHECK(TlsWire(fixture.port()).ask(kOnce).empty());
    const Identity stranger = makeIdentity("stranger");
    CHECK(TlsWire(fixture.port(), &stranger).ask(kOnce).empty());
}

TEST_CASE("an optional client certificate may be missing but not false") {
    const TlsSetup setup;
    Fixture fixture({}, {setup.config(true, false)});
    fixture.handler.onHandle = [](Request request, Responder respond) {
        respond(json(200, "<" + request.head.tlsSubject + ">"));
    };
    CHECK(TlsWire(fixture.port()).ask(kOnce).ends_with("<>"));
    const Identity partner = makeIdentity("partner", &setup.ca);
    CHECK(TlsWire(fixture.port(), &partner).ask(kOnce).ends_with("<CN=partner>"));
    const Identity stranger = makeIdentity("stranger");
    CHECK(TlsWire(fixture.port(), &stranger).ask(kOnce).empty());
}

TEST_CASE("renewed certificates are shown after a reload, and a broken file changes nothing") {
    const TlsSetup setup;
    Fixture fixture({}, {setup.config()});
    CHECK(TlsWire(fixture.port()).serverName() == "first");
    writePem(makeIdentity("second", &setup.ca), setup.dir.file("server.pem"), setup.dir.file("server.key"));
    fixture.listener.reloadCertificates();
    CHECK(TlsWire(fixture.port()).serverName() == "second");

    std::ofstream(setup.dir.file("server.pem")) << "nonsense";
    CHECK_THROWS_WITH(fixture.listener.reloadCertificates(), Catch::Contains(setup.dir.file("server.pem")));
    CHECK(TlsWire(fixture.port()).serverName() == "second");
}

TEST_CASE("a TLS setting that can not work is refused at the start and names its file") {
    const TlsSetup setup;
    ScriptedHandler handler;
    const auto listenWith = [&](ListenConfig config) { Listener({config}, {}, 1, handler); };
    ListenConfig config = setup.config();
    config.tls->keyFile = setup.dir.file("ca.key");
    CHECK_THROWS_WITH(listenWith(config), Catch::Contains("ca.key"));
    config = setup.config();
    config.tls->certificateFile = setup.dir.file("missing.pem");
    CHECK_THROWS_WITH(listenWith(config), Catch::Contains("missing.pem"));
    config = setup.config(true);
    config.tls->clientCaFile = setup.dir.file("none.pem");
    CHECK_THROWS_WITH(listenWith(config), Catch::Contains("none.pem"));
    config = setup.config(false, true);
    CHECK_THROWS_WITH(listenWith(config), Catch::Contains("CA"));
}
