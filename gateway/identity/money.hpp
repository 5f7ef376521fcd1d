// Amounts in the format that the source declares; never guessed, for "1.234" is 1234 in Brazil and 1.234
// elsewhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trevo::identity {

enum class MoneyFormat {
    Brazilian, // "R$ 1.234,56"
    Decimal,   // "1234.56"
    Cents,     // "123456"
};

struct MoneyReading {
    std::int64_t cents = 0;
    bool valid = false;
    std::string_view why; // money_empty, money_format, money_decimals (more than two), money_range
};

// Exact. A minus sign ahead is read; beyond ±10^15 cents is out of range.
MoneyReading readMoney(std::string_view raw, MoneyFormat format);

// "68500.00", "-0.05".
std::string formatDecimal(std::int64_t cents);

} // namespace trevo::identity
