// The data folder: made with mode 0700 when missing, and held by one daemon at a time.
#pragma once

#include <string>

namespace trevo::app {

class DataFolder {
  public:
    // Throws std::runtime_error that names the folder, the reason and the next step.
    explicit DataFolder(std::string path);
    ~DataFolder();
    DataFolder(const DataFolder&) = delete;
    DataFolder& operator=(const DataFolder&) = delete;

    const std::string& path() const { return path_; }
    // The secret of the digests that stay of erased people: 32 random bytes in erasure.key, made at the first
    // call. Without it the digests tell nobody anything; lost, a late redelivery is taken as new.
    std::string erasureKey() const;

  private:
    std::string path_;
    int lock_ = -1;
};

} // namespace trevo::app
