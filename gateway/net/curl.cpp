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

} // namespace trevo::net
