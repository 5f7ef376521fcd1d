// Between the ABI's texts and the standard library's.
#pragma once

#include "trevo/abi/types.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo {

using Pairs = std::vector<std::pair<std::string, std::string>>;

namespace abi {

inline trevo_text text(std::string_view view) {
    return {view.data(), view.size()};
}
inline std::string_view view(trevo_text text) {
    return text.size ? std::string_view{text.data, text.size} : std::string_view{};
}
inline std::vector<trevo_pair> borrow(const Pairs& pairs) { // valid as long as `pairs` is not changed
    std::vector<trevo_pair> all;
    all.reserve(pairs.size());
    for (const auto& [name, value] : pairs)
        all.push_back({text(name), text(value)});
    return all;
}
inline Pairs copy(const trevo_pair* pairs, std::size_t count) {
    Pairs all;
    all.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        all.emplace_back(view(pairs[i].name), view(pairs[i].value));
    return all;
}

} // namespace abi

inline bool sameWord(std::string_view a, std::string_view b) { // ASCII letters without case
    if (a.size() != b.size()) return false;
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

// The first value of that header, compared without case; empty when there is none.
inline std::string_view headerOf(const Pairs& headers, std::string_view name) {
    for (const auto& [key, value] : headers) {
        if (sameWord(key, name)) return value;
    }
    return {};
}

} // namespace trevo
