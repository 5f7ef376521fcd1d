// A durable cursor over a partner's time. A partner shows things late, and its clock is not ours: so each
// question starts some time before the point that the last answered one reached. What comes twice has no
// second effect.
#pragma once

#include "trevo/capabilities.hpp"
#include "trevo/host.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trevo {

class Watermark {
  public:
    // `host` outlives it. Seconds since 1970.
    Watermark(const Host& host, std::string key, std::int64_t overlapSeconds)
        : host_(host), key_(std::move(key)), overlap_(overlapSeconds) {}

    // Where to ask from; nothing when nothing was ever answered.
    std::optional<std::int64_t> from() const {
        const auto reached = kept();
        return reached ? std::optional(*reached - overlap_) : std::nullopt;
    }
    // All up to `seconds` was answered and brought. Committed with what was brought; never moves back.
    void reached(std::int64_t seconds, Bring& bring) const {
        bring.state(key_, std::to_string(std::max(seconds, kept().value_or(seconds))));
    }

  private:
    std::optional<std::int64_t> kept() const {
        const auto text = host_.state(key_);
        std::int64_t seconds = 0;
        if (!text) return std::nullopt;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
        if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
        return seconds;
    }

    const Host& host_;
    const std::string key_;
    const std::int64_t overlap_;
};

} // namespace trevo
