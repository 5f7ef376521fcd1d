#include "ingest/files/remote_source.hpp"

#include "ops/log.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace trevo::files {
namespace {

constexpr std::int64_t kLongestRound = 30 * kSecond; // then others get their turn
constexpr std::int64_t kClockTolerance = 5 * kMinute;

metrics::Counter remoteCounter(metrics::Registry& registry, const char* outcome) {
    return registry.counter("trevo_files_total", "Files of drop and remote folders by outcome.",
                            {{"outcome", outcome}});
}

// What is about one file; anything else is about the server and ends the round.
bool isOfOneFile(const Problem& problem) {
    static constexpr std::array<std::string_view, 4> kCodes = {"no_file", "permission", "changed",
                                                               "too_large"};
    return std::find(kCodes.begin(), kCodes.end(), problem.code) != kCodes.end();
}

poll::Round failedRound(Problem problem, bool fresh) {
    if (problem.code == "stopped") return {};
    return {true, std::move(problem), 0, fresh};
}

std::string adviceFor(const Problem& problem) {
    if (problem.code == "login_refused")
        return "check user, password and private_key with the server's owner";
    if (problem.code == "host_key")
        return "when its owner says that the key is the server's, write it in host_key";
    if (problem.code == "tls") return "see require_tls and ca_file in docs/partners/files.md";
    if (problem.code == "no_folder")
        return "check folder; it begins with '/' when it is not below the login's";
    if (problem.code == "unreachable") return "check url, the network and the server's firewall";
    return "try the same with curl or sftp from this machine";
}

} // namespace

RemoteSource::RemoteSource(std::shared_ptr<const Integration> integration, Open open, std::string spool,
                           journal::Journal& journal, const Clock& clock, metrics::Registry& registry)
    : Source(std::move(integration)),
      rules_(*this->integration().settings().remote),
      open_(std::move(open)),
      journal_(journal),
      clock_(clock),
      taken_(remoteCounter(registry, "taken")),
      repeated_(remoteCounter(registry, "repeated")),
      dead_(remoteCounter(registry, "dead")),
      refused_(remoteCounter(registry, "refused")),
      spool_(std::move(spool)) {}

