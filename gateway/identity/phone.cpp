#include "identity/phone.hpp"

#include "base/utf8.hpp"
#include "identity/text.hpp"

#include <array>
#include <utility>

namespace trevo::identity {

namespace {

constexpr std::size_t kLongestRaw = 80;

bool startsWith(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

bool isService(std::string_view digits) {
    for (const std::string_view prefix : {"0800", "0300", "0500", "0900"}) {
        if (startsWith(digits, prefix)) return digits.size() == 10 || digits.size() == 11;
    }
    if (digits.size() != 8) return false;
    return startsWith(digits, "3003") || (startsWith(digits, "400") && digits[3] <= '4');
}

// Where the extension begins: at "ramal", "r.", "x", "ext" or "#" once a whole number has been seen.
std::size_t extensionAt(std::string_view text) {
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isDigit(text[i])) ++digits;
        if (digits < 8) continue;
        const std::string rest = lowerAscii(text.substr(i, 5));
        if (rest.empty()) break;
        if (rest[0] == '#' || rest[0] == 'x' || startsWith(rest, "ramal") || startsWith(rest, "r.") ||
            startsWith(rest, "r ") || startsWith(rest, "ext")) {
            return i;
        }
    }
    return std::string_view::npos;
}

bool isAscending(std::string_view digits) {
    for (std::size_t i = 1; i < digits.size(); ++i) {
        if (digits[i] != digits[i - 1] + 1) return false;
    }
    return true;
}

PhoneReading refused(PhoneReading reading, std::string_view why) {
    reading.why = why;
    return reading;
}

PhoneReading foreign(PhoneReading reading, std::string_view digits) {
    if (digits.size() < 7 || digits.size() > 15 || digits.front() == '0')
        return refused(std::move(reading), "phone_length");
    if (allEqual(digits.substr(1))) return refused(std::move(reading), "phone_repeated");
    reading.kind = PhoneKind::Foreign;
    reading.normalised.assign("+").append(digits);
    reading.valid = true;
    return reading;
}

// Drops one trunk 0 and the carrier code that may follow it (0 XX DDD number).
void dropTrunk(std::string_view& digits) {
    if (!startsWith(digits, "0")) return;
    digits.remove_prefix(1);
    if (digits.size() == 12 || digits.size() == 13) digits.remove_prefix(2);
}

// `digits` is a national number in any of its dialled forms.
PhoneReading national(PhoneReading reading, std::string_view digits, std::string_view defaultDdd) {
    if (isService(digits)) {
        reading.kind = PhoneKind::Service;
        reading.normalised = digits;
        return refused(std::move(reading), "phone_service");
    }
    if ((digits.size() == 3 && digits[0] == '1') || (digits.size() == 5 && startsWith(digits, "10"))) {
        return refused(std::move(reading), "phone_utility");
    }
    if (digits.size() >= 7 && allEqual(digits)) return refused(std::move(reading), "phone_repeated");
    dropTrunk(digits);
    // A collect call: 90 XX DDD number, or 9090 number.
    if (startsWith(digits, "90") && digits.size() >= (startsWith(digits, "9090") ? 12U : 14U))
        digits.remove_prefix(4);
    if (startsWith(digits, "55") && digits.size() >= 12) {
        digits.remove_prefix(2);
        dropTrunk(digits);
    }

    std::string ddd;
    std::string_view local = digits;
    if (digits.size() == 8 || digits.size() == 9) {
        if (!isDdd(defaultDdd)) return refused(std::move(reading), "phone_no_area_code");
        ddd = defaultDdd;
        reading.dddAssumed = true;
    } else if (digits.size() == 10 || digits.size() == 11) {
        ddd = digits.substr(0, 2);
        local = digits.substr(2);
        if (!isDdd(ddd)) return refused(std::move(reading), "phone_area_code");
    } else {
        return refused(std::move(reading), "phone_length");
    }
    if (local.size() == 9 && local[0] != '9') return refused(std::move(reading), "phone_ninth_digit");
    const std::string_view core = local.substr(local.size() - 8);
    if (allEqual(core)) return refused(std::move(reading), "phone_repeated");
    if (isAscending(core)) return refused(std::move(reading), "phone_sequence");
    if (local.size() == 8 && local[0] < '2') return refused(std::move(reading), "phone_format");

    reading.normalised = "+55" + ddd;
    if (local.size() == 8 && local[0] >= '6') {
        reading.normalised += '9';
        reading.nineAdded = true;
        reading.weak = local[0] == '7';
    }
    reading.normalised += local;
    reading.kind = local.size() == 9 || reading.nineAdded ? PhoneKind::Mobile : PhoneKind::Fixed;
    reading.valid = true;
    return reading;
}

// `text` is plain.
PhoneReading readPlain(std::string_view text, std::string_view defaultDdd) {
    PhoneReading reading;
    reading.raw = text;
    if (text.empty()) return refused(std::move(reading), "phone_empty");
    if (text.size() > kLongestRaw) return refused(std::move(reading), "phone_length");
    if (const auto at = text.find('@'); at != std::string_view::npos) {
        const std::string_view domain = text.substr(at + 1);
        if (domain != "s.whatsapp.net" && domain != "c.us")
            return refused(std::move(reading), "phone_characters");
        text = text.substr(0, at);
    }
    if (const auto at = extensionAt(text); at != std::string_view::npos) {
        reading.extension = digitsOf(text.substr(at));
        text = text.substr(0, at);
    }
    const auto mark = text.find_first_of("+0123456789");
    const bool international = mark != std::string_view::npos && text[mark] == '+';
    const std::string all = digitsOf(text);
    std::string_view digits = all;
    if (digits.empty()) return refused(std::move(reading), "phone_characters");
    if (international) {
        if (!startsWith(digits, "55")) return foreign(std::move(reading), digits);
        return national(std::move(reading), digits.size() >= 10 ? digits.substr(2) : digits, defaultDdd);
    }
    if (startsWith(digits, "0055")) return national(std::move(reading), digits.substr(4), defaultDdd);
    if (startsWith(digits, "00") && digits.size() >= 12) {
        reading.weak = true;
        return foreign(std::move(reading), digits.substr(2));
    }
    return national(std::move(reading), digits, defaultDdd);
}

} // namespace

