// How many connections are open, in all and per peer address.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace trevo::http {

// Thread-safe. The local socket's peers have the empty address and count only towards the total.
class ConnectionQuota {
  public:
    // maxPerAddress 0: no cap per address. Without capLoopback it leaves out this machine's own addresses,
    // where a reverse proxy speaks for everybody.
    ConnectionQuota(std::size_t maxTotal, std::size_t maxPerAddress, bool capLoopback = true)
        : maxTotal_(maxTotal), maxPerAddress_(maxPerAddress), capLoopback_(capLoopback) {}

    bool take(const std::string& address);
    void release(const std::string& address);

  private:
    bool isCapped(const std::string& address) const;

    const std::size_t maxTotal_;
    const std::size_t maxPerAddress_;
    const bool capLoopback_;
    std::mutex mutex_;
    std::size_t total_ = 0;
    std::unordered_map<std::string, std::size_t> perAddress_;
};

} // namespace trevo::http
