// A temporary folder that goes away with its owner.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace trevo::test {

class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    // Makes folders on the way; mode 0600.
    std::string write(const std::string& name, std::string_view text) const;
    std::string read(const std::string& name) const;

  private:
    std::filesystem::path path_;
};

} // namespace trevo::test
