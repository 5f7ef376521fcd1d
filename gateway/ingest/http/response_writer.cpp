#include "ingest/http/response_writer.hpp"

#include "base/utf8.hpp"

#include <boost/beast/http/status.hpp>

#include <array>
#include <ctime>

namespace trevo::http {

namespace {

bool isListenersOwn(std::string_view name) {
    static constexpr std::array<std::string_view, 4> kOwn = {"Content-Length", "Date", "Connection",
                                                             "Transfer-Encoding"};
    for (const auto own : kOwn) {
        if (equalsIgnoreCase(name, own)) return true;
    }
    return false;
}

bool breaksLine(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void appendField(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

void appendHead(std::string& out, int status, const Headers& headers, const ResponseFraming& framing,
                std::string_view date) {
    const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
    const auto phrase = boost::beast::http::obsolete_reason(known);
    out.append(framing.http11 ? "HTTP/1.1 " : "HTTP/1.0 ").append(std::to_string(status)).append(" ");
    out.append(phrase.data(), phrase.size()).append("\r\n");
    appendField(out, "Date", date);
    for (const auto& [name, value] : headers) {
        if (!isListenersOwn(name) && !breaksLine(name) && !breaksLine(value)) appendField(out, name, value);
    }
    if (framing.chunked) appendField(out, "Transfer-Encoding", "chunked");
    if (framing.contentLength) appendField(out, "Content-Length", std::to_string(*framing.contentLength));
    if (!framing.keepAlive) {
        appendField(out, "Connection", "close");
    } else if (!framing.http11) {
        appendField(out, "Connection", "keep-alive");
    }
    out.append("\r\n");
}

bool statusHasBody(int status) {
    return status >= 200 && status != 204 && status != 304;
}

std::string_view DateCache::now() {
    const std::time_t second = std::time(nullptr);
    if (second != second_) {
        second_ = second;
        std::tm parts{};
        gmtime_r(&second, &parts);
        static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::array<char, 40> text{};
        // The names are English whatever the locale, hence not with %a and %b.
        const std::size_t size =
            std::strftime(text.data(), text.size(), "   , %d     %Y %H:%M:%S GMT", &parts);
        text_.assign(text.data(), size);
        text_.replace(0, 3, kDays[static_cast<std::size_t>(parts.tm_wday)]);
        text_.replace(8, 3, kMonths[static_cast<std::size_t>(parts.tm_mon)]);
    }
    return text_;
}

} // namespace trevo::http
