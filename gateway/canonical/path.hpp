// Where the reader stands, as a chain of stack objects; text is made of it only when there is something to
// tell.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trevo::canonical {

struct Path {
    const Path* parent = nullptr; // null at the root, which has no key
    std::string_view key;         // of a member
    bool item = false;            // of a list: the indexes count, not the key
    std::size_t inputIndex = 0;
    std::size_t outputIndex = 0;        // differs once an empty item is left out or one text gives two items
    std::string_view inputPointer = {}; // where it stood when it was moved from elsewhere

    Path member(std::string_view name) const { return {this, name, false, 0, 0, {}}; }
    Path listItem(std::size_t input, std::size_t output) const { return {this, {}, true, input, output, {}}; }
};

inline void appendSegment(std::string& out, std::string_view key) {
    out += '/';
    for (const char c : key) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
}

// JSON Pointer into what came.
inline std::string inputPointer(const Path& path) {
    if (!path.inputPointer.empty()) return std::string(path.inputPointer);
    if (!path.parent) return {};
    std::string out = inputPointer(*path.parent);
    appendSegment(out, path.item ? std::to_string(path.inputIndex) : path.key);
    return out;
}

// JSON Pointer into the body.
inline std::string outputPointer(const Path& path) {
    if (!path.parent) return {};
    std::string out = outputPointer(*path.parent);
    appendSegment(out, path.item ? std::to_string(path.outputIndex) : path.key);
    return out;
}

} // namespace trevo::canonical
