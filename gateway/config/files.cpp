#include "config/sections.hpp"

#include <algorithm>

namespace trevo::config {

namespace {

// Nothing of a url but scheme, host and port: a password in it would show in logs, and its path means
// different places to FTP and SFTP.
bool isServerUrl(std::string_view url) {
    for (const std::string_view scheme : {"ftp://", "ftps://", "sftp://"}) {
        if (!url.starts_with(scheme)) continue;
        url.remove_prefix(scheme.size());
        return !url.empty() && std::all_of(url.begin(), url.end(), [](char c) {
            return std::string_view("/@?#%\\").find(c) == std::string_view::npos && c > ' ' && c < 0x7f;
        });
    }
    return false;
}

bool isRemoteFolder(std::string_view folder) {
    return folder.size() <= 500 && std::all_of(folder.begin(), folder.end(), [](char c) {
               return static_cast<unsigned char>(c) >= ' ' && c != '\\' && c != 0x7f;
           });
}

} // namespace

Files readFiles(toml::Reader& reader) {
    Files files;
    files.folder = reader.requireText("folder");
    if (!files.folder.empty() && files.folder.front() != '/')
        reader.fail("folder", "must be an absolute path");
    files.patterns = reader.texts("names");
    files.contentType = reader.text("content_type").value_or("");
    files.sheet = reader.text("sheet").value_or("");
    files.doneMarker = reader.text("done_marker").value_or("");
    files.settleSeconds = static_cast<int>(reader.integer("settle_seconds", 0, 86'400).value_or(0));
    files.archive = reader.text("archive").value_or(files.archive);
    if (files.archive.find('/') != std::string::npos || files.archive.starts_with('.'))
        reader.fail("archive", "is the name of a folder below 'folder'");
    files.archiveDays = static_cast<int>(reader.integer("archive_days", 1, 36'500).value_or(0));
    files.acknowledge = reader.boolean("acknowledge").value_or(false);
    files.acknowledgeCsv = reader.word("acknowledge_format", {"json", "csv"}).value_or("json") == "csv";
    files.sweepSeconds = static_cast<int>(reader.integer("sweep_seconds", 1, 86'400).value_or(10));
    files.maxMegabytes = static_cast<int>(reader.integer("max_megabytes", 1, 1 << 20).value_or(1024));
    reader.finish();
    return files;
}

Remote readRemote(toml::Reader& reader, const Secrets& secrets) {
    Remote remote;
    remote.url = reader.requireText("url");
    if (!remote.url.empty() && !isServerUrl(remote.url))
        reader.fail("url",
                    "must be ftp://HOST, ftps://HOST or sftp://HOST with an optional :PORT and nothing "
                    "after it; the folder is a key of its own");
    const bool ssh = remote.url.starts_with("sftp://");
    remote.folder = reader.text("folder").value_or("");
    if (!isRemoteFolder(remote.folder)) reader.fail("folder", "is no folder's name");
    remote.user = reader.text("user").value_or("");
    remote.password = readSecret(reader, "password", secrets);
    remote.privateKey = readSecret(reader, "private_key", secrets);
    remote.passphrase = readSecret(reader, "passphrase", secrets);
    if (!ssh && reader.has("private_key")) reader.fail("private_key", "is for sftp:// only");
    remote.hostKeys = reader.texts("host_key");
    for (const auto& key : remote.hostKeys) {
        if (!key.starts_with("SHA256:") || key.size() != 50)
            reader.fail("host_key", "must be as 'ssh-keygen -l' prints it: SHA256: and 43 letters");
    }
    remote.acceptAnyHostKey = reader.boolean("accept_any_host_key").value_or(false);
    if (ssh && remote.hostKeys.empty() && !remote.acceptAnyHostKey)
        reader.fail("host_key",
                    "is missing: ask the server's owner for it, or see it with 'ssh-keyscan HOST | "
                    "ssh-keygen -lf -'; accept_any_host_key = true trusts whoever answers");
    remote.requireTls = reader.boolean("require_tls").value_or(true);
    remote.active = reader.boolean("active").value_or(false);
    remote.caFile = reader.text("ca_file").value_or("");
    remote.patterns = reader.texts("names");
    remote.contentType = reader.text("content_type").value_or("");
    remote.sheet = reader.text("sheet").value_or("");
    remote.doneMarker = reader.text("done_marker").value_or("");
    remote.settleSeconds = static_cast<int>(reader.integer("settle_seconds", 0, 86'400).value_or(2));
    if (!reader.has("after")) reader.fail("after", "is missing: delete, move or keep what was taken");
    remote.after = reader.word("after", {"delete", "move", "keep"}).value_or("keep");
    remote.moveTo = reader.text("move_to").value_or(remote.moveTo);
    if (remote.moveTo.empty() || !isRemoteFolder(remote.moveTo))
        reader.fail("move_to", "is no folder's name");
    remote.intervalSeconds = static_cast<int>(reader.integer("interval_seconds", 1, 86'400).value_or(60));
    remote.stallSeconds = static_cast<int>(reader.integer("stall_seconds", 1, 3600).value_or(30));
    remote.maxMegabytes = static_cast<int>(reader.integer("max_megabytes", 1, 1 << 20).value_or(1024));
    reader.finish();
    return remote;
}

} // namespace trevo::config
