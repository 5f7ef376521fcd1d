#include "net/http_client.hpp"

#include "base/utf8.hpp"
#include "net/curl.hpp"

namespace trevo::net {

namespace {

// One easy handle a thread keeps its connections and TLS sessions for the next call.
CURL* threadHandle() {
    thread_local Easy handle = newEasy();
    curl_easy_reset(handle.get());
    return handle.get();
}

} // namespace

HttpClient::HttpClient(ClientConfig config) : config_(std::move(config)) {}

HttpResponse HttpClient::perform(const HttpRequest& request) const {
    return run(request, nullptr);
}

HttpResponse HttpClient::run(const HttpRequest& request, BodySink* sink) const {
    HttpResponse response;
    struct Transfer {
        HttpResponse& response;
        BodySink* sink;
        std::size_t maxBytes;
        CURL* handle;
        bool tooLarge = false;
        bool stopped = false;
    } transfer{response, sink, config_.maxBodyBytes, nullptr};

    const auto onHeader = +[](char* data, std::size_t size, std::size_t count, void* user) -> std::size_t {
        const std::string_view line = trimAscii({data, size * count});
        auto& headers = static_cast<Transfer*>(user)->response.headers;
        if (line.starts_with("HTTP/"))
            headers.clear(); // after a 100 or a proxy's answer the real one follows
        const auto colon = line.find(':');
        if (colon != std::string_view::npos) {
            headers.emplace_back(line.substr(0, colon), trimAscii(line.substr(colon + 1)));
        }
        return size * count;
    };
    const auto onBody = +[](char* data, std::size_t size, std::size_t count, void* user) -> std::size_t {
        auto& state = *static_cast<Transfer*>(user);
        long status = 0;
        curl_easy_getinfo(state.handle, CURLINFO_RESPONSE_CODE, &status);
        if (state.sink && status < 400) {
            if (state.sink->take(data, size * count)) return size * count;
            state.stopped = true;
            return 0;
        }
        if (state.response.body.size() + size * count > state.maxBytes) {
            state.tooLarge = true;
            return 0;
        }
        state.response.body.append(data, size * count);
        return size * count;
    };

    TextList headers;
    for (const auto& [name, value] : request.headers)
        headers.add(name + ": " + value);
    headers.add("Expect:");

    CURL* handle = threadHandle();
    transfer.handle = handle;
    set(handle, CURLOPT_URL, request.url.c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(config_.connectTimeoutSeconds));
    set(handle, CURLOPT_TIMEOUT, static_cast<long>(request.timeoutSeconds));
    set(handle, CURLOPT_PROXY, config_.proxy.c_str());
    set(handle, CURLOPT_ACCEPT_ENCODING, "");
    set(handle, CURLOPT_HTTPHEADER, headers.get());
    set(handle, CURLOPT_HEADERFUNCTION, onHeader);
    set(handle, CURLOPT_HEADERDATA, &transfer);
    set(handle, CURLOPT_WRITEFUNCTION, onBody);
    set(handle, CURLOPT_WRITEDATA, &transfer);
    if (!config_.caFile.empty()) set(handle, CURLOPT_CAINFO, config_.caFile.c_str());
    if (!request.unixSocket.empty()) set(handle, CURLOPT_UNIX_SOCKET_PATH, request.unixSocket.c_str());
    if (request.method == "HEAD") {
        set(handle, CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET" || !request.body.empty()) {
        set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(handle, CURLOPT_POSTFIELDS, request.body.data());
        set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }

    const CURLcode code = curl_easy_perform(handle);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    if (code != CURLE_OK && !transfer.stopped) {
        response.status = 0;
        response.error = transfer.tooLarge
                             ? "the answer is larger than " + std::to_string(config_.maxBodyBytes) + " bytes"
                             : curl_easy_strerror(code);
    }
    return response;
}

} // namespace trevo::net
