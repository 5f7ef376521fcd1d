#include "base/utf8.hpp"
#include "mapping/load.hpp"

namespace trevo::mapping {

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

std::string unquoted(std::string_view text) {
    text = trimAscii(text);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    return std::string(text);
}

} // namespace

ContentType parseContentType(std::string_view text) {
    ContentType out;
    bool quoted = false, first = true;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] == '"') quoted = !quoted;
        if (i < text.size() && (quoted || text[i] != ';')) continue;
        const auto part = trimAscii(text.substr(start, i - start));
        start = i + 1;
        if (first) out.type = lowerAscii(part);
        first = false;
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        const auto name = trimAscii(part.substr(0, equals));
        if (equalsIgnoreCase(name, "charset")) out.charset = lowerAscii(unquoted(part.substr(equals + 1)));
        if (equalsIgnoreCase(name, "boundary")) out.boundary = unquoted(part.substr(equals + 1));
    }
    return out;
}

bool isMail(std::string_view contentType) {
    return parseContentType(contentType).type == "message/rfc822";
}

Result<std::string_view> decodeText(std::string_view bytes, const std::string& declared,
                                    const std::string& usual, std::string& buffer) {
    const std::string& charset = declared.empty() ? usual : declared;
    if (bytes.starts_with(kUtf8Mark)) bytes.remove_prefix(kUtf8Mark.size());
    const bool utf16Mark = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
    if (utf16Mark) {
        if (auto text = toUtf8(bytes, "utf-16")) {
            buffer = std::move(*text);
            return std::string_view(buffer);
        }
    }
    if (charset.empty() || charset == "utf-8" || charset == "utf8" || charset == "us-ascii") {
        if (isUtf8(bytes)) return bytes;
        buffer = guessUtf8(bytes);
        return std::string_view(buffer);
    }
    auto text = toUtf8(bytes, charset);
    if (!text)
        return Problem{"bad_charset", "", "",
                       "the text is not of the charset that was declared, or that charset is not known"};
    buffer = std::move(*text);
    return std::string_view(buffer);
}

Problem tooLarge(std::size_t size, const Limits& limits) {
    return {"document_too_large", "", "",
            std::to_string(size) + " bytes came, at most " + std::to_string(limits.maxBytes) + " are taken"};
}

Problem tooManyValues(const Limits& limits, std::string place) {
    return {"too_many_values", "", std::move(place),
            "more than " + std::to_string(limits.maxNodes) + " values in one document"};
}

Problem tooDeep(const Limits& limits, std::string place) {
    return {"too_deep", "", std::move(place),
            "nested deeper than " + std::to_string(limits.maxDepth) + " levels"};
}

} // namespace trevo::mapping
