#include "privacy/view.hpp"

#include <optional>

namespace trevo::privacy {
namespace {

std::optional<unsigned> hexAt(const View& view, std::size_t at, std::size_t digits) {
    if (at + digits > view.size()) return std::nullopt;
    unsigned value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        const unsigned char c = view[i].c;
        unsigned digit = 0;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if (c >= 'a' && c <= 'f')
            digit = c - 'a' + 10U;
        else if (c >= 'A' && c <= 'F')
            digit = c - 'A' + 10U;
        else
            return std::nullopt;
        value = value * 16 + digit;
    }
    return value;
}

// All bytes of one character point at the whole of what it was written as.
void appendUtf8(View& out, unsigned code, std::uint32_t begin, std::uint32_t end) {
    const auto put = [&](unsigned byte) { out.push_back({static_cast<unsigned char>(byte), begin, end}); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

} // namespace

View plainView(std::string_view bytes) {
    View view;
    view.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i)
        view.push_back({static_cast<unsigned char>(bytes[i]), static_cast<std::uint32_t>(i),
                        static_cast<std::uint32_t>(i + 1)});
    return view;
}

View withoutJsonEscapes(const View& view) {
    View out;
    out.reserve(view.size());
    for (std::size_t i = 0; i < view.size(); ++i) {
        if (view[i].c != '\\' || i + 1 >= view.size()) {
            out.push_back(view[i]);
            continue;
        }
        const unsigned char next = view[i + 1].c;
        if (next == 'u') {
            if (const auto code = hexAt(view, i + 2, 4)) {
                appendUtf8(out, *code, view[i].begin, view[i + 5].end);
                i += 5;
                continue;
            }
        }
        const bool blank = next == 'n' || next == 'r' || next == 't' || next == 'b' || next == 'f';
        out.push_back({blank ? static_cast<unsigned char>(' ') : next, view[i].begin, view[i + 1].end});
        ++i;
    }
    return out;
}

View withoutPercent(const View& view) {
    View out;
    out.reserve(view.size());
    for (std::size_t i = 0; i < view.size(); ++i) {
        const auto code = view[i].c == '%' ? hexAt(view, i + 1, 2) : std::nullopt;
        if (code) {
            out.push_back({static_cast<unsigned char>(*code), view[i].begin, view[i + 2].end});
            i += 2;
        } else {
            out.push_back(
                {view[i].c == '+' ? static_cast<unsigned char>(' ') : view[i].c, view[i].begin, view[i].end});
        }
    }
    return out;
}

View withoutQuotedPrintable(const View& view) {
    View out;
    out.reserve(view.size());
    for (std::size_t i = 0; i < view.size(); ++i) {
        if (view[i].c != '=') {
            out.push_back(view[i]);
            continue;
        }
        std::size_t end = i + 1; // a soft line break
        while (end < view.size() && (view[end].c == '\r' || view[end].c == '\n'))
            ++end;
        if (const auto code = hexAt(view, i + 1, 2)) {
            out.push_back({static_cast<unsigned char>(*code), view[i].begin, view[i + 2].end});
            i += 2;
        } else if (end > i + 1) {
            i = end - 1;
        } else {
            out.push_back(view[i]);
        }
    }
    return out;
}

} // namespace trevo::privacy
