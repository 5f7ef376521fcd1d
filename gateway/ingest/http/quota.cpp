#include "ingest/http/quota.hpp"

namespace trevo::http {

bool ConnectionQuota::isCapped(const std::string& address) const {
    if (maxPerAddress_ == 0 || address.empty()) return false;
    return capLoopback_ ||
           !(address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127."));
}

bool ConnectionQuota::take(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (total_ >= maxTotal_) return false;
    if (isCapped(address)) {
        std::size_t& open = perAddress_[address];
        if (open >= maxPerAddress_) return false;
        ++open;
    }
    ++total_;
    return true;
}

void ConnectionQuota::release(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --total_;
    const auto found = perAddress_.find(address);
    if (found != perAddress_.end() && --found->second == 0) perAddress_.erase(found);
}

} // namespace trevo::http