// A file is complete when its marker is there, or when two listings, settle_seconds apart, show it alike.
std::vector<net::ListedFile> RemoteSource::complete(const net::Listing& listing) {
    const UtcTime now = clock_.now();
    std::set<std::string_view> names;
    for (const auto& file : listing.files)
        names.insert(file.name);
    std::vector<net::ListedFile> ready;
    std::map<std::string, Seen> seen;
    for (const auto& file : listing.files) {
        if (!isWanted(file.name, rules_.patterns, rules_.doneMarker)) continue;
        if (kept_ && kept_->has(file)) continue;
        if (const auto known = refusedFiles_.find(file.name);
            known != refusedFiles_.end() && known->second.file == file)
            continue;
        if (!rules_.doneMarker.empty()) {
            if (names.contains(file.name + rules_.doneMarker)) ready.push_back(file);
            continue;
        }
        const auto before = seen_.find(file.name);
        const bool same = before != seen_.end() && before->second.file.size == file.size &&
                          net::sameListedTime(before->second.file.time, file.time);
        const UtcTime since = same ? before->second.since : now;
        if (same && since + rules_.settleSeconds * kSecond <= now)
            ready.push_back(file);
        else
            waiting_ = true;
        seen[file.name] = {file, since};
    }
    seen_ = std::move(seen);
    std::sort(ready.begin(), ready.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return ready;
}

void RemoteSource::forget(const net::Listing& listing) {
    std::set<std::string> names;
    for (const auto& file : listing.files)
        names.insert(file.name);
    std::erase_if(refusedFiles_, [&](const auto& entry) { return !names.contains(entry.first); });
    std::erase_if(done_, [&](const auto& entry) { return !names.contains(entry.first); });
    spool_.keepOnly(names);
    if (kept_) kept_->keepOnly(listing);
}

poll::Round RemoteSource::round() {
    if (interrupted_) return {};
    fresh_ = waiting_ = false;
    letsGo_ = true;
    // Not before: a source that this one replaced may still have been adding to it.
    if (keep() && !kept_) kept_.emplace(integration().id(), journal_);
    const UtcTime begin = clock_.now();
    const auto server = open_([this] { return interrupted_.load(); });
    const auto listing = server->list();
    if (!listing) return failedRound(listing.error(), false);
    forget(*listing);
    stuck_.reset();
    bool more = false;
    for (const auto& file : complete(*listing)) {
        if (interrupted_) return {};
        if (more) break;
        if (auto problem = takeOne(*server, file)) return failedRound(std::move(*problem), fresh_);
        more = clock_.now() - begin > kLongestRound;
    }
    std::int64_t pause = 0;
    if (waiting_) pause = std::clamp<std::int64_t>(rules_.settleSeconds, 1, rules_.intervalSeconds);
    return {false, standing(), pause, more};
}

Problem RemoteSource::standing() const {
    if (stuck_) return *stuck_;
    return refusedFiles_.empty() ? Problem{} : refusedFiles_.begin()->second.problem;
}

void RemoteSource::refuse(const net::ListedFile& file, Problem problem) {
    refused_.add();
    log::warning("files.refused", "A file stays on its server; somebody has to look at it.",
                 {{"integration", integration().id()}, {"reason", describe(problem)}});
    refusedFiles_[file.name] = {file, std::move(problem)};
}

std::optional<Problem> RemoteSource::takeOne(net::FileServer& server, const net::ListedFile& file) {
    if (!letsGo_ && done_.contains(file.name)) return std::nullopt;
    const auto state = server.state(file.name);
    if (!state) {
        if (!isOfOneFile(state.error())) return state.error();
        if (state.error().code != "no_file") refuse(file, state.error());
        return std::nullopt;
    }
    if (const auto known = done_.find(file.name); known != done_.end() && known->second == *state)
        return letGo(server, file, *state);
    done_.erase(file.name);

    const std::int64_t before = spool_.bytesFetched();
    auto fetched = spool_.fetch(server, file.name, *state, std::int64_t{rules_.maxMegabytes} << 20);
    fresh_ = fresh_ || spool_.bytesFetched() > before;
    if (!fetched) {
        const Problem& problem = fetched.error();
        if (!isOfOneFile(problem)) return problem;
        if (problem.code == "too_large" || problem.code == "permission") refuse(file, problem);
        waiting_ = waiting_ || problem.code == "changed";
        return std::nullopt;
    }
    const auto after = server.state(file.name);
    if (!after && !isOfOneFile(after.error())) return after.error();
    if (!after || !(*after == *state)) { // it was written to meanwhile, or taken away
        spool_.remove(file.name, *state);
        waiting_ = true;
        return std::nullopt;
    }

    Arrived arrived{file.name,          state->modified.value_or(clock_.now()),
                    rules_.contentType, rules_.maxMegabytes,
                    rules_.sheet,       {}};
    if (kept_) arrived.changes.push_back(kept_->toAdd(file));
    const auto taken = take(std::move(*fetched), std::move(arrived), integration(), journal_, clock_);
    if (!taken) {
        if (taken.error().why == NotTaken::Why::Busy) return taken.error().problem;
        refuse(file, taken.error().problem);
        spool_.remove(file.name, *state);
        return std::nullopt;
    }
    (taken->repeated ? repeated_ : taken->dead ? dead_ : taken_).add();
    integration().health().delivered(clock_.now());
    if (kept_) kept_->added(file);
    done_[file.name] = *state;
    spool_.remove(file.name, *state);
    return letGo(server, file, *state);
}

std::optional<Problem> RemoteSource::letGo(net::FileServer& server, const net::ListedFile& file,
                                           const net::FileState& state) {
    if (kept_ || !letsGo_) {
        if (kept_) done_.erase(file.name);
        return std::nullopt;
    }
    // Bytes that nobody has fetched are not to be deleted.
    if (const auto now = server.state(file.name); !now || !(*now == state)) {
        if (!now && !isOfOneFile(now.error())) return now.error();
        done_.erase(file.name);
        return std::nullopt;
    }
    const auto gone =
        rules_.after == "delete" ? server.remove(file.name) : server.move(file.name, rules_.moveTo);
    if (!gone) {
        if (!isOfOneFile(gone.error())) return gone.error();
        letsGo_ = false; // the next round tries again
        stuck_ = gone.error();
        stuck_->detail = "what was taken can not be " +
                         std::string(rules_.after == "delete" ? "deleted" : "moved") +
                         " on the server: " + stuck_->detail;
        return std::nullopt;
    }
    done_.erase(file.name);
    // A marker left behind says nothing.
    if (!rules_.doneMarker.empty()) static_cast<void>(server.remove(file.name + rules_.doneMarker).ok());
    return std::nullopt;
}

std::vector<poll::Check> RemoteSource::examine() {
    using State = poll::Check::State;
    const auto server = open_([this] { return interrupted_.load(); });
    const auto listing = server->list();
    if (!listing) {
        const Problem& problem = listing.error();
        const bool in = problem.code == "no_folder" || problem.code == "permission" ||
                        problem.code == "bad_listing" || problem.code == "listing_too_large";
        std::vector<poll::Check> checks;
        if (in) checks.push_back({"log_in", "", State::Good, "the server lets the user in", ""});
        checks.push_back({in ? "list" : "log_in", "", State::Failed, describe(problem), adviceFor(problem)});
        return checks;
    }
    std::size_t wanted = 0;
    const net::ListedFile* newest = nullptr;
    for (const auto& file : listing->files) {
        if (!isWanted(file.name, rules_.patterns, rules_.doneMarker)) continue;
        ++wanted;
        if (!newest || file.time > newest->time) newest = &file;
    }
    std::vector<poll::Check> checks = {{"log_in", "", State::Good, "the server lets the user in", ""}};
    std::string seen = std::to_string(listing->files.size()) + " files, of which " + std::to_string(wanted) +
                       " fit the names that are asked for";
    if (listing->refusedNames > 0)
        seen += "; " + std::to_string(listing->refusedNames) + " names are such that they are never read";
    if (listing->unreadable > 0)
        seen += "; " + std::to_string(listing->unreadable) + " lines of the listing are in no known form";
    checks.push_back({"list", "", listing->unreadable > 0 ? State::Unknown : State::Good, seen,
                      listing->unreadable > 0 ? "send the listing to whoever maintains this gateway" : ""});
    if (stuck_) {
        checks.push_back({"permission", "", State::Failed, stuck_->detail,
                          "let the user delete and rename in the folder, or set after = \"keep\""});
    } else if (!keep()) {
        checks.push_back({"permission", "", State::Unknown,
                          "whether the user may " +
                              std::string(rules_.after == "delete" ? "delete" : "move") +
                              " files shows with the first that is taken",
                          ""});
    }
    if (!newest) return checks;
    const auto state = server->state(newest->name);
    if (state && state->modified && *state->modified > clock_.now() + kClockTolerance) {
        checks.push_back({"clock", "", State::Failed,
                          "the newest file is from the future: " + formatRfc3339(*state->modified),
                          "compare the clocks of the server and of this machine"});
    } else if (state && state->modified) {
        checks.push_back({"clock", "", State::Good, "no file is from the future", ""});
    }
    if (!state && state.error().code != "no_file")
        checks.push_back({"read", "", State::Failed, describe(state.error()),
                          "let the user read the files in the folder"});
    return checks;
}

poll::Factory remoteSources(std::string dataDir, std::string caFile, journal::Journal& journal,
                            const Clock& clock, metrics::Registry& registry) {
    return [dataDir = std::move(dataDir), caFile = std::move(caFile), &journal, &clock,
            &registry](std::shared_ptr<const Integration> integration) -> std::unique_ptr<poll::Source> {
        const auto& remote = integration->settings().remote;
        if (!remote) return nullptr;
        net::FileServerConfig config;
        config.url = remote->url;
        config.folder = remote->folder;
        config.user = remote->user;
        config.password = remote->password;
        config.privateKey = remote->privateKey;
        config.passphrase = remote->passphrase;
        config.hostKeys = remote->hostKeys;
        config.acceptAnyHostKey = remote->acceptAnyHostKey;
        config.requireTls = remote->requireTls;
        config.active = remote->active;
        config.caFile = remote->caFile.empty() ? caFile : remote->caFile;
        config.stallSeconds = remote->stallSeconds;
        const std::string spool = dataDir + "/spool/" + integration->id();
        return std::make_unique<RemoteSource>(
            std::move(integration),
            [config = std::move(config), &clock](std::function<bool()> stopping) {
                return net::openFileServer(config, clock, std::move(stopping));
            },
            spool, journal, clock, registry);
    };
}

} // namespace trevo::files
