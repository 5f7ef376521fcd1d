#include "simulators/campaign.hpp"

#include <utility>

namespace trevo::sim {

namespace {

constexpr std::chrono::milliseconds kReachPause{100};
constexpr std::uint64_t kServerSalt = 0x5e7;

std::uint64_t saltOf(const std::string& name) {
    std::uint64_t hash = kServerSalt;
    for (const char c : name)
        hash = hash * 31 + static_cast<std::uint8_t>(c);
    return hash;
}

std::int64_t utcMillis() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

std::size_t Faults::below(std::size_t count) {
    const std::lock_guard lock(mutex_);
    return engine_() % count;
}

bool Faults::hits(double rate) {
    if (rate <= 0) return false;
    const std::lock_guard lock(mutex_);
    return static_cast<double>(engine_() % 1'000'000) < rate * 1'000'000;
}

bool Faults::delay(const std::stop_token& stop) {
    if (options_.delayMillis == 0) return true;
    const auto wait = std::chrono::milliseconds(below(static_cast<std::size_t>(options_.delayMillis) + 1));
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, wait, [] { return false; });
    return !stop.stop_requested();
}

std::optional<Answer> answerWithFaults(Partner& partner, Faults& faults, const Request& request,
                                       const std::stop_token& stop) {
    auto answer = partner.answer(request);
    if (!answer) return std::nullopt;
    faults.delay(stop);
    if (partner.mayFail(request) && faults.fails())
        return Answer{503, "{}", "application/json", {{"Retry-After", "1"}}};
    return answer;
}

Campaign::Campaign(std::string name, Partner& partner, const World& world, const Options& options,
                   Ledger& ledger)
    : name_(std::move(name)),
      partner_(partner),
      world_(world),
      options_(options),
      ledger_(ledger),
      faults_(options, saltOf(name_)),
      sender_(openSender(options.targetOf(name_))) {}

bool Campaign::waitUntil(Clock::time_point due, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    wake_.wait_until(lock, stop, due, [] { return false; });
    return !stop.stop_requested();
}

void Campaign::record(const Lead& lead, const char* state, int status, int attempts, bool repeat) {
    const std::string& dealer = world_.dealers()[partner_.dealerOf(lead)].id;
    ledger_.add({name_, partner_.typeOf(lead), dealer, state, status, attempts, repeat}, lead);
}

void Campaign::offer(int number) {
    const Lead lead = world_.lead(name_, number);
    auto push = partner_.offer(lead, utcMillis());
    if (!push) {
        record(lead, "offered", 0, 0);
    } else if (partner_.announces() && faults_.loses()) {
        record(lead, "lost", 0, 0);
        partner_.undelivered(lead);
    } else {
        window_.push_back({lead, std::move(*push), 0, {}});
    }
}

void Campaign::send(Pending pending, const std::stop_token& stop) {
    if (!faults_.delay(stop)) return;
    ++pending.attempts;
    int status = 0;
    if (faults_.fails()) {
        sender_->postHalf(pending.push);
    } else {
        status = sender_->post(pending.push);
    }
    const bool received = status >= 200 && status < 300;
    if (!received && pending.attempts <= partner_.resends()) {
        pending.due = Clock::now() + std::chrono::milliseconds(options_.resendMillis);
        refused_.push_back(std::move(pending));
        return;
    }
    record(pending.lead, received ? "accepted" : status == 0 ? "lost" : "refused", status, pending.attempts);
    if (!received) partner_.undelivered(pending.lead);
    if (received && faults_.duplicates()) {
        const int again = sender_->post(pending.push);
        record(pending.lead,
               again >= 200 && again < 300 ? "accepted"
               : again == 0                ? "lost"
                                           : "refused",
               again, 1, true);
    }
}

int Campaign::run(const std::stop_token& stop) {
    const auto window = static_cast<std::size_t>(options_.reorder);
    while (options_.waitForTarget && !stop.stop_requested() && !sender_->reachable()) {
        if (!waitUntil(Clock::now() + kReachPause, stop)) break;
    }
    const auto start = Clock::now();
    int offered = 0;
    while (!stop.stop_requested()) {
        const bool more = options_.count == 0 || offered < options_.count;
        const auto nextOffer = options_.perSecond > 0
                                   ? start + std::chrono::duration_cast<Clock::duration>(
                                                 std::chrono::duration<double>(offered / options_.perSecond))
                                   : start;
        const bool resendIsFirst = !refused_.empty() && (!more || refused_.front().due < nextOffer);
        if (resendIsFirst) {
            if (!waitUntil(refused_.front().due, stop)) break;
            Pending pending = std::move(refused_.front());
            refused_.pop_front();
            send(std::move(pending), stop);
        } else if (more) {
            if (!waitUntil(nextOffer, stop)) break;
            offer(offered++);
        }
        while (window_.size() >= window ||
               (!window_.empty() && options_.count != 0 && offered >= options_.count)) {
            const auto chosen = window_.begin() + static_cast<std::ptrdiff_t>(faults_.below(window_.size()));
            Pending pending = std::move(*chosen);
            window_.erase(chosen);
            send(std::move(pending), stop);
            if (stop.stop_requested()) break;
        }
        if (!more && refused_.empty() && window_.empty()) break;
    }
    return offered;
}

} // namespace trevo::sim
