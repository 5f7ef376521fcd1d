#include "plugin/boundary.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace trevo::plugin {

namespace {

constexpr std::int64_t kLongestRetrySeconds = 7 * 24 * 3600;

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool isCode(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::vector<trevo_pair> pairsOf(const std::map<std::string, std::string>& values) {
    std::vector<trevo_pair> pairs;
    pairs.reserve(values.size());
    for (const auto& [name, value] : values)
        pairs.push_back({textOf(name), textOf(value)});
    return pairs;
}

Problem unexplained(Status status) {
    switch (status) {
    case Status::RetryAfter:
        return {"try_later", "", "", "the plugin asks to try again later and gave no reason"};
    case Status::Reject: return {"rejected", "", "", "the plugin rejected the input and gave no reason"};
    case Status::Config:
        return {"bad_setting", "", "", "the plugin wants a setting changed and did not say which"};
    case Status::Auth: return {"not_authorised", "", "", "the plugin reports a refused credential"};
    case Status::Limit: return {"limit", "", "", "the plugin reports a limit and gave no reason"};
    case Status::Ok:
    case Status::Bug: break;
    }
    return {"plugin_bug", "", "", "the plugin reports a mistake of its own and gave no reason"};
}

} // namespace

std::string printable(std::string_view text, std::size_t limit) {
    if (!isUtf8(text)) return "(not UTF-8)";
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            ++end;
        std::string character(text.substr(at, end - at));
        if (isControl(text[at])) {
            const auto byte = static_cast<unsigned char>(text[at]);
            character = {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
        }
        if (out.size() + character.size() > limit) break;
        out += character;
        at = end;
    }
    return out;
}

bool isToken(std::string_view text, std::size_t limit) {
    return !text.empty() && text.size() <= limit && isUtf8(text) &&
           std::none_of(text.begin(), text.end(), isControl);
}

RawConfig::RawConfig(const InstanceConfig& config) : settings_(pairsOf(config.settings)) {
    dealerSettings_.reserve(config.dealers.size());
    for (const auto& [id, values] : config.dealers) {
        dealerSettings_.push_back(pairsOf(values));
        dealers_.push_back({textOf(id), dealerSettings_.back().data(), dealerSettings_.back().size()});
    }
    raw_ = {textOf(config.integration), settings_.data(), settings_.size(), dealers_.data(), dealers_.size()};
}

void Told::take(const trevo_problem& raw) {
    any = true;
    const auto code = viewOf(raw.code);
    problem = {isCode(code) ? std::string(code) : "plugin_problem", printable(viewOf(raw.field), 256),
               printable(viewOf(raw.place), 128), printable(viewOf(raw.detail), 512)};
    retryAfterSeconds = std::clamp<std::int64_t>(raw.retry_after_seconds, 0, kLongestRetrySeconds);
}

Verdict bug(std::string code, std::string detail) {
    return {Status::Bug, 0, {std::move(code), "", "", std::move(detail)}};
}

Verdict settle(trevo_status raw, const Told& told) {
    if (raw < TREVO_OK || raw > TREVO_BUG) {
        return bug("unknown_status",
                   "the plugin returned status " + std::to_string(raw) + ", which does not exist");
    }
    const auto status = static_cast<Status>(raw);
    if (status == Status::Ok) return {};
    Verdict verdict{status, 0, told.any ? told.problem : unexplained(status)};
    if (status == Status::RetryAfter || status == Status::Limit)
        verdict.retryAfterSeconds = told.retryAfterSeconds;
    return verdict;
}

} // namespace trevo::plugin
