#include "app/data_folder.hpp"

#include "base/hash.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace trevo::app {

DataFolder::DataFolder(std::string path) : path_(std::move(path)) {
    std::error_code failed;
    std::filesystem::create_directories(path_, failed);
    if (failed) {
        throw std::runtime_error("data folder " + path_ + " can not be made (" + failed.message() +
                                 "): create it, or set data_dir to a folder this user may write");
    }
    if (::chmod(path_.c_str(), 0700) != 0 && ::access(path_.c_str(), W_OK) != 0) {
        throw std::runtime_error("data folder " + path_ +
                                 " can not be written by this user: change its owner");
    }
    const std::string file = path_ + "/trevo.lock";
    lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0) throw std::runtime_error(file + " can not be opened: " + std::strerror(errno));
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock_);
        throw std::runtime_error("another trevod holds " + path_ +
                                 ": stop it, or give this one a data_dir of its own");
    }
}

std::string DataFolder::erasureKey() const {
    constexpr std::size_t kBytes = 32;
    const std::string file = path_ + "/erasure.key";
    const auto fail = [&](int handle) {
        const std::string reason = std::strerror(errno);
        if (handle >= 0) ::close(handle);
        throw std::runtime_error(file + " can not be used (" + reason +
                                 "): restore it from a backup; without it erased people are not known again");
    };
    if (const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC); handle >= 0) {
        std::string key(kBytes + 1, '\0');
        const ssize_t length = ::read(handle, key.data(), key.size());
        errno = EINVAL;
        if (length != static_cast<ssize_t>(kBytes)) fail(handle);
        ::close(handle);
        key.resize(kBytes);
        return key;
    }
    if (errno != ENOENT) fail(-1);
    std::string key = randomBytes(kBytes);
    const std::string fresh = file + ".new";
    const int handle = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (handle < 0 || ::write(handle, key.data(), kBytes) != static_cast<ssize_t>(kBytes) ||
        ::fsync(handle) != 0)
        fail(handle);
    ::close(handle);
    const int folder = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (::rename(fresh.c_str(), file.c_str()) != 0 || folder < 0 || ::fsync(folder) != 0) fail(folder);
    ::close(folder);
    return key;
}

DataFolder::~DataFolder() {
    if (lock_ >= 0) ::close(lock_);
}

} // namespace trevo::app
