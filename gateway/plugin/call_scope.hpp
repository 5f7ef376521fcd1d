// Internal to the module: who may use callbacks and services right now.
#pragma once

#include <atomic>
#include <thread>

namespace trevo::plugin {

// A plugin may use what it was given only during a call and on the thread of that call. This tells which
// thread that is, and remembers that somebody else tried.
class CallScope {
  public:
    // For the length of one call into the plugin.
    class Entered {
      public:
        explicit Entered(CallScope& scope) : scope_(scope) { scope_.caller_ = std::this_thread::get_id(); }
        ~Entered() { scope_.caller_ = std::thread::id(); }
        Entered(const Entered&) = delete;
        Entered& operator=(const Entered&) = delete;

      private:
        CallScope& scope_;
    };

    // From inside a callback. False, and remembered, outside a call or on another thread.
    bool allows() {
        if (caller_.load() == std::this_thread::get_id()) return true;
        abused_ = true;
        return false;
    }
    bool takeAbuse() { return abused_.exchange(false); }

  private:
    std::atomic<std::thread::id> caller_{};
    std::atomic<bool> abused_ = false;
};

} // namespace trevo::plugin
