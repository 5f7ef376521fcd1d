// libcurl's handles with their owners. Private to this module.
#pragma once

#include <curl/curl.h>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace trevo::net {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

// Throws std::runtime_error. Thread-safe.
Easy newEasy();

class TextList { // curl_slist
  public:
    void add(const std::string& line) {
        curl_slist* longer = curl_slist_append(list_.get(), line.c_str());
        if (!longer) throw std::bad_alloc();
        static_cast<void>(list_.release());
        list_.reset(longer);
    }
    curl_slist* get() const { return list_.get(); }

  private:
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> list_{nullptr, &curl_slist_free_all};
};

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(handle, option, value);
    if (code != CURLE_OK)
        throw std::runtime_error(std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
}

// Whom a session with a file or mail server is with. Read during transfers: it outlives them.
struct Session {
    const char* protocols;
    int connectTimeoutSeconds;
    int stallSeconds; // without a byte or an answer
    const std::string &user, &password, &caFile;
    const std::function<bool()>& stopping; // asked during a transfer; true ends it
};
// Sets the handle back and to this session: past no proxy, ended when it stalls or the gateway stops.
void begin(CURL* handle, const Session& session);

} // namespace trevo::net
