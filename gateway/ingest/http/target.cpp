#include "ingest/http/target.hpp"

#include "base/percent.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <optional>

namespace trevo::http {

namespace {

Problem bad(std::size_t at, std::string detail) {
    return {"bad_target", "", "byte " + std::to_string(at) + " of the target", std::move(detail)};
}

bool isControl(unsigned char c) {
    return c < 0x20 || c == 0x7F;
}

// What follows scheme and authority of an absolute-form target, which may lack the slash; the whole of an
// origin-form one; nothing of any other.
std::optional<std::string_view> withoutAuthority(std::string_view raw) {
    if (raw.starts_with('/')) return raw;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equalsIgnoreCase(raw.substr(0, scheme.size()), scheme)) continue;
        const std::size_t end = std::min(raw.find_first_of("/?#", scheme.size()), raw.size());
        if (end == scheme.size()) return std::nullopt;
        return raw.substr(end);
    }
    return std::nullopt;
}

bool hasDotSegment(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        if (segment == "." || segment == "..") return true;
        path.remove_prefix(end);
    }
    return false;
}

} // namespace

Result<Target> parseTarget(std::string_view raw) {
    const auto local = withoutAuthority(raw);
    if (!local) return bad(0, "the target must begin with '/' or be an http URL");

    const std::size_t mark = local->find('?');
    const std::string_view path = local->substr(0, mark);
    Target target;
    if (mark != std::string_view::npos) target.query = local->substr(mark + 1);
    target.path.reserve(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        char c = path[i];
        if (c == '%') {
            const int high = i + 2 < path.size() ? hexDigit(path[i + 1]) : -1;
            const int low = high >= 0 ? hexDigit(path[i + 2]) : -1;
            if (low < 0) return bad(i, "'%' is not followed by two hexadecimal digits");
            c = static_cast<char>(high * 16 + low);
            if (c == '/' || c == '\\') return bad(i, "an escaped slash is not accepted in the path");
            i += 2;
        } else if (c == '#') {
            return bad(i, "a fragment does not belong in a request");
        }
        if (isControl(static_cast<unsigned char>(c))) return bad(i, "the path holds a control character");
        target.path += c;
    }
    for (std::size_t i = 0; i < target.query.size(); ++i) {
        const auto c = static_cast<unsigned char>(target.query[i]);
        if (isControl(c) || c == '#')
            return bad(path.size() + 1 + i, "the query holds a character that must be escaped");
    }
    if (const std::size_t at = invalidUtf8At(target.path); at != std::string_view::npos) {
        return bad(at, "the decoded path is not UTF-8");
    }
    if (target.path.empty()) target.path = "/";
    if (hasDotSegment(target.path)) return bad(0, "the path holds a '.' or '..' segment");
    return target;
}

} // namespace trevo::http
