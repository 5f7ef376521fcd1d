#include "simulators/world.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace trevo::sim {

namespace {

constexpr std::array<const char*, 20> kFirst = {
    "Maria", "José", "Ana",      "João", "Antônia", "Francisco", "Letícia", "Carlos",  "Márcia",    "Paulo",
    "Inês",  "Luís", "Patrícia", "Caio", "Débora",  "Gonçalo",   "Joana",   "Rodrigo", "Conceição", "Rui"};
constexpr std::array<const char*, 12> kMiddle = {"Aparecida", "de Souza",   "Cristina", "da Silva",
                                                 "Augusto",   "dos Santos", "Regina",   "de Lima",
                                                 "Henrique",  "Barros",     "Moura",    "da Conceição"};
constexpr std::array<const char*, 20> kLast = {"Prado",     "Araújo",   "Gonçalves", "Magalhães", "Nogueira",
                                               "Melo",      "Brandão",  "Falcão",    "Teixeira",  "Vilela",
                                               "Guimarães", "Sá",       "Peixoto",   "Damião",    "Quintão",
                                               "Assunção",  "Fagundes", "Leão",      "Ramalho",   "Tavares"};

struct City {
    const char *name, *state, *ddd;
};
constexpr std::array<City, 6> kCities = {{{"São Paulo", "SP", "11"},
                                          {"Campinas", "SP", "19"},
                                          {"Rio de Janeiro", "RJ", "21"},
                                          {"Belo Horizonte", "MG", "31"},
                                          {"Curitiba", "PR", "41"},
                                          {"Porto Alegre", "RS", "51"}}};

struct Model {
    const char *brand, *model, *version;
    int price;
};
constexpr std::array<Model, 12> kModels = {{{"Fiat", "Argo", "1.3 Drive", 71900},
                                            {"Fiat", "Pulse", "1.0 Turbo Audace", 98900},
                                            {"Fiat", "Toro", "1.8 Freedom", 109900},
                                            {"Chevrolet", "Onix", "1.0 LT", 74900},
                                            {"Chevrolet", "Tracker", "1.2 Premier", 129900},
                                            {"Volkswagen", "Polo", "1.0 TSI Highline", 92900},
                                            {"Volkswagen", "Nivus", "1.0 Comfortline", 112900},
                                            {"Hyundai", "HB20", "1.0 Sense", 69900},
                                            {"Hyundai", "Creta", "1.0 Limited", 134900},
                                            {"Toyota", "Corolla", "2.0 XEi", 139900},
                                            {"Honda", "HR-V", "1.5 EXL", 144900},
                                            {"Jeep", "Renegade", "1.3 Longitude", 119900}}};
constexpr std::array<const char*, 8> kMessages = {
    "Ainda está disponível?",        "Aceita meu carro na troca?", "Gostaria de agendar um test drive.",
    "Qual o valor à vista?",         "Tem laudo cautelar?",        "Consigo financiar em 48x?",
    "Pode me ligar depois das 18h?", "Qual a quilometragem real?"};
constexpr int kStock = 25; // vehicles of each dealer

class Dice {
  public:
    Dice(std::uint64_t seed, std::string_view name, std::uint64_t number) {
        std::uint64_t hash = seed ^ 0x9e3779b97f4a7c15U;
        for (const char c : name)
            hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
        engine_.seed(hash ^ (number * 0xd1342543de82ef95U));
    }
    int below(int count) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(count)); }
    bool chance(int percent) { return below(100) < percent; }
    template <std::size_t N>
    const char* one(const std::array<const char*, N>& of) {
        return of[static_cast<std::size_t>(below(static_cast<int>(N)))];
    }

  private:
    std::mt19937_64 engine_;
};

std::string padded(std::int64_t number, int width) {
    char text[24];
    std::snprintf(text, sizeof text, "%0*lld", width, static_cast<long long>(number));
    return text;
}

