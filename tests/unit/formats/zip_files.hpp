// ZIP archives made in memory.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace trevo::test {

struct ZippedFile {
    std::string name, content;
    unsigned type = AE_IFREG;
};

inline std::string zipOf(const std::vector<ZippedFile>& files) {
    std::vector<char> buffer(16 << 20);
    std::size_t used = 0;
    archive* out = archive_write_new();
    archive_write_set_format_zip(out);
    archive_write_open_memory(out, buffer.data(), buffer.size(), &used);
    for (const auto& file : files) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, file.name.c_str());
        archive_entry_set_filetype(entry, file.type);
        archive_entry_set_perm(entry, 0644);
        if (file.type == AE_IFLNK) archive_entry_set_symlink(entry, file.content.c_str());
        if (file.type == AE_IFREG)
            archive_entry_set_size(entry, static_cast<la_int64_t>(file.content.size()));
        archive_write_header(out, entry);
        if (file.type == AE_IFREG) archive_write_data(out, file.content.data(), file.content.size());
        archive_entry_free(entry);
    }
    const bool closed = archive_write_close(out) == ARCHIVE_OK;
    archive_write_free(out);
    if (!closed) throw std::runtime_error("the archive is larger than the test's buffer");
    return {buffer.data(), used};
}

inline std::string zipOf(const std::map<std::string, std::string>& files) {
    std::vector<ZippedFile> list;
    for (const auto& [name, content] : files)
        list.push_back({name, content, AE_IFREG});
    return zipOf(list);
}

} // namespace trevo::test
