#include "identity/document.hpp"

#include "base/utf8.hpp"
#include "identity/text.hpp"

#include <algorithm>

namespace trevo::identity {

namespace {

// Both numbers are modulo 11 with weights 2, 3 … from the right; those of the CNPJ begin again after 9.
char checkDigit(std::string_view characters, int highestWeight) {
    int sum = 0;
    int weight = 2;
    for (auto c = characters.rbegin(); c != characters.rend(); ++c) {
        sum += (*c - '0') * weight; // a letter of the CNPJ counts as its ASCII code less 48
        weight = weight == highestWeight ? 2 : weight + 1;
    }
    const int rest = sum % 11;
    return static_cast<char>(rest < 2 ? '0' : '0' + 11 - rest);
}

bool checkDigitsHold(std::string_view number, int highestWeight) {
    const std::size_t size = number.size();
    return number[size - 2] == checkDigit(number.substr(0, size - 2), highestWeight) &&
           number[size - 1] == checkDigit(number.substr(0, size - 1), highestWeight);
}

std::string padded(std::string_view digits, std::size_t width) {
    return std::string(width - digits.size(), '0').append(digits);
}

// Eleven digits are a CPF with a typing error unless the CNPJ that they may be padded to is a head office's.
bool likelierCpf(std::string_view cnpj, std::string_view number) {
    return number.size() == 11 && cnpj.substr(8, 4) != "0001";
}

std::string_view withoutLabel(std::string_view text) {
    for (const std::string_view label : {"CPF", "CNPJ"}) {
        if (text.size() > label.size() && equalsIgnoreCase(text.substr(0, label.size()), label) &&
            (text[label.size()] == ':' || text[label.size()] == ' ')) {
            text.remove_prefix(label.size() + 1);
            return text;
        }
    }
    return text;
}

} // namespace

bool isCpf(std::string_view digits) {
    return digits.size() == 11 && allDigits(digits) && !allEqual(digits) && checkDigitsHold(digits, 11);
}

bool isCnpj(std::string_view characters) {
    if (characters.size() != 14 || allEqual(characters) || !allDigits(characters.substr(12))) return false;
    const auto permitted = [](char c) { return isDigit(c) || (c >= 'A' && c <= 'Z'); };
    return std::all_of(characters.begin(), characters.end(), permitted) && checkDigitsHold(characters, 9);
}

DocumentReading readDocument(std::string_view raw) {
    DocumentReading reading;
    const std::string text = plain(raw);
    bool masked = false;
    bool letters = false;
    for (const char c : withoutLabel(text)) {
        if (c == '.' || c == '-' || c == '/' || c == ' ') {
            masked = true;
        } else if (isDigit(c) || isAsciiLetter(c)) {
            letters = letters || !isDigit(c);
            reading.normalised += upperAscii(c);
        } else {
            reading.why = "document_characters";
            return reading;
        }
        if (reading.normalised.size() > 14) {
            reading.why = "document_length";
            return reading;
        }
    }
    std::string& number = reading.normalised;
    const auto accept = [&](DocumentKind kind, std::string value) {
        reading.padded = value.size() != number.size();
        number = std::move(value);
        reading.kind = kind;
        reading.valid = true;
        return reading;
    };
    if (number.empty()) {
        reading.why = "document_empty";
        return reading;
    }
    if (isCpf(number)) return accept(DocumentKind::Cpf, number);
    if (isCnpj(number)) return accept(DocumentKind::Cnpj, number);
    if (!masked && !letters && number.size() >= 8 && !allEqual(number)) {
        if (number.size() < 11 && isCpf(padded(number, 11)))
            return accept(DocumentKind::Cpf, padded(number, 11));
        if (number.size() < 14 && isCnpj(padded(number, 14)) && !likelierCpf(padded(number, 14), number))
            return accept(DocumentKind::Cnpj, padded(number, 14));
    }
    if (number.size() == 14)
        reading.kind = DocumentKind::Cnpj;
    else if (number.size() == 11 && !letters)
        reading.kind = DocumentKind::Cpf;
    const bool cnpjShape =
        reading.kind == DocumentKind::Cnpj && !allDigits(std::string_view(number).substr(12));
    if (allEqual(number))
        reading.why = "document_repeated";
    else if (cnpjShape || (letters && reading.kind == DocumentKind::None))
        reading.why = "document_characters";
    else if (reading.kind == DocumentKind::None)
        reading.why = "document_length";
    else
        reading.why = "document_check_digits";
    return reading;
}

std::string maskedDocument(std::string_view n) {
    const auto part = [&](std::size_t at, std::size_t size) { return std::string(n.substr(at, size)); };
    if (n.size() == 11) return part(0, 3) + '.' + part(3, 3) + '.' + part(6, 3) + '-' + part(9, 2);
    if (n.size() == 14)
        return part(0, 2) + '.' + part(2, 3) + '.' + part(5, 3) + '/' + part(8, 4) + '-' + part(12, 2);
    return std::string(n);
}

} // namespace trevo::identity