char cpfDigit(const std::string& digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        sum += (digits[i] - '0') * static_cast<int>(digits.size() + 1 - i);
    const int rest = sum * 10 % 11;
    return static_cast<char>('0' + (rest == 10 ? 0 : rest));
}

std::string lower(std::string text) {
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}
std::string upper(std::string text) { // ASCII only: what a careless system does
    for (char& c : text)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

std::string spelledName(const Person& person, Dice& dice) {
    const std::string& name = person.name;
    switch (dice.below(6)) {
    case 0: return upper(withoutAccents(name));
    case 1: return lower(withoutAccents(name));
    case 2: return withoutAccents(name);
    case 3: return name.substr(0, name.find(' ')) + name.substr(name.rfind(' ')); // first and last
    case 4: return "  " + name + ' ';
    default: return name;
    }
}

std::string spelledPhone(const std::string& phone, Dice& dice) {
    const std::string ddd = phone.substr(0, 2), front = phone.substr(2, 5), back = phone.substr(7);
    switch (dice.below(7)) {
    case 0: return '(' + ddd + ") " + front + '-' + back;
    case 1: return "+55 " + ddd + ' ' + front + '-' + back;
    case 2: return "55" + phone;
    case 3: return '0' + phone;
    case 4: return ddd + ' ' + front + ' ' + back;
    case 5: return ddd + front.substr(1) + back; // written before the ninth digit
    default: return phone;
    }
}

} // namespace

World::World(std::uint64_t seed, int people, std::vector<Dealer> dealers)
    : seed_(seed), people_(people), dealers_(std::move(dealers)) {}

