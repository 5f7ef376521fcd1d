#include "base/utf8.hpp"

#include <iconv.h>

#include <cstdint>
#include <memory>

namespace trevo {

std::size_t invalidUtf8At(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    std::size_t i = 0;
    while (i < text.size()) {
        const unsigned char lead = at(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        std::size_t length = 0;
        std::uint32_t code = 0;
        if (lead >= 0xC2 && lead <= 0xDF)
            length = 2, code = lead & 0x1FU;
        else if (lead >= 0xE0 && lead <= 0xEF)
            length = 3, code = lead & 0x0FU;
        else if (lead >= 0xF0 && lead <= 0xF4)
            length = 4, code = lead & 0x07U;
        else
            return i;
        if (i + length > text.size()) return i;
        for (std::size_t k = 1; k < length; ++k) {
            if ((at(i + k) & 0xC0U) != 0x80U) return i;
            code = (code << 6) | (at(i + k) & 0x3FU);
        }
        if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000)) return i;
        if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return i;
        i += length;
    }
    return std::string_view::npos;
}

std::optional<std::string> toUtf8(std::string_view bytes, std::string_view charset) {
    if (equalsIgnoreCase(charset, "utf-8") || equalsIgnoreCase(charset, "utf8")) {
        return isUtf8(bytes) ? std::optional<std::string>(bytes) : std::nullopt;
    }
    const std::string name(charset);
    const iconv_t raw = iconv_open("UTF-8", name.c_str());
    if (raw == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
    const std::unique_ptr<void, int (*)(iconv_t)> converter(raw, &iconv_close);

    std::string out(bytes.size() * 4 + 8, '\0');
    std::string input(bytes);
    char* from = input.data();
    char* to = out.data();
    std::size_t fromLeft = input.size();
    std::size_t toLeft = out.size();
    if (iconv(raw, &from, &fromLeft, &to, &toLeft) == static_cast<std::size_t>(-1)) return std::nullopt;
    out.resize(out.size() - toLeft);
    return out;
}

std::string guessUtf8(std::string_view bytes) {
    if (isUtf8(bytes)) return std::string(bytes);
    // Windows-1252 leaves five bytes undefined; Latin-1 defines them all.
    if (auto text = toUtf8(bytes, "WINDOWS-1252")) return *text;
    return toUtf8(bytes, "ISO-8859-1").value_or(std::string());
}

std::string lowerAscii(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string_view trimAscii(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

bool equalsIgnoreCase(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

} // namespace trevo
