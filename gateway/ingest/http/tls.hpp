// The server side of TLS: contexts from files, and what a client's certificate says. For the listener's own
// sources only.
#pragma once

#include "ingest/http/listener.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace trevo::http {

// TLS 1.2 and 1.3 with forward-secret AEAD ciphers, ALPN http/1.1. Throws std::runtime_error naming the file
// at fault.
std::shared_ptr<boost::asio::ssl::context> makeTlsContext(const TlsConfig& config);

// Subject (RFC 2253) of the certificate that the peer showed and that was verified; empty when it showed
// none.
std::string verifiedSubject(SSL* ssl);

} // namespace trevo::http
