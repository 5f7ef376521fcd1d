#include "match/slips.hpp"

#include <algorithm>

namespace trevo::match {

bool oneSlipApart(const std::string& a, const std::string& b) {
    const std::string& shorter = a.size() <= b.size() ? a : b;
    const std::string& longer = a.size() <= b.size() ? b : a;
    if (longer.size() - shorter.size() > 1) return false;
    const auto [left, right] = std::mismatch(shorter.begin(), shorter.end(), longer.begin());
    if (shorter.size() != longer.size()) return std::equal(left, shorter.end(), right + 1);
    if (left == shorter.end()) return false; // equal
    if (std::equal(left + 1, shorter.end(), right + 1)) return true;
    return left + 1 != shorter.end() && *left == *(right + 1) && *(left + 1) == *right &&
           std::equal(left + 2, shorter.end(), right + 2);
}

bool alikeDates(const std::string& a, const std::string& b) {
    if (a.size() != 10 || b.size() != 10) return false;
    const auto same = [&](std::size_t mine, std::size_t theirs, std::size_t length) {
        return a.substr(mine, length) == b.substr(theirs, length);
    };
    const bool year = same(0, 0, 4), month = same(5, 5, 2), day = same(8, 8, 2);
    if (year && same(5, 8, 2) && same(8, 5, 2)) return true;
    if ((year && (month || day)) || (month && day)) return true;
    return oneSlipApart(a, b);
}

} // namespace trevo::match