Person World::person(int index) const {
    Dice dice(seed_, "person", static_cast<std::uint64_t>(index));
    Person person;
    person.index = index;
    const std::string first = dice.one(kFirst), last = dice.one(kLast);
    person.name = first + ' ' + dice.one(kMiddle) + ' ' + last;
    // Steps that are coprime to the range, so that no two people share a CPF, phone or e-mail.
    const auto offset = static_cast<std::int64_t>(seed_ % 1'000'000'007U);
    person.cpf = padded((offset + std::int64_t{index} * 7'368'787) % 1'000'000'000, 9);
    person.cpf += cpfDigit(person.cpf);
    person.cpf += cpfDigit(person.cpf);
    const City& city = kCities[static_cast<std::size_t>(dice.below(static_cast<int>(kCities.size())))];
    person.city = city.name;
    person.state = city.state;
    person.phone =
        std::string(city.ddd) + "99" + padded((offset + std::int64_t{index} * 68'787) % 10'000'000, 7);
    person.email = lower(withoutAccents(first + '.' + last)) + padded(offset % 9973, 1) + '.' +
                   std::to_string(index) + "@example.com";
    return person;
}

Vehicle World::vehicle(std::size_t dealer, int index) const {
    Dice dice(seed_, "vehicle", dealer * kStock + static_cast<std::uint64_t>(index));
    const int model = dice.below(static_cast<int>(kModels.size()));
    const Model& known = kModels[static_cast<std::size_t>(model)];
    Vehicle vehicle;
    vehicle.brand = known.brand;
    vehicle.model = known.model;
    vehicle.version = known.version;
    vehicle.brandCode = 10 + model / 3;
    vehicle.modelCode = 100 + model;
    const int serial = static_cast<int>(dealer) * kStock + index;
    for (int letter = 0; letter < 3; ++letter)
        vehicle.plate += static_cast<char>('A' + dice.below(26));
    vehicle.plate += padded(serial / 100 % 10, 1);
    vehicle.plate += static_cast<char>('A' + dice.below(10));
    vehicle.plate += padded(serial % 100, 2);
    vehicle.stockId = "E-" + padded(1000 + serial, 4);
    vehicle.adId = 44'000'000 + serial;
    vehicle.modelYear = 2018 + dice.below(8);
    vehicle.buildYear = vehicle.modelYear - dice.below(2);
    vehicle.km = 5'000 + 1'000 * dice.below(90);
    vehicle.priceReais = known.price - 1'000 * (2026 - vehicle.modelYear);
    return vehicle;
}

Lead World::lead(std::string_view partner, int number) const {
    Dice dice(seed_, partner, static_cast<std::uint64_t>(number));
    Lead lead;
    lead.number = number;
    lead.id = 1'000'000 + static_cast<std::int64_t>(seed_ % 900'000) * 10'000 + number;
    lead.person = person(dice.below(people_));
    const int home = lead.person.index;
    const auto dealerCount = static_cast<int>(dealers_.size());
    lead.dealer = static_cast<std::size_t>((dice.chance(85) ? home : dice.below(dealerCount)) % dealerCount);
    lead.vehicle = vehicle(lead.dealer, dice.chance(70) ? home * 7 % kStock : dice.below(kStock));
    lead.spelling.name = spelledName(lead.person, dice);
    lead.spelling.phone = dice.chance(90) ? spelledPhone(lead.person.phone, dice) : "";
    if (lead.spelling.phone.empty() || dice.chance(70))
        lead.spelling.email = dice.chance(20) ? upper(lead.person.email) : lead.person.email;
    if (dice.chance(50)) {
        const std::string& cpf = lead.person.cpf;
        lead.spelling.cpf = dice.chance(50) ? cpf
                                            : cpf.substr(0, 3) + '.' + cpf.substr(3, 3) + '.' +
                                                  cpf.substr(6, 3) + '-' + cpf.substr(9);
    }
    lead.message = dice.one(kMessages);
    lead.offerReais = lead.vehicle.priceReais - 500 * dice.below(8);
    lead.dice = dice.below(1000);
    return lead;
}

std::vector<Dealer> usualDealers() {
    return {{"centro", "11222333000181", "7712340"}, {"sul", "11444777000161", "7712341"}};
}

std::string maskedCnpj(const std::string& digits) {
    if (digits.size() != 14) return digits;
    return digits.substr(0, 2) + '.' + digits.substr(2, 3) + '.' + digits.substr(5, 3) + '/' +
           digits.substr(8, 4) + '-' + digits.substr(12);
}

std::string withoutAccents(std::string_view utf8) {
    static constexpr std::array<std::pair<std::string_view, char>, 14> kPlain = {{{"á", 'a'},
                                                                                  {"â", 'a'},
                                                                                  {"ã", 'a'},
                                                                                  {"à", 'a'},
                                                                                  {"é", 'e'},
                                                                                  {"ê", 'e'},
                                                                                  {"í", 'i'},
                                                                                  {"ó", 'o'},
                                                                                  {"ô", 'o'},
                                                                                  {"õ", 'o'},
                                                                                  {"ú", 'u'},
                                                                                  {"ç", 'c'},
                                                                                  {"Á", 'A'},
                                                                                  {"É", 'E'}}};
    std::string out;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto found = std::find_if(kPlain.begin(), kPlain.end(), [&](const auto& entry) {
            return utf8.substr(at).starts_with(entry.first);
        });
        out += found == kPlain.end() ? utf8[at] : found->second;
        at += found == kPlain.end() ? 1 : found->first.size();
    }
    return out;
}

std::string isoTime(std::int64_t utcMillis, int offsetHours) {
    using namespace std::chrono;
    const std::int64_t local = utcMillis + std::int64_t{offsetHours} * 3'600'000;
    const sys_time<milliseconds> at{milliseconds{local}};
    const auto day = floor<days>(at);
    const year_month_day date{day};
    const hh_mm_ss time{at - day};
    char text[48];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03d", static_cast<int>(date.year()),
                  unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                  static_cast<int>(time.subseconds().count()));
    std::string out = text;
    if (offsetHours == 0) return out + 'Z';
    std::snprintf(text, sizeof text, "%c%02d:00", offsetHours < 0 ? '-' : '+', std::abs(offsetHours));
    return out + text;
}

} // namespace trevo::sim
