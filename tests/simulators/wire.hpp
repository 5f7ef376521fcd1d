// The ends of the wires that a simulator has.
#pragma once

#include "simulators/partner.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace trevo::sim {

// Sends to one address, over one connection that is kept. Used by one thread.
class Sender {
  public:
    virtual ~Sender() = default;

    virtual int post(const Push& push) = 0;            // the status of the answer; 0: none
    virtual bool reachable() const = 0;                // takes connections
    virtual void postHalf(const Push& push) const = 0; // half of it, on a connection of its own that is cut
};

// By what the address begins with: "http://…"; mails by LMTP to "lmtp://127.0.0.1:2424/RECIPIENT" or
// "lmtp:/run/trevo/lmtp?RECIPIENT". Throws for anything else.
std::unique_ptr<Sender> openSender(const std::string& url);
std::unique_ptr<Sender> openMailSender(const std::string& url);

// Answers on a few threads until it is destroyed.
class Server {
  public:
    using Handler = std::function<Answer(const Request&)>; // called from several threads
    Server(const std::string& address, std::uint16_t port, Handler handler);
    ~Server();

    std::string address() const; // "127.0.0.1:40123"

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace trevo::sim