bool isDdd(std::string_view two) {
    if (two.size() != 2 || !isDigit(two[0]) || !isDigit(two[1])) return false;
    // By the tens digit: the units that exist.
    static constexpr std::array<std::string_view, 10> kUnits = {
        "",     "123456789", "12478",  "1234578",   "123456789",
        "1345", "123456789", "134579", "123456789", "123456789"};
    return kUnits[static_cast<std::size_t>(two[0] - '0')].find(two[1]) != std::string_view::npos;
}

PhoneReading readPhone(std::string_view raw, std::string_view defaultDdd) {
    return readPlain(plain(raw), defaultDdd);
}

std::vector<PhoneReading> readPhones(std::string_view raw, std::string_view defaultDdd, std::size_t most) {
    std::vector<PhoneReading> readings;
    const std::string text = plain(raw);
    std::string_view rest = text;
    std::string ddd(defaultDdd);
    while (!rest.empty() && readings.size() < most) {
        std::size_t end = rest.find_first_of("/;,");
        std::size_t width = 1;
        for (const std::string_view word : {" e ", " E ", " ou ", " OU "}) {
            if (const auto at = rest.find(word); at < end) {
                end = at;
                width = word.size();
            }
        }
        const std::string_view part = trimAscii(rest.substr(0, end));
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + width);
        if (part.empty()) continue;
        readings.push_back(readPlain(part, ddd));
        const PhoneReading& last = readings.back();
        if (last.valid && last.kind != PhoneKind::Foreign) ddd = last.normalised.substr(3, 2);
    }
    return readings;
}

std::string phoneMatchKey(std::string_view e164) {
    if (e164.size() < 8 || e164[0] != '+' || !allDigits(e164.substr(1))) return {};
    if (!startsWith(e164, "+55") || e164.size() < 13) return std::string(e164.substr(1));
    return std::string(e164.substr(3, 2)).append(e164.substr(e164.size() - 8));
}

} // namespace trevo::identity
