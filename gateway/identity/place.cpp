#include "identity/place.hpp"

#include "identity/text.hpp"

#include <array>
#include <utility>

namespace trevo::identity {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 27> kStates = {{
    {"AC", "ACRE"},        {"AL", "ALAGOAS"},   {"AM", "AMAZONAS"},          {"AP", "AMAPA"},
    {"BA", "BAHIA"},       {"CE", "CEARA"},     {"DF", "DISTRITO FEDERAL"},  {"ES", "ESPIRITO SANTO"},
    {"GO", "GOIAS"},       {"MA", "MARANHAO"},  {"MG", "MINAS GERAIS"},      {"MS", "MATO GROSSO DO SUL"},
    {"MT", "MATO GROSSO"}, {"PA", "PARA"},      {"PB", "PARAIBA"},           {"PE", "PERNAMBUCO"},
    {"PI", "PIAUI"},       {"PR", "PARANA"},    {"RJ", "RIO DE JANEIRO"},    {"RN", "RIO GRANDE DO NORTE"},
    {"RO", "RONDONIA"},    {"RR", "RORAIMA"},   {"RS", "RIO GRANDE DO SUL"}, {"SC", "SANTA CATARINA"},
    {"SE", "SERGIPE"},     {"SP", "SAO PAULO"}, {"TO", "TOCANTINS"},
}};

} // namespace

PlaceReading readPostalCode(std::string_view raw) {
    PlaceReading reading;
    const std::string text = plain(raw);
    if (text.empty()) {
        reading.why = "postal_code_empty";
        return reading;
    }
    std::string digits;
    for (const char c : text) {
        if (isDigit(c))
            digits += c;
        else if (c != '-' && c != '.' && c != ' ')
            digits.assign(9, 'x'); // no other character belongs in it
        if (digits.size() > 8) break;
    }
    if (digits.size() == 7 && allDigits(text)) digits.insert(0, 1, '0');
    if (digits.size() != 8) {
        reading.why = "postal_code_format";
    } else if (allEqual(digits)) {
        reading.why = "postal_code_repeated";
    } else {
        reading.normalised = digits.insert(5, 1, '-');
        reading.valid = true;
    }
    return reading;
}

PlaceReading readState(std::string_view raw) {
    PlaceReading reading;
    const std::string text = plain(raw);
    if (text.empty()) {
        reading.why = "uf_empty";
        return reading;
    }
    const std::string key = text.size() > 64 ? text : cityMatchKey(text);
    for (const auto& [code, name] : kStates) {
        if (key == code || key == name) {
            reading.normalised = code;
            reading.valid = true;
            return reading;
        }
    }
    reading.why = "uf_unknown";
    return reading;
}

std::string cityMatchKey(std::string_view city) {
    std::string out;
    for (const char c : folded(plain(city))) {
        const bool blank = c == ' ' || c == '\t';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    return out;
}

} // namespace trevo::identity
