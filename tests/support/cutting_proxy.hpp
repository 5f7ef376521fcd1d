// A TCP proxy on loopback that breaks a connection off after so many bytes, as a bad line does.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace trevo::test {

class CuttingProxy {
  public:
    // Listens at `address` (127.0.0.0/8) and `port` (0: a free one) and passes on to 127.0.0.1:`target`, one
    // connection at a time.
    CuttingProxy(const std::string& address, int port, int target);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    int port() const { return port_; }
    // Of the bytes to come from the target; then connections break, once. Negative: never.
    void cutAfter(std::int64_t bytes) { left_ = bytes; }
    int cuts() const { return cuts_; }

  private:
    void loop();
    void pass(int client, int server);

    int listener_ = -1, port_ = 0;
    const int target_;
    std::atomic<std::int64_t> left_{-1};
    std::atomic<int> cuts_{0};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

// A port of 127.0.0.1 that nobody listens at now, for a server that can not be given zero.
int freePort();

// Whether something accepts connections there.
bool accepts(int port);

} // namespace trevo::test
