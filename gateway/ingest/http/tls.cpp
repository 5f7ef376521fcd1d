#include "ingest/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <stdexcept>

namespace trevo::http {

namespace {

namespace ssl = boost::asio::ssl;

[[noreturn]] void failOn(const std::string& file, const std::string& reason) {
    ERR_clear_error(); // what is left in the queue would be blamed on the next connection
    throw std::runtime_error("TLS file " + file + ": " + reason);
}

// Chooses http/1.1 when it is offered; a client that offers only other protocols is let go on without ALPN.
int chooseProtocol(SSL*, const unsigned char** out, unsigned char* outSize, const unsigned char* in,
                   unsigned inSize, void*) {
    static constexpr std::array<unsigned char, 9> kHttp11 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, outSize, kHttp11.data(), kHttp11.size(), in, inSize) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

std::shared_ptr<ssl::context> makeTlsContext(const TlsConfig& config) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    SSL_CTX* const native = context->native_handle();
    if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL") != 1) {
        ERR_clear_error();
        throw std::runtime_error("TLS: OpenSSL lacks TLS 1.2 or its ciphers");
    }
    SSL_CTX_set_options(native,
                        SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    // Tickets resume sessions without memory here, and a renewed context begins with new ticket keys.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(native, chooseProtocol, nullptr);

    boost::system::error_code error;
    // Without it OpenSSL would ask for the key's pass phrase on the terminal.
    context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); },
                                   error);
    if (error) failOn(config.keyFile, error.message());
    context->use_certificate_chain_file(config.certificateFile, error);
    if (error) failOn(config.certificateFile, "not a readable PEM certificate chain: " + error.message());
    context->use_private_key_file(config.keyFile, ssl::context::pem, error);
    if (error)
        failOn(config.keyFile,
               "not the readable PEM key of " + config.certificateFile + ": " + error.message());
    if (SSL_CTX_check_private_key(native) != 1)
        failOn(config.keyFile, "not the key of " + config.certificateFile);

    if (!config.clientCaFile.empty()) {
        context->load_verify_file(config.clientCaFile, error);
        if (error) failOn(config.clientCaFile, "not a readable PEM list of CAs: " + error.message());
        STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(config.clientCaFile.c_str());
        if (!names) failOn(config.clientCaFile, "holds no certificate");
        SSL_CTX_set_client_CA_list(native, names); // takes ownership
        int mode = SSL_VERIFY_PEER;
        if (config.requireClientCertificate) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
        SSL_CTX_set_verify(native, mode, nullptr);
        static constexpr std::array<unsigned char, 5> kId = {'t', 'r', 'e', 'v', 'o'};
        if (SSL_CTX_set_session_id_context(native, kId.data(), kId.size()) != 1)
            failOn(config.clientCaFile, "no session id");
    } else if (config.requireClientCertificate) {
        throw std::runtime_error("TLS: a client certificate is required, but no CA file says whose");
    }
    return context;
}

std::string verifiedSubject(SSL* ssl) {
    if (SSL_get_verify_result(ssl) != X509_V_OK) return {};
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl), X509_free);
    if (!certificate) return {};
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), BIO_free);
    if (!text) return {};
    constexpr unsigned long kUtf8Rfc2253 =
        XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    if (X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate.get()), 0, kUtf8Rfc2253) < 0)
        return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(text.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

} // namespace trevo::http
