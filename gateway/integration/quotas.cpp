#include "integration/quotas.hpp"

#include <algorithm>
#include <charconv>

namespace trevo {

namespace {

constexpr const char* kQuotaState = "@quota"; // no integration's id has this form

std::int64_t secondsUntil(UtcTime then, UtcTime now) {
    return std::max<std::int64_t>(1, (then - now + kSecond - 1) / kSecond);
}

} // namespace

Quotas::Used& Quotas::usedBy(const std::string& whose) {
    const auto [found, fresh] = used_.try_emplace(whose);
    Used& used = found->second;
    if (!fresh) return used;
    const std::string kept = journal_.state(kQuotaState, whose).value_or(""); // "20417 311"
    const char* const last = kept.data() + kept.size();
    const auto [space, error] = std::from_chars(kept.data(), last, used.day);
    if (error == std::errc{} && space != last) std::from_chars(space + 1, last, used.ofDay);
    return used;
}

std::optional<std::int64_t> Quotas::take(const std::string& whose, const config::Quota& quota) {
    if (quota.perMinute == 0 && quota.perDay == 0) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const UtcTime now = clock_.now();
    Used& used = usedBy(whose);
    const std::int64_t today = now.micros / kDay;
    if (used.day != today) {
        used.day = today;
        used.ofDay = 0;
    }
    if (quota.perDay > 0 && used.ofDay >= quota.perDay) return secondsUntil({(today + 1) * kDay}, now);
    if (quota.perMinute > 0) {
        while (!used.lately.empty() && now - used.lately.front() >= kMinute)
            used.lately.pop_front();
        if (used.lately.size() >= static_cast<std::size_t>(quota.perMinute))
            return secondsUntil(used.lately.front() + kMinute, now);
        used.lately.push_back(now);
    }
    ++used.ofDay;
    if (quota.perDay > 0) {
        journal_.append({}, {{kQuotaState, whose, std::to_string(today) + ' ' + std::to_string(used.ofDay)}},
                        [](const auto&) {}); // lost in a crash it is one request too few that is counted
    }
    return std::nullopt;
}

} // namespace trevo
