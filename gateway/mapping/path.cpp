#include "mapping/path.hpp"

#include <algorithm>
#include <cstdint>

namespace trevo::mapping {

namespace {

// The plain letters of U+00C0 to U+00FF; a blank is dropped.
constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo ouuuuy saaaaaaaceeeeiiiidnooooo ouuuuy y";

Step keyStep(std::string key) {
    Step step;
    step.folded = foldKey(key);
    step.numeric = !key.empty() && key.size() <= 9 &&
                   std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (step.numeric) step.index = std::stoul(key);
    step.key = std::move(key);
    return step;
}

Step wordStep(std::string_view word) {
    Step step;
    if (word == "*")
        step.kind = Step::Kind::Every;
    else if (word == "..")
        step.kind = Step::Kind::Parent;
    else
        return keyStep(std::string(word));
    return step;
}

Result<Path, std::string> pointer(std::string_view text) {
    Path path;
    path.text = text;
    if (text == ".") return path;
    if (text.starts_with('/')) {
        path.absolute = true;
        text.remove_prefix(1);
        if (text.empty()) return path; // "/" is the document
    }
    while (true) {
        const auto slash = text.find('/');
        const auto word = text.substr(0, slash);
        if (word.empty()) return std::string("has an empty step");
        if (word.find('~') == std::string_view::npos) {
            path.steps.push_back(wordStep(word));
        } else {
            std::string plain;
            for (std::size_t i = 0; i < word.size(); ++i) {
                if (word[i] != '~') {
                    plain += word[i];
                    continue;
                }
                if (++i == word.size() || (word[i] != '0' && word[i] != '1'))
                    return std::string("'~' must be followed by 0 or 1");
                plain += word[i] == '0' ? '~' : '/';
            }
            path.steps.push_back(keyStep(std::move(plain)));
        }
        if (slash == std::string_view::npos) return path;
        text.remove_prefix(slash + 1);
    }
}

Result<Path, std::string> jsonPath(std::string_view text) {
    Path path;
    path.text = text;
    path.absolute = true;
    std::size_t i = 1;
    while (i < text.size()) {
        if (text[i] == '.') {
            const auto end = std::min(text.find_first_of(".[", i + 1), text.size());
            const auto word = text.substr(i + 1, end - i - 1);
            if (word.empty()) return std::string("'..' and empty steps are not supported; name every step");
            path.steps.push_back(wordStep(word));
            i = end;
        } else if (text[i] == '[') {
            const auto end = text.find(']', i);
            if (end == std::string_view::npos) return std::string("has a '[' without ']'");
            auto word = text.substr(i + 1, end - i - 1);
            const bool quoted = word.size() >= 2 && (word.front() == '\'' || word.front() == '"') &&
                                word.back() == word.front();
            if (quoted) {
                path.steps.push_back(keyStep(std::string(word.substr(1, word.size() - 2))));
            } else {
                const Step step = wordStep(word);
                if (step.kind != Step::Kind::Every && !step.numeric)
                    return std::string("[] takes a position, '*' or a quoted key");
                path.steps.push_back(step);
            }
            i = end + 1;
        } else {
            return std::string("expected '.' or '[' after '$'");
        }
    }
    return path;
}

} // namespace

bool isParameter(std::string_view text) {
    return text == "@path" || text == "@file" || text.starts_with("@query.") || text.starts_with("@header.");
}

Result<Path, std::string> compilePath(std::string_view text) {
    if (text.empty()) return std::string("is empty; '.' is the node itself");
    if (isParameter(text)) {
        Path path;
        path.text = text;
        path.parameter = text.substr(1);
        return path;
    }
    auto path = text.front() == '$' ? jsonPath(text) : pointer(text);
    if (path.ok()) {
        path->keysOnly = std::all_of(path->steps.begin(), path->steps.end(),
                                     [](const Step& step) { return step.kind == Step::Kind::Key; });
    }
    return path;
}

std::string foldKey(std::string_view key) {
    std::string out;
    out.reserve(key.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
        const auto c = static_cast<unsigned char>(key[i]);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out += static_cast<char>(c);
        } else if (c >= 'A' && c <= 'Z') {
            out += static_cast<char>(c - 'A' + 'a');
        } else if (c == 0xC3 && i + 1 < key.size()) {
            const auto next = static_cast<unsigned char>(key[++i]);
            const char plain = kLatin1[next & 0x3FU];
            if (plain != ' ') out += plain;
        } else if (c == 0xCC || c == 0xCD) {
            ++i; // a combining accent
        } else if (c >= 0x80) {
            out += static_cast<char>(c);
        }
    }
    // A name of signs alone is still a name.
    return out.empty() ? std::string(key) : out;
}

} // namespace trevo::mapping
