#include "net/curl.hpp"

#include <mutex>

namespace trevo::net {

Easy newEasy() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
            throw std::runtime_error("libcurl can not start");
    });
    Easy handle(curl_easy_init(), &curl_easy_cleanup);
    if (!handle) throw std::runtime_error("libcurl gives no handle");
    return handle;
}

void begin(CURL* handle, const Session& session) {
    curl_easy_reset(handle);
    set(handle, CURLOPT_PROTOCOLS_STR, session.protocols);
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_PROXY, "");
    set(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(session.connectTimeoutSeconds));
    set(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(session.stallSeconds));
    set(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(session.stallSeconds));
    if (!session.user.empty()) set(handle, CURLOPT_USERNAME, session.user.c_str());
    if (!session.password.empty()) set(handle, CURLOPT_PASSWORD, session.password.c_str());
    if (!session.caFile.empty()) set(handle, CURLOPT_CAINFO, session.caFile.c_str());
    set(handle, CURLOPT_NOPROGRESS, 0L);
    set(handle, CURLOPT_XFERINFODATA, &session.stopping);
    set(
        handle, CURLOPT_XFERINFOFUNCTION,
        +[](void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> int {
            const auto& stopping = *static_cast<const std::function<bool()>*>(user);
            return stopping && stopping() ? 1 : 0;
        });
}

} // namespace trevo::net
