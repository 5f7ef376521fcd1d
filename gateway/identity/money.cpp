#include "identity/money.hpp"

#include "base/utf8.hpp"
#include "identity/number.hpp"
#include "identity/text.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace trevo::identity {

namespace {

constexpr std::int64_t kMostCents = 1'000'000'000'000'000;

MoneyReading refused(std::string_view why) {
    return {0, false, why};
}

std::optional<std::int64_t> number(std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value > kMostCents)
        return std::nullopt;
    return value;
}

} // namespace

MoneyReading readMoney(std::string_view raw, MoneyFormat format) {
    const std::string text = plain(raw);
    std::string_view rest = text;
    if (rest.empty()) return refused("money_empty");
    bool negative = false;
    const auto takeMinus = [&] {
        if (!negative && !rest.empty() && rest.front() == '-') {
            negative = true;
            rest.remove_prefix(1);
            rest = trimAscii(rest);
        }
    };
    takeMinus();
    if (format == MoneyFormat::Brazilian) {
        if (equalsIgnoreCase(rest.substr(0, 2), "R$")) rest = trimAscii(rest.substr(2));
        takeMinus();
    }

    const char point = format == MoneyFormat::Brazilian ? ',' : '.';
    const auto at = format == MoneyFormat::Cents ? std::string_view::npos : rest.find(point);
    std::string_view fraction = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
    std::string_view whole = rest.substr(0, at);
    std::string joined;
    if (format == MoneyFormat::Brazilian && whole.find('.') != std::string_view::npos) {
        if (!joinGroups(whole, '.', joined)) return refused("money_format");
        whole = joined;
    }
    if (!allDigits(whole) || (at != std::string_view::npos && !allDigits(fraction)))
        return refused("money_format");
    while (fraction.size() > 2 && fraction.back() == '0')
        fraction.remove_suffix(1);
    if (fraction.size() > 2) return refused("money_decimals");

    const auto units = number(whole);
    if (!units) return refused("money_range");
    std::int64_t cents = *units;
    if (format != MoneyFormat::Cents) {
        if (*units > kMostCents / 100) return refused("money_range");
        cents = *units * 100;
        if (!fraction.empty()) cents += (fraction[0] - '0') * 10;
        if (fraction.size() == 2) cents += fraction[1] - '0';
    }
    return {negative ? -cents : cents, true, {}};
}

std::string formatDecimal(std::int64_t cents) {
    std::array<char, 24> text;
    const std::uint64_t size =
        cents < 0 ? 0 - static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
    char* at = text.data();
    if (cents < 0) *at++ = '-';
    at = std::to_chars(at, text.data() + text.size(), size / 100).ptr;
    *at++ = '.';
    *at++ = static_cast<char>('0' + size % 100 / 10);
    *at++ = static_cast<char>('0' + size % 10);
    return std::string(text.data(), at);
}

} // namespace trevo::identity
