#include "ingest/files/door.hpp"

#include "base/thread_name.hpp"
#include "ingest/files/take.hpp"
#include "ops/log.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace trevo::files {
namespace {

constexpr std::int64_t kRetry = 10 * kSecond;      // of a folder that can not be opened
constexpr std::int64_t kAnswerPause = kSecond / 4; // between two looks whether a file has come to its end
constexpr std::int64_t kClearing = kHour;
constexpr std::int64_t kLongestWait = 5 * kSecond; // a reload is noticed without being told

metrics::Counter counter(metrics::Registry& registry, const char* outcome) {
    return registry.counter("trevo_files_total", "Files of drop and remote folders by outcome.",
                            {{"outcome", outcome}});
}

int orThrow(int descriptor, const char* what) {
    if (descriptor < 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
    return descriptor;
}

} // namespace

FolderRules rulesOf(const config::Files& files) {
    return {files.folder, files.patterns, files.doneMarker, files.settleSeconds, files.archive};
}

Door::Door(const IntegrationDirectory& directory, journal::Journal& journal, store::Reader& store,
           const Clock& clock, metrics::Registry& registry)
    : directory_(directory),
      journal_(journal),
      store_(store),
      clock_(clock),
      taken_(counter(registry, "taken")),
      repeated_(counter(registry, "repeated")),
      dead_(counter(registry, "dead")),
      refused_(counter(registry, "refused")),
      events_(orThrow(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC), "folders can not be watched")),
      wake_(orThrow(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "no event descriptor")),
      thread_([this] { loop(); }) {}

Door::~Door() {
    stop();
    ::close(events_);
    ::close(wake_);
}

void Door::look() {
    const std::uint64_t one = 1;
    if (::write(wake_, &one, sizeof one) < 0 && errno != EAGAIN) // EAGAIN: it is being woken already
        log::warning("files.wake_failed", "The drop folders are looked at with the next sweep.");
}

void Door::stop() {
    stopping_ = true;
    look();
    if (thread_.joinable()) thread_.join();
}

void Door::loop() {
    nameThisThread("files");
    while (!stopping_) {
        const UtcTime now = clock_.now();
        if (auto set = directory_.snapshot(); set != following_) follow(set);
        readEvents(now);
        UtcTime next = now + kLongestWait;
        for (auto& [id, watched] : watched_) {
            if (stopping_) break;
            if (now >= watched.nextSweep) workSafely(watched, now);
            next = std::min(next, watched.nextSweep);
        }
        if (!stopping_) wait(next, now);
    }
}

// Opens what is new, closes what is gone; a folder whose rules stay keeps what is known of its files.
void Door::follow(const std::shared_ptr<const IntegrationSet>& set) {
    following_ = set;
    std::map<std::string, Watched> fresh;
    if (set) {
        for (const auto& [id, integration] : set->all()) {
            if (!integration->settings().files) continue;
            auto& watched = fresh[id];
            const auto before = watched_.find(id);
            if (before != watched_.end() && rulesOf(*before->second.integration->settings().files) ==
                                                rulesOf(*integration->settings().files)) {
                watched = std::move(before->second);
                watched_.erase(before);
            }
            watched.integration = integration;
            watched.nextSweep = {};
        }
    }
    for (auto& [id, watched] : watched_)
        close(watched);
    watched_ = std::move(fresh);
}

void Door::open(Watched& watched, UtcTime now) {
    auto folder = Folder::open(rulesOf(*watched.integration->settings().files));
    if (!folder) {
        troubled(watched, folder.error(), now);
        return;
    }
    watched.folder = std::make_unique<Folder>(std::move(*folder));
    watched.watch = ::inotify_add_watch(events_, watched.folder->rules().folder.c_str(),
                                        IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR);
    if (watched.watch < 0) {
        log::warning("files.unwatched", "A drop folder can not be watched; it is looked at in intervals.",
                     {{"integration", watched.integration->id()}, {"reason", std::strerror(errno)}});
    }
    if (!watched.answers)
        watched.answers = std::make_unique<Acknowledgements>(watched.integration->id(), journal_, store_);
    watched.integration->health().recovered();
}

void Door::close(Watched& watched) {
    if (watched.watch >= 0) ::inotify_rm_watch(events_, watched.watch);
    watched.watch = -1;
    watched.folder.reset();
}

void Door::readEvents(UtcTime now) {
    alignas(inotify_event) std::array<char, 64 * 1024> buffer;
    while (true) {
        const auto got = ::read(events_, buffer.data(), buffer.size());
        if (got <= 0) return;
        for (auto at = buffer.data(); at < buffer.data() + got;) {
            const auto* event = reinterpret_cast<const inotify_event*>(at);
            at += sizeof(inotify_event) + event->len;
            for (auto& [id, watched] : watched_) {
                if (watched.watch != event->wd && (event->mask & IN_Q_OVERFLOW) == 0) continue;
                if (event->mask & IN_IGNORED) close(watched); // the folder itself is gone
                if (event->len > 0 && watched.folder) watched.folder->closed(event->name);
                watched.nextSweep = now;
            }
        }
    }
}

