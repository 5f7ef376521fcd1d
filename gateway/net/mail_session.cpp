#include "net/mail_session.hpp"

#include <algorithm>

namespace trevo::net {

namespace {

constexpr std::size_t kLongestLine = 1'000; // of the server's words that are kept

struct MailTransfer {
    MailSession::Answer& answer;
    std::size_t maxBytes;
};

} // namespace

MailSession::MailSession(MailServerConfig config, std::function<bool()> stopping)
    : config_(std::move(config)), stopping_(std::move(stopping)), handle_(newEasy()) {
    while (config_.url.ends_with('/'))
        config_.url.pop_back();
}

void MailSession::end() {
    handle_.reset(); // libcurl says QUIT or LOGOUT when it closes
    handle_ = newEasy();
}

void MailSession::prepare() {
    CURL* handle = handle_.get();
    begin(handle, {"imap,imaps,pop3,pop3s", config_.connectTimeoutSeconds, config_.stallSeconds, config_.user,
                   config_.password, config_.caFile, stopping_});
    if (!config_.accessToken.empty()) {
        set(handle, CURLOPT_XOAUTH2_BEARER, config_.accessToken.c_str());
        set(handle, CURLOPT_SASL_IR, 1L);
    }
    set(handle, CURLOPT_USE_SSL, static_cast<long>(config_.requireTls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
}

MailSession::Answer MailSession::perform(const std::string& path, const std::string& command,
                                         std::size_t maxBytes, bool oneLine) {
    prepare();
    CURL* handle = handle_.get();
    Answer answer;
    MailTransfer transfer{answer, maxBytes};
    char words[CURL_ERROR_SIZE] = "";
    const std::string url = config_.url + '/' + path;
    set(handle, CURLOPT_ERRORBUFFER, words);
    set(handle, CURLOPT_URL, url.c_str());
    if (!command.empty()) set(handle, CURLOPT_CUSTOMREQUEST, command.c_str());
    if (oneLine) set(handle, CURLOPT_NOBODY, 1L);
    set(handle, CURLOPT_WRITEDATA, &transfer);
    set(
        handle, CURLOPT_WRITEFUNCTION,
        +[](char* data, std::size_t size, std::size_t count, void* user) -> std::size_t {
            auto& [result, most] = *static_cast<MailTransfer*>(user);
            result.tooLarge = result.body.size() + size * count > most;
            if (result.tooLarge) return 0;
            result.body.append(data, size * count);
            return size * count;
        });
    set(handle, CURLOPT_HEADERDATA, &transfer);
    set(
        handle, CURLOPT_HEADERFUNCTION,
        +[](char* data, std::size_t size, std::size_t count, void* user) -> std::size_t {
            const std::string_view line(data, size * count);
            static_cast<MailTransfer*>(user)->answer.last = line.substr(0, kLongestLine);
            return size * count;
        });
    answer.code = curl_easy_perform(handle);
    long connects = 0;
    curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &connects);
    answer.fresh = connects > 0;
    answer.trouble = *words ? words : curl_easy_strerror(answer.code);
    set(handle, CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
    return answer;
}

Problem MailSession::problemOf(const Answer& answer, const char* refused) const {
    const auto told = [&](const char* code, const char* what) {
        return Problem{code, "", "", std::string(what) + " (" + curl_easy_strerror(answer.code) + ')'};
    };
    if (answer.tooLarge) return {"too_large", "", "", "what the server sends is larger than is taken"};
    switch (answer.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return told("unreachable", "the server can not be reached");
    case CURLE_LOGIN_DENIED:
        return told("login_refused", config_.accessToken.empty()
                                         ? "the server does not let this user in with this password"
                                         : "the server does not let this user in with this access token");
    case CURLE_PEER_FAILED_VERIFICATION:
        return told("tls", "the server's certificate is not trusted; name its authority in outbound.ca_file");
    case CURLE_USE_SSL_FAILED:
        return told("tls", "the server offers no TLS; without it the password would go in clear");
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return told("tls", "TLS can not be agreed on");
    case CURLE_REMOTE_FILE_NOT_FOUND: return told("no_mail", "the mail is not there any more");
    case CURLE_QUOTE_ERROR:
    case CURLE_REMOTE_ACCESS_DENIED: return told(refused, "the server does not do this");
    case CURLE_ABORTED_BY_CALLBACK: return {"stopped", "", "", "the gateway stops"};
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_WEIRD_SERVER_REPLY:
        return told(answer.fresh ? "unreachable" : "cut", "the connection broke off");
    default: break;
    }
    return told("transfer", "the server can not be worked with");
}

std::unique_ptr<MailServer> openMailServer(MailServerConfig config, std::function<bool()> stopping) {
    return config.url.starts_with("pop3") ? openPop3(std::move(config), std::move(stopping))
                                          : openImap(std::move(config), std::move(stopping));
}

} // namespace trevo::net
