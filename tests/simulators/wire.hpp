// The two ends of HTTP that a simulator has.
#pragma once

#include "simulators/partner.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace trevo::sim {

// Posts to one address, over one connection that is kept. Used by one thread.
class Sender {
  public:
    explicit Sender(const std::string& url); // http only; throws for anything else
    ~Sender();

    int post(const Push& push);            // the status of the answer; 0: none
    bool reachable() const;                // takes connections
    void postHalf(const Push& push) const; // sends half of the body on a connection of its own and cuts it

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

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
