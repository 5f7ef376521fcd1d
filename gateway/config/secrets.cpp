#include "config/secrets.hpp"

#include "base/utf8.hpp"
#include "config/sections.hpp"

#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

namespace trevo::config {

namespace {

bool isName(std::string_view name) {
    if (name.empty() || name.size() > 128 || name.front() == '.') return false;
    for (const char c : name) {
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && c != '_' && c != '-' && c != '.') return false;
    }
    return true;
}

Result<std::string> readCredential(const std::string& path, bool ours) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return Problem{"secret_missing", "", "", "no credential file " + path};
    if (ours && (status.st_mode & 077) != 0) {
        return Problem{"secret_exposed", "", "", path + " can be read by others: chmod 600 " + path};
    }
    std::ifstream file(path, std::ios::binary);
    std::string value{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.good() && !file.eof()) return Problem{"secret_unreadable", "", "", path + " can not be read"};
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r'))
        value.pop_back();
    if (value.empty()) return Problem{"secret_missing", "", "", path + " is empty"};
    return value;
}

} // namespace

bool isReference(std::string_view text) {
    return text.starts_with("${") && text.ends_with("}");
}

Secrets::Secrets(std::string directory) : directory_(std::move(directory)) {}

Secrets Secrets::unread() const {
    Secrets copy = *this;
    copy.read_ = false;
    return copy;
}

Result<std::string> Secrets::resolve(std::string_view text) const {
    if (!isReference(text)) return std::string(text);
    const std::string_view inner = text.substr(2, text.size() - 3);
    const auto colon = inner.find(':');
    const std::string_view scheme = inner.substr(0, colon);
    const std::string name(colon == std::string_view::npos ? std::string_view() : inner.substr(colon + 1));
    if ((scheme != "cred" && scheme != "env") || !isName(name)) {
        return Problem{"secret_reference", "", "", "write ${cred:NAME} or ${env:NAME}"};
    }
    if (!read_) return std::string(text);
    if (scheme == "env") {
        const char* value = std::getenv(name.c_str());
        if (!value || !*value)
            return Problem{"secret_missing", "", "", "environment variable " + name + " is not set"};
        return std::string(value);
    }
    if (const char* systemd = std::getenv("CREDENTIALS_DIRECTORY")) {
        const std::string path = std::string(systemd) + '/' + name;
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0) return readCredential(path, false);
    }
    return readCredential(directory_ + '/' + name, true);
}

namespace {

std::optional<std::string> resolved(toml::Reader& reader, const std::string& key, const std::string& text,
                                    const Secrets& secrets) {
    if (!isReference(text)) {
        reader.fail(key, "a secret is not written here; refer to it with ${cred:NAME} or ${env:NAME}");
        return std::nullopt;
    }
    auto value = secrets.resolve(text);
    if (value) return std::move(*value);
    reader.fail(key, value.error().detail);
    return std::nullopt;
}

} // namespace

std::vector<std::string> readSecrets(toml::Reader& reader, const std::string& key, const Secrets& secrets) {
    std::vector<std::string> values;
    const std::size_t mistakes = reader.errors().size();
    const std::vector<std::string> texts = reader.texts(key);
    if (texts.empty() && reader.has(key) && reader.errors().size() == mistakes)
        reader.fail(key, "names no secret");
    for (const auto& text : texts) {
        if (auto value = resolved(reader, key, text, secrets)) values.push_back(std::move(*value));
    }
    return values;
}

std::string readSecret(toml::Reader& reader, const std::string& key, const Secrets& secrets) {
    const auto text = reader.text(key);
    return text ? resolved(reader, key, *text, secrets).value_or("") : std::string();
}

} // namespace trevo::config
