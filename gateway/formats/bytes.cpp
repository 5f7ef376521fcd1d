#include "formats/bytes.hpp"

#include <algorithm>
#include <cstring>

namespace trevo::formats {

namespace {

void appendUtf8(unsigned point, std::string& out) {
    const auto put = [&](unsigned byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | (point >> 6));
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | (point >> 12));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | (point >> 18));
        put(0x80 | ((point >> 12) & 0x3F));
        put(0x80 | ((point >> 6) & 0x3F));
        put(0x80 | (point & 0x3F));
    }
}

constexpr unsigned kReplacement = 0xFFFD;

} // namespace

Read readFrom(std::string_view text) {
    return [text](char* into, std::size_t size) mutable {
        const std::size_t count = std::min(size, text.size());
        std::memcpy(into, text.data(), count);
        text.remove_prefix(count);
        return count;
    };
}

Mark detectEncoding(std::string_view start) {
    if (start.starts_with("\xEF\xBB\xBF")) return {Encoding::Bytes, 3};
    if (start.starts_with("\xFF\xFE")) return {Encoding::Utf16Little, 2};
    if (start.starts_with("\xFE\xFF")) return {Encoding::Utf16Big, 2};
    start = start.substr(0, std::min<std::size_t>(start.size(), 512) & ~std::size_t{1});
    std::size_t even = 0, odd = 0;
    for (std::size_t i = 0; i < start.size(); ++i) {
        if (start[i] == '\0') ++(i % 2 == 0 ? even : odd);
    }
    // Latin text: nearly every other byte is zero.
    const std::size_t enough = start.size() / 4;
    if (start.size() >= 4 && odd > enough && even == 0) return {Encoding::Utf16Little, 0};
    if (start.size() >= 4 && even > enough && odd == 0) return {Encoding::Utf16Big, 0};
    return {};
}

void Utf16Reader::convert(std::string_view bytes, std::string& out) {
    out.reserve(out.size() + bytes.size());
    for (const char c : bytes) {
        const unsigned byte = static_cast<unsigned char>(c);
        if (first_ < 0) {
            first_ = static_cast<int>(byte);
            continue;
        }
        const auto first = static_cast<unsigned>(first_);
        first_ = -1;
        unit(big_ ? first << 8 | byte : byte << 8 | first, out);
    }
}

void Utf16Reader::unit(unsigned value, std::string& out) {
    const bool low = value >= 0xDC00 && value < 0xE000;
    if (high_ != 0) {
        const unsigned high = high_;
        high_ = 0;
        if (low) return appendUtf8(0x10000 + ((high - 0xD800) << 10) + (value - 0xDC00), out);
        appendUtf8(kReplacement, out);
    }
    if (value >= 0xD800 && value < 0xDC00)
        high_ = value;
    else
        appendUtf8(low ? kReplacement : value, out);
}

void Utf16Reader::finish(std::string& out) {
    if (first_ >= 0 || high_ != 0) appendUtf8(kReplacement, out);
    first_ = -1;
    high_ = 0;
}

} // namespace trevo::formats
