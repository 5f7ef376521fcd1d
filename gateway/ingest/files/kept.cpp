#include "ingest/files/kept.hpp"

#include "base/hash.hpp"

#include <charconv>
#include <set>

namespace trevo::files {
namespace {

constexpr std::size_t kHashLetters = 32;

std::string hashOf(const std::string& name) {
    return hex(asView(sha256(name))).substr(0, kHashLetters);
}

std::string keyOf(std::size_t state) {
    return "remote.kept." + std::to_string(state);
}

} // namespace

KeptFiles::KeptFiles(std::string integration, journal::Journal& journal)
    : integration_(std::move(integration)), journal_(journal) {
    // A line each: hash, size, time.
    for (std::size_t i = 0; i < kStates; ++i) {
        const std::string text = journal_.state(integration_, keyOf(i)).value_or("");
        std::string_view rest = text;
        while (!rest.empty()) {
            const auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            const auto space = line.find(' ', kHashLetters + 1);
            if (space == std::string_view::npos) continue;
            Mark mark;
            std::from_chars(line.data() + kHashLetters + 1, line.data() + space, mark.size);
            mark.time = line.substr(space + 1);
            marks_[i].emplace(line.substr(0, kHashLetters), std::move(mark));
        }
    }
}

std::size_t KeptFiles::stateOf(const std::string& hash) {
    return std::stoul(hash.substr(0, 2), nullptr, 16) % kStates;
}

journal::StateChange KeptFiles::change(std::size_t state, const Marks& marks) const {
    std::string text;
    for (const auto& [hash, mark] : marks)
        text += hash + ' ' + std::to_string(mark.size) + ' ' + mark.time + '\n';
    return {integration_, keyOf(state), std::move(text)};
}

bool KeptFiles::has(const net::ListedFile& file) const {
    const std::string hash = hashOf(file.name);
    const auto& marks = marks_[stateOf(hash)];
    const auto found = marks.find(hash);
    return found != marks.end() && found->second.size == file.size &&
           net::sameListedTime(found->second.time, file.time);
}

journal::StateChange KeptFiles::toAdd(const net::ListedFile& file) const {
    const std::string hash = hashOf(file.name);
    Marks marks = marks_[stateOf(hash)];
    marks[hash] = {file.size, file.time};
    return change(stateOf(hash), marks);
}

void KeptFiles::added(const net::ListedFile& file) {
    const std::string hash = hashOf(file.name);
    marks_[stateOf(hash)][hash] = {file.size, file.time};
}

void KeptFiles::keepOnly(const net::Listing& listing) {
    std::set<std::string> there;
    for (const auto& file : listing.files)
        there.insert(hashOf(file.name));
    std::vector<journal::StateChange> changes;
    for (std::size_t i = 0; i < kStates; ++i) {
        if (std::erase_if(marks_[i], [&](const auto& entry) { return !there.contains(entry.first); }) > 0)
            changes.push_back(change(i, marks_[i]));
    }
    if (!changes.empty()) static_cast<void>(journal_.commit({}, std::move(changes)).ok());
}

} // namespace trevo::files
