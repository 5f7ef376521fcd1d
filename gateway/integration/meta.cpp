#include "integration/meta.hpp"

#include "base/json_text.hpp"
#include "base/percent.hpp"
#include "base/utf8.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace trevo {

namespace {

constexpr std::array<std::string_view, 6> kSecretHeaders = {
    "authorization", "proxy-authorization", "cookie", "x-api-key", "webhook-signature", "x-hub-signature-256",
};

bool isSecret(std::string_view header, std::string_view configured) {
    if (!configured.empty() && equalsIgnoreCase(header, configured)) return true;
    for (const auto secret : kSecretHeaders) {
        if (equalsIgnoreCase(header, secret)) return true;
    }
    return false;
}

void member(std::string& out, std::string_view name, std::string_view value) {
    if (out.back() != '{') out += ',';
    appendJsonString(out, name);
    out += ':';
    if (isUtf8(value))
        appendJsonString(out, value);
    else
        appendJsonString(out, guessUtf8(value));
}

std::string redactedQuery(std::string_view query, std::string_view secret) {
    if (secret.empty() || query.find(secret) == std::string_view::npos) return std::string(query);
    std::string out;
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        if (!out.empty()) out += '&';
        if (pair.substr(0, pair.find('=')) == secret)
            out += std::string(secret) + "=***";
        else
            out += pair;
        if (end == std::string_view::npos) break;
        query.remove_prefix(end + 1);
    }
    return out;
}

template <class IsSecret>
std::string write(const http::Head& head, std::string_view subPath, std::string_view query,
                  IsSecret isSecretHeader) {
    std::string out;
    out.reserve(512);
    out += '{';
    member(out, "method", head.method);
    if (!subPath.empty()) member(out, "path", subPath);
    if (!query.empty()) member(out, "query", query);
    member(out, "remote", head.remoteAddress);
    out += ",\"headers\":{";
    for (const auto& [name, value] : head.headers) {
        member(out, name, isSecretHeader(name) ? std::string_view("***") : std::string_view(value));
    }
    out += "}}";
    return out;
}

} // namespace

std::string metaOfPush(const http::Head& head, std::string_view subPath, const Authenticator& authenticator) {
    if (authenticator.secretPath()) {
        const auto slash = subPath.find('/');
        subPath = slash == std::string_view::npos ? std::string_view() : subPath.substr(slash + 1);
    }
    return write(head, subPath, redactedQuery(head.query, authenticator.secretParameter()),
                 [&](std::string_view header) { return isSecret(header, authenticator.secretHeader()); });
}

std::string metaWithSecrets(const http::Head& head, std::string_view subPath) {
    return write(head, subPath, head.query, [](std::string_view) { return false; });
}

std::string metaOfDocument(std::string_view role, std::string_view dealer) {
    std::string out = "{";
    member(out, "role", role);
    if (!dealer.empty()) member(out, "dealer", dealer);
    return out + '}';
}

std::string metaOfTrial(const std::vector<std::pair<std::string, std::string>>& parameters) {
    constexpr std::string_view kQuery = "query.", kHeader = "header.";
    std::string out = "{\"trial\":true", query, headers = "{";
    for (const auto& [name, value] : parameters) {
        if (name == "path") member(out, name, value);
        if (name.starts_with(kHeader)) member(headers, std::string_view(name).substr(kHeader.size()), value);
        if (name.starts_with(kQuery))
            query += (query.empty() ? "" : "&") + percentEncode(name.substr(kQuery.size())) + '=' +
                     percentEncode(value);
    }
    if (!query.empty()) member(out, "query", query);
    return out + ",\"headers\":" + headers + "}}";
}

std::string metaOfFile(std::string_view name, std::int64_t size, UtcTime modified, const Whence& whence) {
    std::string out = "{";
    member(out, "file", name);
    out += ",\"size\":" + std::to_string(size);
    member(out, "modified", formatRfc3339(modified));
    if (whence.lineOffset != 0) out += ",\"line_offset\":" + std::to_string(whence.lineOffset);
    if (whence.nodesBefore) out += ",\"nodes_before\":" + std::to_string(*whence.nodesBefore);
    return out + '}';
}

std::string metaOfMail(std::string_view via, std::string_view place) {
    std::string out = "{";
    member(out, "via", via);
    if (!place.empty()) member(out, "place", place);
    return out + '}';
}

std::string metaOfPart(std::string_view whole, std::string_view part, std::string_view role) {
    const auto end = whole.rfind('}');
    std::string out = end == std::string_view::npos ? "{" : std::string(whole.substr(0, end));
    member(out, "part", part);
    if (!role.empty()) member(out, "role", role);
    return out + '}';
}

Meta readMeta(std::string_view json) {
    Meta meta;
    const auto object = nlohmann::json::parse(json, nullptr, false);
    if (!object.is_object()) return meta;
    meta.role = object.value("role", meta.role);
    meta.dealer = object.value("dealer", meta.dealer);
    meta.part = object.value("part", meta.part);
    meta.lineOffset = object.value("line_offset", meta.lineOffset);
    if (const auto before = object.find("nodes_before");
        before != object.end() && before->is_number_unsigned())
        meta.nodesBefore = before->get<std::size_t>();
    meta.corrected = object.contains("original_body_base64");
    for (const char* name : {"path", "file"}) {
        if (const auto value = object.find(name); value != object.end() && value->is_string())
            meta.parameters.emplace_back(name, value->get<std::string>());
    }
    if (const auto query = object.find("query"); query != object.end() && query->is_string()) {
        std::string_view rest = query->get_ref<const std::string&>();
        while (!rest.empty()) {
            const auto pair = rest.substr(0, rest.find('&'));
            const auto equals = pair.find('=');
            if (equals != std::string_view::npos) {
                // Old sites send Latin-1; a zero byte is nobody's value.
                const std::string name = guessUtf8(formDecode(pair.substr(0, equals)));
                const std::string value = guessUtf8(formDecode(pair.substr(equals + 1)));
                if (name.find('\0') == std::string::npos && value.find('\0') == std::string::npos)
                    meta.parameters.emplace_back("query." + name, value);
            }
            rest = pair.size() < rest.size() ? rest.substr(pair.size() + 1) : std::string_view();
        }
    }
    if (const auto headers = object.find("headers"); headers != object.end() && headers->is_object()) {
        for (const auto& [name, value] : headers->items()) {
            if (value.is_string())
                meta.parameters.emplace_back("header." + lowerAscii(name), value.get<std::string>());
        }
    }
    return meta;
}

} // namespace trevo
