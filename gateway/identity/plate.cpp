#include "identity/plate.hpp"

#include "identity/text.hpp"

namespace trevo::identity {

namespace {

bool isUpper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool hasPattern(std::string_view text, std::string_view pattern) { // L letter, N digit, * either
    if (text.size() != pattern.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (pattern[i] == 'L' ? !isUpper(text[i]) : pattern[i] == 'N' ? !isDigit(text[i]) : false)
            return false;
    }
    return true;
}

char digitLike(char c) {
    switch (c) {
    case 'O': return '0';
    case 'I': return '1';
    case 'Z': return '2';
    case 'S': return '5';
    case 'B': return '8';
    default: return c;
    }
}

char letterLike(char c) {
    switch (c) {
    case '0': return 'O';
    case '1': return 'I';
    case '2': return 'Z';
    case '5': return 'S';
    case '8': return 'B';
    default: return c;
    }
}

std::string mercosul(std::string plate) {
    if (isDigit(plate[4])) plate[4] = static_cast<char>('A' + (plate[4] - '0'));
    return plate;
}

} // namespace

PlateReading readPlate(std::string_view raw) {
    PlateReading reading;
    std::string text;
    for (const char c : plain(raw)) {
        if (c != '-' && c != '.' && c != ' ') text += upperAscii(c);
        if (text.size() > 16) break;
    }
    if (text.empty()) {
        reading.why = "plate_empty";
        return reading;
    }
    if (hasPattern(text, "LLLN*NN") && (isDigit(text[4]) || isUpper(text[4]))) {
        const std::string plate = mercosul(text);
        if (plate == "AAA0A00" || plate == "XXX0A00") {
            reading.why = "plate_placeholder";
            return reading;
        }
        reading.normalised = plate;
        if (plate[4] <= 'J') {
            reading.oldForm = plate;
            reading.oldForm[4] = static_cast<char>('0' + (plate[4] - 'A'));
        }
        reading.valid = true;
        return reading;
    }
    for (const std::string_view word : {"SEMPLACA", "0KM", "ZERO", "ZEROKM", "OKM", "NOVO"}) {
        if (text == word) reading.why = "plate_placeholder";
    }
    if (!reading.why.empty()) return reading;
    if (allEqual(text)) {
        reading.why = "plate_placeholder";
        return reading;
    }
    if (hasPattern(text, "LLNNNLL")) {
        reading.why = "plate_foreign";
        return reading;
    }
    reading.why = "plate_format";
    if (text.size() == 7) {
        std::string guess = text;
        for (std::size_t i = 0; i < 7; ++i) {
            if (i < 3)
                guess[i] = letterLike(guess[i]);
            else if (i != 4)
                guess[i] = digitLike(guess[i]);
        }
        if (hasPattern(guess, "LLLN*NN") && (isDigit(guess[4]) || isUpper(guess[4])))
            reading.suggestion = mercosul(guess);
    }
    return reading;
}

} // namespace trevo::identity
