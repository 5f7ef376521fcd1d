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

  private:
    std::string path_;
    int lock_ = -1;
};

} // namespace trevo::app
