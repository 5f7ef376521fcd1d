// Who pushes: the checks that run on the head and the raw bytes, before anything is parsed.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "config/config.hpp"
#include "ingest/http/message.hpp"

#include <string_view>
#include <vector>

namespace trevo {

class Authenticator {
  public:
    explicit Authenticator(const config::Authentication& config);
    ~Authenticator();
    Authenticator(Authenticator&&) noexcept;

    // All checks that need no body: peer address, client certificate, token. `subPath` is what follows
    // /in/ID/.
    Result<Done> checkHead(const http::Head& head, std::string_view subPath) const;

    // Signatures over the bytes as they came. Compared in constant time.
    Result<Done> checkBody(const http::Head& head, std::string_view body, UtcTime now) const;

    // What must not be kept with an envelope, beside the headers that are secret everywhere.
    std::string_view secretHeader() const;
    std::string_view secretParameter() const;
    bool secretPath() const;

    // The sender's own id of a signed delivery (Standard Webhooks), or empty.
    static std::string_view deliveryId(const http::Head& head);

  private:
    struct Block;
    const config::Authentication& config_;
    std::vector<Block> addresses_;
    std::vector<std::string> keys_; // standard webhooks: decoded secrets
};

// "10.0.0.0/8", "2001:db8::/32" or a single address. False for text that is none.
bool isAddressBlock(std::string_view text);

} // namespace trevo