// What journal and store throw when their files fail holds up this folder, not the daemon.
void Door::workSafely(Watched& watched, UtcTime now) {
    try {
        work(watched, now);
    } catch (const std::exception& failure) {
        troubled(watched, {"storage", "", "", log::oneLine(failure.what(), 300)}, now);
    }
}

void Door::work(Watched& watched, UtcTime now) {
    if (!watched.folder) open(watched, now);
    if (!watched.folder) return;
    watched.nextSweep = now + watched.integration->settings().files->sweepSeconds * kSecond;
    const auto complete = watched.folder->sweep(now);
    if (!complete) {
        close(watched);
        troubled(watched, complete.error(), now);
        return;
    }
    for (const std::string& name : *complete) {
        if (stopping_) return;
        if (!takeOne(watched, name)) {
            watched.nextSweep = now + kSecond;
            break;
        }
    }
    clearOut(watched, now);
    if (const auto due = watched.folder->nextDue()) watched.nextSweep = std::min(watched.nextSweep, *due);
    const auto answerForm =
        watched.integration->settings().files->acknowledgeCsv ? AnswerForm::Csv : AnswerForm::Json;
    if (const auto written = watched.answers->writeFinished(*watched.folder, answerForm); !written)
        troubled(watched, written.error(), now);
    if (!watched.answers->empty())
        watched.nextSweep = std::min(watched.nextSweep, clock_.now() + kAnswerPause);
}

bool Door::takeOne(Watched& watched, const std::string& name) {
    const Integration& integration = *watched.integration;
    auto file = watched.folder->open(name);
    const Stamp stamp = file ? file->stamp() : Stamp{};
    if (const auto known = watched.refused.find(name);
        known != watched.refused.end() && known->second == stamp)
        return true;
    watched.refused.erase(name);

    const config::Files& rules = *integration.settings().files;
    const auto taken =
        file ? take(std::move(*file),
                    {name, stamp.modified, rules.contentType, rules.maxMegabytes, rules.sheet, {}},
                    integration, journal_, clock_)
             : Result<Taken, NotTaken>(NotTaken{NotTaken::Why::Refused, file.error()});
    if (!taken) {
        const NotTaken& reason = taken.error();
        if (reason.why == NotTaken::Why::Refused) {
            refused_.add();
            watched.refused[name] = stamp;
            integration.health().failed(reason.problem);
            log::warning("files.refused", "A file stays in its drop folder; somebody has to look at it.",
                         {{"integration", integration.id()}, {"reason", describe(reason.problem)}});
        }
        return reason.why != NotTaken::Why::Busy;
    }
    if (rules.acknowledge &&
        !watched.answers->expect({name, clock_.now(), taken->repeated, taken->receipts, taken->again}))
        return false; // the file is still there: all of this is done again
    (taken->repeated ? repeated_ : taken->dead ? dead_ : taken_).add();
    integration.health().delivered(clock_.now());
    if (const auto gone = watched.folder->putAway(name); !gone) {
        // Its bytes are kept; only the folder does not let go of it.
        watched.refused[name] = stamp;
        troubled(watched, gone.error(), clock_.now());
        return true;
    }
    if (!taken->dead) integration.health().recovered();
    return true;
}

// What was taken is personal data; it lies here no longer than was said.
void Door::clearOut(Watched& watched, UtcTime now) {
    const config::Files& rules = *watched.integration->settings().files;
    if (rules.archiveDays == 0 || now < watched.nextClearing) return;
    watched.nextClearing = now + kClearing;
    std::vector<std::string> folders;
    if (!rules.archive.empty()) folders.push_back(rules.archive);
    if (rules.acknowledge) folders.emplace_back(Acknowledgements::kFolder);
    for (const auto& folder : folders) {
        const auto gone = watched.folder->clear(folder, now + -rules.archiveDays * kDay);
        if (!gone) {
            log::warning("files.uncleared", "Archived files stay beyond archive_days; look at the folder.",
                         {{"integration", watched.integration->id()}, {"reason", describe(gone.error())}});
        } else if (*gone > 0) {
            log::info("files.cleared", "Archived files were deleted after archive_days.",
                      {{"integration", watched.integration->id()}, {"files", static_cast<int>(*gone)}});
            watched.nextClearing = now; // there may be more
        }
    }
}

void Door::troubled(Watched& watched, const Problem& problem, UtcTime now) {
    if (watched.integration->health().lastProblem() != describe(problem)) {
        watched.integration->health().failed(problem);
        log::warning("files.trouble", "A drop folder can not be worked on; it is tried again.",
                     {{"integration", watched.integration->id()}, {"reason", describe(problem)}});
    }
    watched.nextSweep = now + kRetry;
}

void Door::wait(UtcTime until, UtcTime now) {
    std::array<pollfd, 2> descriptors{{{events_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    const std::int64_t pause = std::clamp<std::int64_t>((until - now) / 1000, 1, kLongestWait / 1000);
    if (::poll(descriptors.data(), descriptors.size(), static_cast<int>(pause)) <= 0) return;
    std::uint64_t count = 0;
    if (descriptors[1].revents != 0 && ::read(wake_, &count, sizeof count) > 0) {
        for (auto& [id, watched] : watched_)
            watched.nextSweep = {};
    }
}

} // namespace trevo::files
