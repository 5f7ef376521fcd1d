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
    // maxPerAddress 0: no cap per address
    ConnectionQuota(std::size_t maxTotal, std::size_t maxPerAddress)
        : maxTotal_(maxTotal), maxPerAddress_(maxPerAddress) {}

    bool take(const std::string& address);
    void release(const std::string& address);

  private:
    const std::size_t maxTotal_;
    const std::size_t maxPerAddress_;
    std::mutex mutex_;
    std::size_t total_ = 0;
    std::unordered_map<std::string, std::size_t> perAddress_;
};

} // namespace trevo::http
