#include "base/percent.hpp"
#include "base/utf8.hpp"
#include "mapping/load.hpp"

#include <algorithm>

namespace trevo::mapping {

namespace {

struct Field {
    std::string name, value;
};

Failure splitUrlEncoded(std::string_view body, const Limits& limits, std::vector<Field>& fields) {
    while (!body.empty()) {
        const auto end = body.find('&');
        const auto pair = trimAscii(body.substr(0, end));
        if (!pair.empty()) {
            if (fields.size() >= limits.maxNodes) return tooManyValues(limits, "");
            const auto equals = pair.find('=');
            fields.push_back({formDecode(pair.substr(0, equals)), equals == std::string_view::npos
                                                                      ? std::string()
                                                                      : formDecode(pair.substr(equals + 1))});
        }
        if (end == std::string_view::npos) break;
        body.remove_prefix(end + 1);
    }
    return std::nullopt;
}

// The value of `name` in a Content-Disposition line: form-data; name="x"; filename="y".
std::optional<std::string> dispositionValue(std::string_view line, std::string_view name) {
    bool quoted = false;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= line.size(); ++i) {
        if (i < line.size() && line[i] == '"') quoted = !quoted;
        if (i < line.size() && (quoted || line[i] != ';')) continue;
        const auto part = trimAscii(line.substr(start, i - start));
        start = i + 1;
        const auto equals = part.find('=');
        if (equals == std::string_view::npos || !equalsIgnoreCase(trimAscii(part.substr(0, equals)), name))
            continue;
        auto value = trimAscii(part.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return std::string(value);
    }
    return std::nullopt;
}

Failure splitMultipart(std::string_view body, const std::string& boundary, const Limits& limits,
                       std::vector<Field>& fields) {
    if (boundary.empty() || boundary.size() > 200)
        return Problem{"bad_form", "", "", "a multipart form must declare its boundary in the content type"};
    const std::string mark = "--" + boundary;
    auto at = body.find(mark);
    while (at != std::string_view::npos) {
        const auto start = at + mark.size();
        if (body.substr(start).starts_with("--")) return std::nullopt; // the closing mark
        at = body.find(mark, start);
        if (at == std::string_view::npos)
            return Problem{"bad_form", "", placeAt(body, start), "a part of the form is not closed"};
        auto part = body.substr(start, at - start);
        auto blank = part.find("\r\n\r\n");
        std::size_t gap = 4;
        if (blank == std::string_view::npos) {
            blank = part.find("\n\n");
            gap = 2;
        }
        if (blank == std::string_view::npos)
            return Problem{"bad_form", "", placeAt(body, start), "a part of the form has no header"};
        auto value = part.substr(blank + gap);
        if (value.ends_with('\n')) value.remove_suffix(1);
        if (value.ends_with('\r')) value.remove_suffix(1);

        std::optional<std::string> name, fileName;
        auto header = part.substr(0, blank);
        while (!header.empty()) {
            const auto end = header.find('\n');
            const auto line = trimAscii(header.substr(0, end));
            const auto colon = line.find(':');
            if (colon != std::string_view::npos &&
                equalsIgnoreCase(trimAscii(line.substr(0, colon)), "content-disposition")) {
                name = dispositionValue(line.substr(colon + 1), "name");
                fileName = dispositionValue(line.substr(colon + 1), "filename");
            }
            header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
        }
        if (!name) return Problem{"bad_form", "", placeAt(body, start), "a part of the form has no name"};
        if (fields.size() >= limits.maxNodes) return tooManyValues(limits, "");
        // Of a file only the name is a field.
        fields.push_back({*name, fileName ? *fileName : std::string(value)});
    }
    return Problem{"bad_form", "", "", "the form does not hold its boundary, or is not closed by it"};
}

} // namespace

Failure loadForm(std::string_view body, const ContentType& contentType, const std::string& usualCharset,
                 const Limits& limits, bool looseKeys, Tree& tree) {
    std::vector<Field> fields;
    auto failure = contentType.type == "multipart/form-data"
                       ? splitMultipart(body, contentType.boundary, limits, fields)
                       : splitUrlEncoded(body, limits, fields);
    if (failure) return failure;

    std::string charset = contentType.charset;
    for (const Field& field : fields) {
        if (field.name == "_charset_" && !field.value.empty()) charset = lowerAscii(field.value);
    }
    std::string buffer;
    for (Field& field : fields) {
        for (std::string* text : {&field.name, &field.value}) {
            const auto decoded = decodeText(*text, charset, usualCharset, buffer);
            if (!decoded.ok()) return decoded.error();
            *text = std::string(*decoded);
        }
    }

    tree.clear(looseKeys);
    const Ref form = tree.open(Type::Table, {}, kNone);
    // A repeated name makes one list.
    std::stable_sort(fields.begin(), fields.end(),
                     [](const Field& a, const Field& b) { return a.name < b.name; });
    for (std::size_t i = 0; i < fields.size();) {
        std::size_t end = i + 1;
        while (end < fields.size() && fields[end].name == fields[i].name)
            ++end;
        if (fields[i].name == "_charset_") {
            i = end;
            continue;
        }
        const auto name = tree.keep(fields[i].name);
        const Ref list = end - i > 1 ? tree.open(Type::List, name, form) : kNone;
        for (; i < end; ++i) {
            tree.add(Type::Text, list == kNone ? name : std::string_view(),
                     tree.keep(std::move(fields[i].value)), list == kNone ? form : list);
        }
        if (list != kNone) tree.close(list);
    }
    tree.close(form);
    return std::nullopt;
}

} // namespace trevo::mapping
