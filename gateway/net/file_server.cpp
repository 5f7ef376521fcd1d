#include "net/file_server.hpp"

#include "base/hash.hpp"
#include "base/percent.hpp"
#include "net/curl.hpp"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

namespace trevo::net {
namespace {

constexpr int kMostNumbered = 1000; // names tried where a moved file's is taken

// Text that libcurl takes by file name only, in memory that no disk ever holds.
class SecretFile {
  public:
    explicit SecretFile(std::string_view text) : descriptor_(::memfd_create("key", MFD_CLOEXEC)) {
        if (descriptor_ < 0 ||
            ::write(descriptor_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
            throw std::runtime_error("no memory for a private key");
    }
    ~SecretFile() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    SecretFile(const SecretFile&) = delete;
    SecretFile& operator=(const SecretFile&) = delete;
    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  private:
    int descriptor_;
};

struct Call {
    std::string url;
    bool body = true;
    std::string command;             // instead of LIST
    std::vector<std::string> before; // FTP: in the folder, SFTP: with whole paths
    std::int64_t offset = 0;
    std::function<bool(std::string_view)> sink;
};

// What came of a call, before it is told as a Problem.
struct Came {
    CURLcode code = CURLE_OK;
    long reply = 0; // FTP's last
    bool refusedBySink = false;
    std::int64_t bytes = 0;
    FileState state;
    bool noFiles = false; // said so in words
};

class CurlFileServer final : public FileServer {
  public:
    CurlFileServer(FileServerConfig config, const Clock& clock, std::function<bool()> stopping)
        : config_(std::move(config)),
          clock_(clock),
          stopping_(std::move(stopping)),
          handle_(newEasy()),
          ssh_(config_.url.starts_with("sftp://")) {
        while (config_.url.ends_with('/'))
            config_.url.pop_back();
        while (config_.folder.size() > 1 && config_.folder.ends_with('/'))
            config_.folder.pop_back();
        if (!config_.privateKey.empty()) key_.emplace(config_.privateKey);
    }

    Result<Listing> list() override {
        if (ssh_ || !machineList_) return listAs(ListingForm::List);
        auto listing = listAs(ListingForm::Mlsd);
        if (machineList_) return listing;
        return listAs(ListingForm::List);
    }

    Result<FileState> state(const std::string& name) override { return stateIn(config_.folder, name); }

    Result<Done> fetch(const std::string& name, std::int64_t offset,
                       const std::function<bool(std::string_view)>& sink) override {
        Call call;
        call.url = urlOf(config_.folder) + percentEncode(name);
        call.offset = offset;
        call.sink = sink;
        const Came came = perform(call);
        if (came.code != CURLE_OK) return problemOf(came, "no_file");
        return Done{};
    }

    Result<Done> remove(const std::string& name) override {
        return order({ssh_ ? "rm " + quoted(below(config_.folder, name)) : "DELE " + name});
    }

    Result<Done> move(const std::string& name, const std::string& folder) override {
        const std::string to = folder.starts_with('/') ? folder : below(config_.folder, folder);
        std::string target = name;
        for (int number = 2;; ++number) {
            const auto there = stateIn(to, target);
            if (!there && there.error().code != "no_file" && there.error().code != "no_folder")
                return there.error();
            if (!there || there->size < 0) break;
            if (number > kMostNumbered)
                return Problem{"permission", "", "", "the folder '" + folder + "' has every name taken"};
            target = name + '.' + std::to_string(number);
        }
        std::vector<std::string> commands; // what '*' begins may fail
        const bool make = madeFolder_ != folder;
        if (ssh_) {
            if (make) commands.push_back("*mkdir " + quoted(to));
            commands.push_back("rename " + quoted(below(config_.folder, name)) + ' ' +
                               quoted(below(to, target)));
        } else {
            if (make) commands.push_back("*MKD " + folder);
            commands.push_back("RNFR " + name);
            commands.push_back("RNTO " + below(folder, target));
        }
        auto done = order(std::move(commands));
        if (done) madeFolder_ = folder;
        return done;
    }

  private:
    static std::string below(const std::string& folder, const std::string& name) {
        if (folder.empty()) return name;
        return folder.ends_with('/') ? folder + name : folder + '/' + name;
    }

    // As the commands of libcurl's SFTP take a path.
    static std::string quoted(const std::string& path) {
        std::string out = "\"";
        for (const char c : path) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        return out + '"';
    }

    // With a '/' at its end.
    std::string urlOf(const std::string& folder) const {
        std::string path;
        std::string_view rest = folder;
        if (ssh_)
            path = rest.starts_with('/') ? "/" : "/~/";
        else
            path = rest.starts_with('/') ? "/%2F" : "/";
        while (!rest.empty()) {
            const auto end = rest.find('/');
            if (const auto segment = rest.substr(0, end); !segment.empty())
                path += percentEncode(segment) + '/';
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
        if (path == "/%2F") path += '/';
        return config_.url + path;
    }

    Result<Listing> listAs(ListingForm form) {
        std::string text;
        bool tooLarge = false;
        Call call;
        call.url = urlOf(config_.folder);
        if (form == ListingForm::Mlsd) call.command = "MLSD";
        call.sink = [&](std::string_view bytes) {
            tooLarge = text.size() + bytes.size() > config_.maxListingBytes;
            if (!tooLarge) text += bytes;
            return !tooLarge;
        };
        const Came came = perform(call);
        if (tooLarge)
            return Problem{"listing_too_large", "", "",
                           "the list of the folder's files is larger than " +
                               std::to_string(config_.maxListingBytes) + " bytes"};
        const bool unknown = came.reply >= 500 && came.reply <= 504 && came.reply != 503;
        if (form == ListingForm::Mlsd && came.code == CURLE_FTP_COULDNT_RETR_FILE && unknown) {
            machineList_ = false;
            return Listing{};
        }
        const bool empty = came.code == CURLE_FTP_COULDNT_RETR_FILE && (came.reply == 450 || came.noFiles);
        if (came.code != CURLE_OK && !empty) return problemOf(came, "no_folder");
        return readListing(text, form, clock_.now());
    }

    Result<FileState> stateIn(const std::string& folder, const std::string& name) {
        Call call;
        call.url = urlOf(folder) + percentEncode(name);
        call.body = false;
        const Came came = perform(call);
        if (came.code != CURLE_OK) return problemOf(came, "no_file");
        return came.state;
    }

    // Commands in the folder, nothing transferred.
    Result<Done> order(std::vector<std::string> commands) {
        Call call;
        call.url = urlOf(config_.folder);
        call.body = false;
        call.before = std::move(commands);
        const Came came = perform(call);
        if (came.code != CURLE_OK) return problemOf(came, "no_file");
        return Done{};
    }

    void connectOptions() {
        CURL* handle = handle_.get();
        begin(handle, {ssh_ ? "sftp" : "ftp,ftps", config_.connectTimeoutSeconds, config_.stallSeconds,
                       config_.user, config_.password, config_.caFile, stopping_});
        if (ssh_) {
            set(handle, CURLOPT_SSH_AUTH_TYPES,
                key_ ? static_cast<long>(CURLSSH_AUTH_PUBLICKEY)
                     : static_cast<long>(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD));
            if (key_) {
                set(handle, CURLOPT_SSH_PRIVATE_KEYFILE, key_->path().c_str());
                if (!config_.passphrase.empty()) set(handle, CURLOPT_KEYPASSWD, config_.passphrase.c_str());
            }
            set(handle, CURLOPT_SSH_HOSTKEYDATA, this);
            set(handle, CURLOPT_SSH_HOSTKEYFUNCTION, &CurlFileServer::onHostKey);
        } else {
            set(handle, CURLOPT_USE_SSL,
                static_cast<long>(config_.requireTls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
            set(handle, CURLOPT_FTP_FILEMETHOD, static_cast<long>(CURLFTPMETHOD_SINGLECWD));
            if (config_.active) set(handle, CURLOPT_FTPPORT, "-");
        }
    }

    static int onHostKey(void* user, int, const char* key, std::size_t size) {
        auto& self = *static_cast<CurlFileServer*>(user);
        std::string shown = base64(asView(sha256({key, size})));
        while (shown.ends_with('='))
            shown.pop_back();
        self.shownKey_ = "SHA256:" + shown;
        const auto& known = self.config_.hostKeys;
        const bool good = self.config_.acceptAnyHostKey ||
                          std::find(known.begin(), known.end(), self.shownKey_) != known.end();
        return good ? CURLKHMATCH_OK : CURLKHMATCH_MISMATCH;
    }

    Came perform(const Call& call) {
        CURL* handle = handle_.get();
        connectOptions();
        Came came;
        struct Transfer {
            const Call& call;
            Came& came;
        } transfer{call, came};
        TextList commands;
        for (const auto& command : call.before)
            commands.add(command);
        set(handle, CURLOPT_URL, call.url.c_str());
        set(handle, CURLOPT_FILETIME, 1L);
        if (!call.body) set(handle, CURLOPT_NOBODY, 1L);
        if (!call.command.empty()) set(handle, CURLOPT_CUSTOMREQUEST, call.command.c_str());
        if (call.offset > 0) set(handle, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(call.offset));
        if (!call.before.empty()) set(handle, ssh_ ? CURLOPT_QUOTE : CURLOPT_PREQUOTE, commands.get());
        set(handle, CURLOPT_WRITEDATA, &transfer);
        set(
            handle, CURLOPT_WRITEFUNCTION,
            +[](char* data, std::size_t size, std::size_t count, void* user) -> std::size_t {
                auto& [what, result] = *static_cast<Transfer*>(user);
                result.bytes += static_cast<std::int64_t>(size * count);
                if (!what.sink || what.sink({data, size * count})) return size * count;
                result.refusedBySink = true;
                return 0;
            });
        set(handle, CURLOPT_HEADERDATA, &transfer);
        set(
            handle, CURLOPT_HEADERFUNCTION,
            +[](char* data, std::size_t size, std::size_t count, void* user) -> std::size_t {
                const std::string_view line(data, size * count);
                auto& result = static_cast<Transfer*>(user)->came;
                if (line.starts_with("550") && (line.find("o files") != std::string_view::npos ||
                                                line.find("empty") != std::string_view::npos))
                    result.noFiles = true;
                return size * count;
            });
        shownKey_.clear();
        came.code = curl_easy_perform(handle);
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &came.reply);
        curl_off_t size = -1, time = -1;
        curl_easy_getinfo(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
        curl_easy_getinfo(handle, CURLINFO_FILETIME_T, &time);
        came.state.size = size;
        if (time >= 0) came.state.modified = UtcTime::fromSeconds(time);
        return came;
    }

    // `missing` is the code of what is not there.
    Problem problemOf(const Came& came, const char* missing) const {
        const auto told = [&](const char* code, std::string what) {
            what += std::string(" (") + curl_easy_strerror(came.code);
            if (came.reply > 0) what += ", the server's answer was " + std::to_string(came.reply);
            return Problem{code, "", "", what + ')'};
        };
        switch (came.code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT: return told("unreachable", "the server can not be reached");
        case CURLE_LOGIN_DENIED:
            return told("login_refused", key_ ? "the server does not let this user in with this key"
                                              : "the server does not let this user in with this password");
        case CURLE_PEER_FAILED_VERIFICATION:
            if (ssh_)
                return Problem{"host_key", "host_key", "",
                               "the server shows the key " + shownKey_ +
                                   ", which is not in host_key; ask its owner whether it is the server's"};
            return told("tls", "the server's certificate is not trusted; name its authority in ca_file");
        case CURLE_USE_SSL_FAILED:
            return told("tls",
                        "the server offers no TLS; require_tls = false would send the password in clear");
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR: return told("tls", "TLS can not be agreed on");
        case CURLE_REMOTE_ACCESS_DENIED:
            if (ssh_) return told("permission", "the server does not allow this");
            return told("no_folder", "the folder is not there or closed to this user");
        case CURLE_REMOTE_FILE_NOT_FOUND: return told(missing, "it is not on the server");
        case CURLE_FTP_COULDNT_RETR_FILE: return told(missing, "the server does not give it");
        case CURLE_QUOTE_ERROR: return told("permission", "the server does not allow this");
        case CURLE_ABORTED_BY_CALLBACK: return Problem{"stopped", "", "", "the gateway stops"};
        case CURLE_WRITE_ERROR:
            if (came.refusedBySink) return Problem{"stopped", "", "", "the transfer was ended here"};
            break;
        case CURLE_OPERATION_TIMEDOUT:
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_GOT_NOTHING:
        case CURLE_SSH:
        case CURLE_WEIRD_SERVER_REPLY:
            return told(came.bytes > 0 ? "cut" : "unreachable", "the connection broke off");
        default: break;
        }
        return told("transfer", "the server can not be worked with");
    }

    FileServerConfig config_;
    const Clock& clock_;
    const std::function<bool()> stopping_;
    std::optional<SecretFile> key_; // before the handle, which reads it
    Easy handle_;
    const bool ssh_;
    bool machineList_ = true; // until the server says that it knows no MLSD
    std::string shownKey_;
    std::string madeFolder_; // there now
};

} // namespace

std::unique_ptr<FileServer> openFileServer(FileServerConfig config, const Clock& clock,
                                           std::function<bool()> stopping) {
    return std::make_unique<CurlFileServer>(std::move(config), clock, std::move(stopping));
}

} // namespace trevo::net
