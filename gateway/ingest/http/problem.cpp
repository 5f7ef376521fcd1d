#include "ingest/http/message.hpp"

#include "base/utf8.hpp"

#include <cstdio>

namespace trevo::http {

namespace {

void appendJsonString(std::string& out, std::string_view text) {
    // An error text may quote a partner's field name; what is not UTF-8 must not make the document invalid.
    const std::string safe = isUtf8(text) ? std::string() : guessUtf8(text);
    out += '"';
    for (const char c : safe.empty() ? text : std::string_view(safe)) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                char escaped[7];
                std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
                out += escaped;
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

void appendMember(std::string& out, std::string_view name, std::string_view value) {
    if (out.back() != '{') out += ',';
    appendJsonString(out, name);
    out += ':';
    appendJsonString(out, value);
}

// RFC 9110's phrase for the codes that the gateway answers.
std::string_view title(int status) {
    switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Error";
    }
}

} // namespace

Response problem(int status, std::string_view code, std::string_view detail, const Problems& problems,
                 std::optional<int> retryAfterSeconds) {
    Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/problem+json");
    if (retryAfterSeconds) response.headers.emplace_back("Retry-After", std::to_string(*retryAfterSeconds));

    std::string& out = response.body;
    out = "{";
    appendMember(out, "title", title(status));
    out += ",\"status\":" + std::to_string(status);
    appendMember(out, "code", code);
    if (!detail.empty()) appendMember(out, "detail", detail);
    if (!problems.empty()) {
        out += ",\"errors\":[";
        for (const Problem& each : problems) {
            if (out.back() != '[') out += ',';
            out += '{';
            appendMember(out, "code", each.code);
            appendMember(out, "field", each.field);
            appendMember(out, "place", each.place);
            appendMember(out, "detail", each.detail);
            out += '}';
        }
        out += ']';
    }
    out += '}';
    return response;
}

Response json(int status, std::string body) {
    Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

} // namespace trevo::http
