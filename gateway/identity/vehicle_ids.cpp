#include "identity/vehicle_ids.hpp"

#include "identity/text.hpp"

#include <algorithm>

namespace trevo::identity {

namespace {

constexpr std::string_view kYearCodes = "ABCDEFGHJKLMNPRSTVWXY123456789"; // 1980 to 2009, then again

bool isVinCharacter(char c) {
    return isDigit(c) || (c >= 'A' && c <= 'Z' && c != 'I' && c != 'O' && c != 'Q');
}

// Without blanks, dots, hyphens and slashes, upper case; cut beyond `longest`, which no code reaches.
std::string bare(std::string_view raw, std::size_t longest) {
    std::string out;
    for (const char c : plain(raw)) {
        if (c == ' ' || c == '-' || c == '.' || c == '/') continue;
        out += upperAscii(c);
        if (out.size() > longest) break;
    }
    return out;
}

CodeReading refused(CodeReading reading, std::string_view why) {
    reading.why = why;
    return reading;
}

} // namespace

VinReading readVin(std::string_view raw) {
    VinReading reading;
    reading.normalised = bare(raw, 40);
    const std::string& vin = reading.normalised;
    if (vin.empty()) {
        reading.why = "vin_empty";
    } else if (allEqual(vin)) {
        reading.why = "vin_placeholder";
    } else if (vin.size() != 17) {
        reading.why = "vin_length";
    } else if (!std::all_of(vin.begin(), vin.end(), isVinCharacter)) {
        reading.why = "vin_characters";
        std::string guess = vin;
        for (char& c : guess)
            c = c == 'O' || c == 'Q' ? '0' : c == 'I' ? '1' : c;
        if (std::all_of(guess.begin(), guess.end(), isVinCharacter)) reading.suggestion = guess;
    } else {
        reading.valid = true;
        reading.serialNotNumeric = !allDigits(std::string_view(vin).substr(13));
    }
    return reading;
}

std::optional<int> vinModelYear(std::string_view vin, int latest) {
    if (vin.size() != 17) return std::nullopt;
    const auto at = kYearCodes.find(vin[9]);
    if (at == std::string_view::npos) return std::nullopt;
    int year = 1980 + static_cast<int>(at);
    if (year > latest) return std::nullopt;
    while (year + 30 <= latest)
        year += 30;
    return year;
}

CodeReading readRenavam(std::string_view raw) {
    CodeReading reading;
    reading.normalised = bare(raw, 20);
    std::string& number = reading.normalised;
    if (number.empty()) return refused(reading, "renavam_empty");
    if (!allDigits(number) || number.size() < 9 || number.size() > 11)
        return refused(reading, "renavam_length");
    number.insert(0, 11 - number.size(), '0');
    if (allEqual(number)) return refused(reading, "renavam_repeated");
    static constexpr std::string_view kWeights = "3298765432";
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i)
        sum += (number[i] - '0') * (kWeights[i] - '0');
    const int digit = sum * 10 % 11 % 10;
    if (number[10] - '0' != digit) return refused(reading, "renavam_check_digit");
    reading.valid = true;
    return reading;
}

CodeReading readFipe(std::string_view raw) {
    CodeReading reading;
    reading.normalised = bare(raw, 20);
    std::string& code = reading.normalised;
    if (code.empty()) return refused(reading, "fipe_empty");
    if (!allDigits(code) || code.size() != 7 || allEqual(code)) return refused(reading, "fipe_format");
    code.insert(6, 1, '-');
    reading.valid = true;
    return reading;
}

} // namespace trevo::identity
