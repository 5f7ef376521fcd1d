#include "app/data_folder.hpp"

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

DataFolder::~DataFolder() {
    if (lock_ >= 0) ::close(lock_);
}

} // namespace trevo::app
