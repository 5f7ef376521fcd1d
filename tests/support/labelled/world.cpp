#include "support/labelled/world.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <map>

namespace trevo::labelled {
namespace {

using Word = std::string_view;

// Roughly in the order of how common they are; drawn with a skew.
constexpr std::array<Word, 96> kFirst = {
    "Maria",     "José",       "Ana",       "João",    "Antônio",  "Francisco", "Carlos",   "Paulo",
    "Pedro",     "Lucas",      "Luiz",      "Marcos",  "Luís",     "Gabriel",   "Rafael",   "Daniel",
    "Marcelo",   "Bruno",      "Eduardo",   "Felipe",  "Adriana",  "Juliana",   "Márcia",   "Fernanda",
    "Patrícia",  "Aline",      "Sandra",    "Camila",  "Amanda",   "Bruna",     "Jéssica",  "Letícia",
    "Júlia",     "Luciana",    "Vanessa",   "Mariana", "Gabriela", "Vera",      "Rita",     "Sônia",
    "Raimundo",  "Sebastião",  "Rodrigo",   "Manoel",  "Mateus",   "André",     "Fernando", "Fábio",
    "Leonardo",  "Gustavo",    "Guilherme", "Leandro", "Tiago",    "Thiago",    "Anderson", "Ricardo",
    "Márcio",    "Jorge",      "Sérgio",    "Roberto", "Cláudio",  "Vinícius",  "Diego",    "Alexandre",
    "Wesley",    "Wellington", "Cristiane", "Simone",  "Débora",   "Tatiane",   "Viviane",  "Rosângela",
    "Terezinha", "Aparecida",  "Beatriz",   "Larissa", "Renata",   "Carla",     "Eliane",   "Regina",
    "Otávio",    "Caio",       "Igor",      "Renan",   "Murilo",   "Hugo",      "Davi",     "Samuel",
    "Nicolas",   "Elaine",     "Yasmin",    "Lívia",   "Isabela",  "Clara",     "Helena",   "Cecília"};
constexpr std::array<Word, 80> kLast = {
    "Silva",     "Santos",      "Oliveira", "Souza",      "Rodrigues", "Ferreira", "Alves",      "Pereira",
    "Lima",      "Gomes",       "Costa",    "Ribeiro",    "Martins",   "Carvalho", "Almeida",    "Lopes",
    "Soares",    "Fernandes",   "Vieira",   "Barbosa",    "Rocha",     "Dias",     "Nascimento", "Andrade",
    "Moreira",   "Nunes",       "Marques",  "Machado",    "Mendes",    "Freitas",  "Cardoso",    "Ramos",
    "Gonçalves", "Santana",     "Teixeira", "Araújo",     "Pinto",     "Moura",    "Correia",    "Castro",
    "Campos",    "Batista",     "Monteiro", "Cavalcante", "Reis",      "Barros",   "Melo",       "Cunha",
    "Miranda",   "Azevedo",     "Borges",   "Fonseca",    "Coelho",    "Duarte",   "Medeiros",   "Braga",
    "Aguiar",    "Bezerra",     "Xavier",   "Pires",      "Siqueira",  "Macedo",   "Guimarães",  "Tavares",
    "Magalhães", "Queiroz",     "Brito",    "Rezende",    "Farias",    "Leite",    "Sales",      "Assis",
    "Bueno",     "Bittencourt", "Schmidt",  "Müller",     "Rossi",     "Bianchi",  "Tanaka",     "Nakamura"};
constexpr std::array<Word, 16> kBegin = {"Ge", "Va",  "Jo",  "Cle", "Wal", "Ri", "Edi", "Ro",
                                         "Ju", "Ade", "Lau", "Mi",  "No",  "Su", "Kel", "Ari"};
constexpr std::array<Word, 16> kMiddle = {"ni", "le", "ci", "ra", "de", "va", "mi", "to",
                                          "si", "li", "ne", "ro", "da", "ze", "be", "ta"};
constexpr std::array<Word, 12> kEnd = {"lson", "ne", "ldo", "ra", "na",  "ton",
                                       "le",   "sa", "mar", "ly", "nei", "ta"};
constexpr std::array<Word, 10> kTrade = {
    "Transportes", "Construtora",  "Auto Peças",    "Comércio de Alimentos", "Engenharia",
    "Locadora",    "Agropecuária", "Distribuidora", "Serviços Médicos",      "Logística"};
struct Place {
    Word city, state, ddd, postal;
    int weight;
};
constexpr std::array<Place, 12> kPlaces = {{{"São Paulo", "SP", "11", "01", 30},
                                            {"Guarulhos", "SP", "11", "07", 9},
                                            {"Campinas", "SP", "19", "13", 10},
                                            {"Sorocaba", "SP", "15", "18", 6},
                                            {"Santos", "SP", "13", "11", 6},
                                            {"Osasco", "SP", "11", "06", 8},
                                            {"Curitiba", "PR", "41", "80", 8},
                                            {"Rio de Janeiro", "RJ", "21", "20", 8},
                                            {"Belo Horizonte", "MG", "31", "30", 6},
                                            {"Jundiaí", "SP", "11", "13", 5},
                                            {"Ribeirão Preto", "SP", "16", "14", 3},
                                            {"Joinville", "SC", "47", "89", 1}}};
struct ModelName {
    Word brand, model;
};
constexpr std::array<ModelName, 16> kModels = {{{"Fiat", "Argo"},
                                                {"Chevrolet", "Onix"},
                                                {"Hyundai", "HB20"},
                                                {"Renault", "Kwid"},
                                                {"Volkswagen", "Gol"},
                                                {"Volkswagen", "Polo"},
                                                {"Fiat", "Mobi"},
                                                {"Toyota", "Corolla"},
                                                {"Jeep", "Compass"},
                                                {"Fiat", "Strada"},
                                                {"Honda", "Civic"},
                                                {"Nissan", "Kicks"},
                                                {"Ford", "Ka"},
                                                {"Jeep", "Renegade"},
                                                {"Hyundai", "Creta"},
                                                {"Chevrolet", "Tracker"}}};
constexpr std::array<Word, 24> kStreets = {
    "das Flores",   "XV de Novembro", "Sete de Setembro", "Paulista",      "Brasil",       "São João",
    "Dom Pedro II", "Tiradentes",     "Amazonas",         "Goiás",         "Santa Rita",   "Marechal Deodoro",
    "Bela Vista",   "do Comércio",    "Voluntários",      "Independência", "Rio Branco",   "Duque de Caxias",
    "Bandeirantes", "Ipiranga",       "José Bonifácio",   "Barão de Mauá", "Minas Gerais", "Boa Esperança"};
constexpr std::array<Word, 6> kDomains = {"gmail.com",    "hotmail.com", "outlook.com",
                                          "yahoo.com.br", "uol.com.br",  "bol.com.br"};

std::string digits(Dice& dice, int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += static_cast<char>('0' + dice.below(10));
    return text;
}

std::string invented(Dice& dice) {
    std::string name(kBegin[dice.below(kBegin.size())]);
    if (dice.chance(0.6)) name += kMiddle[dice.below(kMiddle.size())];
    return name + std::string(kEnd[dice.below(kEnd.size())]);
}

std::string firstName(Dice& dice) {
    return dice.chance(0.12) ? invented(dice) : std::string(kFirst[dice.skewed(kFirst.size(), 1.9)]);
}
std::string lastName(Dice& dice) {
    return dice.chance(0.10) ? invented(dice) + "i" : std::string(kLast[dice.skewed(kLast.size(), 2.0)]);
}

std::string plain(std::string_view name) { // for addresses: letters only, lower case
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto c = static_cast<unsigned char>(name[i]);
        if (c >= 'A' && c <= 'Z')
            out += static_cast<char>(c - 'A' + 'a');
        else if (c >= 'a' && c <= 'z')
            out += static_cast<char>(c);
        else if (c == 0xC3 && i + 1 < name.size()) {
            const auto d = static_cast<unsigned char>(name[++i]);
            out += d >= 0xA0 && d <= 0xA5   ? 'a'
                   : d == 0xA7              ? 'c'
                   : d >= 0xA8 && d <= 0xAB ? 'e'
                   : d >= 0xAC && d <= 0xAF ? 'i'
                   : d >= 0xB2 && d <= 0xB6 ? 'o'
                                            : 'u';
        }
    }
    return out;
}

std::string mobile(Dice& dice, std::string_view ddd) {
    const char first = static_cast<char>('6' + dice.below(4));
    return std::string(ddd) + "9" + first + digits(dice, 7);
}
std::string landline(Dice& dice, std::string_view ddd) {
    const char first = static_cast<char>('2' + dice.below(4));
    return std::string(ddd) + first + digits(dice, 7);
}

const Place& place(Dice& dice) {
    std::size_t at = dice.below(100);
    for (const auto& one : kPlaces) {
        if (at < static_cast<std::size_t>(one.weight)) return one;
        at -= static_cast<std::size_t>(one.weight);
    }
    return kPlaces.front();
}

void settle(Person& person, Dice& dice, const Place& at) {
    person.city = at.city;
    person.state = at.state;
    person.postalCode = std::string(at.postal) + digits(dice, 3);
    person.postalCode += "-" + digits(dice, 3);
    person.street = dice.chance(0.8) ? "Rua " : "Avenida ";
    person.street += kStreets[dice.below(kStreets.size())];
}

std::string address(Dice& dice, const Person& person) {
    std::string local = plain(person.first);
    switch (dice.below(4)) {
    case 0: local += "." + plain(person.surnames.back()); break;
    case 1: local += plain(person.surnames.back()) + digits(dice, 2); break;
    case 2: local = local.substr(0, 1) + plain(person.surnames.back()) + digits(dice, 3); break;
    default: local += digits(dice, 4); break;
    }
    return local + "@" + std::string(kDomains[dice.skewed(kDomains.size(), 1.6)]);
}

Person human(Dice& dice, const Place& at) {
    Person person;
    person.first = firstName(dice);
    if (dice.chance(0.18)) person.first += " " + std::string(kFirst[dice.skewed(kFirst.size(), 1.5)]);
    const std::size_t count = 1 + dice.below(3);
    for (std::size_t i = 0; i < count; ++i)
        person.surnames.push_back(lastName(dice));
    if (dice.chance(0.03)) person.suffix = dice.chance(0.5) ? "Júnior" : "Neto";
    person.document = validCpf(dice.below(1'000'000'000));
    const int year = 1945 + static_cast<int>(dice.below(61));
    const int month = 1 + static_cast<int>(dice.below(12));
    const int day = 1 + static_cast<int>(dice.below(28));
    char date[16];
    std::snprintf(date, sizeof date, "%04d-%02d-%02d", year, month, day);
    person.birthDate = date;
    person.phones.push_back(mobile(dice, at.ddd));
    if (dice.chance(0.25))
        person.phones.push_back(dice.chance(0.5) ? landline(dice, at.ddd) : mobile(dice, at.ddd));
    person.emails.push_back(address(dice, person));
    if (dice.chance(0.15)) person.emails.push_back(address(dice, person));
    settle(person, dice, at);
    if (dice.chance(0.3)) person.handle = "wa" + digits(dice, 12);
    return person;
}

Person company(Dice& dice, const Place& at) {
    Person person;
    person.company = true;
    person.first = kTrade[dice.below(kTrade.size())];
    person.first += " " + lastName(dice);
    person.surnames = {dice.chance(0.7) ? "Ltda" : dice.chance(0.5) ? "EIRELI" : "S/A"};
    person.document = validCnpj(dice.below(100'000'000) * 10'000 + 1);
    person.phones.push_back(landline(dice, at.ddd));
    person.emails.push_back("contato@" + plain(person.first) + ".com.br");
    settle(person, dice, at);
    return person;
}

Car car(Dice& dice) {
    Car one;
    const ModelName& model = kModels[dice.skewed(kModels.size(), 1.3)];
    one.brand = model.brand;
    one.model = model.model;
    one.year = 2012 + static_cast<int>(dice.below(15));
    std::string letters;
    for (int i = 0; i < 3; ++i)
        letters += static_cast<char>('A' + dice.below(26));
    const std::string number = digits(dice, 4);
    one.oldPlate = letters + number;
    one.plate = letters + number[0] + static_cast<char>('A' + (number[1] - '0')) + number.substr(2);
    constexpr std::string_view kVin = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    one.vin = "9B";
    for (int i = 0; i < 9; ++i)
        one.vin += kVin[dice.below(kVin.size())];
    one.vin += digits(dice, 6);
    one.stock = "E" + digits(dice, 6);
    for (int i = 0; i < 3; ++i)
        one.ads.push_back(digits(dice, 9));
    return one;
}

} // namespace

std::uint64_t Dice::next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

std::size_t Dice::skewed(std::size_t bound, double power) {
    const double part = static_cast<double>(next() >> 11) / 9007199254740992.0;
    return static_cast<std::size_t>(std::pow(part, power) * static_cast<double>(bound));
}

std::string validCpf(std::uint64_t nine) {
    char text[16];
    std::snprintf(text, sizeof text, "%09llu", static_cast<unsigned long long>(nine % 1'000'000'000));
    for (int length = 9; length < 11; ++length) {
        int sum = 0;
        for (int i = 0; i < length; ++i)
            sum += (text[i] - '0') * (length + 1 - i);
        text[length] = static_cast<char>('0' + (sum % 11 < 2 ? 0 : 11 - sum % 11));
    }
    return {text, 11};
}

std::string validCnpj(std::uint64_t twelve) {
    char text[24];
    std::snprintf(text, sizeof text, "%012llu",
                  static_cast<unsigned long long>(twelve % 1'000'000'000'000ULL));
    for (int length = 12; length < 14; ++length) {
        int sum = 0;
        for (int i = 0; i < length; ++i)
            sum += (text[i] - '0') * (2 + (length - 1 - i) % 8);
        text[length] = static_cast<char>('0' + (sum % 11 < 2 ? 0 : 11 - sum % 11));
    }
    return {text, 14};
}

World::World(std::uint64_t seed, int count) {
    Dice dice(seed * 7919 + 17);
    while (static_cast<int>(people.size()) < count) {
        const Place& at = place(dice);
        const auto here = static_cast<int>(people.size());
        if (dice.chance(0.03)) {
            people.push_back(company(dice, at));
            for (std::size_t i = dice.below(4); i > 0; --i) {
                people.push_back(human(dice, at));
                people.back().employer = here;
            }
            continue;
        }
        people.push_back(human(dice, at));
        if (!dice.chance(0.16)) continue;
        // A household: one surname, one address, perhaps one phone and one mailbox; a son named after his
        // father.
        const std::size_t size = 1 + dice.below(3);
        const bool phone = dice.chance(0.5);
        const bool mail = dice.chance(0.12);
        for (std::size_t i = 0; i < size; ++i) {
            Person other = human(dice, at);
            const Person& head = people[static_cast<std::size_t>(here)];
            other.surnames.back() = head.surnames.back();
            other.street = head.street;
            other.postalCode = head.postalCode;
            if (i == 0 && dice.chance(0.6)) {
                other.spouse = here;
            } else if (dice.chance(0.2)) {
                other.first = head.first;
                other.surnames = head.surnames;
                other.suffix = dice.chance(0.5) ? "Filho" : "Júnior";
            }
            if (phone) other.phones[0] = head.phones[0];
            if (mail) other.emails[0] = head.emails[0];
            other.sharesPhone = phone;
            other.family = true;
            people.push_back(std::move(other));
        }
        people[static_cast<std::size_t>(here)].family = true;
        people[static_cast<std::size_t>(here)].sharesPhone = phone;
    }
    people.resize(static_cast<std::size_t>(count));
    for (auto& person : people) {
        if (person.employer >= 0 && dice.chance(0.5))
            person.phones.push_back(people[static_cast<std::size_t>(person.employer)].phones[0]);
        if (!person.company && dice.chance(0.02)) {
            const Person& before = people[dice.below(people.size())];
            if (before.company) continue;
            person.phones[0] = before.phones[0];
            person.recycledPhone = true;
        }
    }
    // A mailbox is one household's; the next maria.souza has to add a number.
    std::map<std::string, std::string> owners;
    for (auto& person : people) {
        for (auto& email : person.emails) {
            const std::string owner = person.surnames.back() + person.street + person.postalCode;
            while (!owners.emplace(email, owner).second && owners[email] != owner)
                email.insert(email.find('@'), digits(dice, 1));
        }
    }
    for (int i = 0; i < count / 2 + 20; ++i)
        cars.push_back(car(dice));
    for (int i = 0; i < count / 500 + 4; ++i)
        proxyPhones.push_back(mobile(dice, place(dice).ddd));
    for (std::uint64_t i = 0; i < 4; ++i)
        dealerDocuments.push_back(validCnpj(112'223'330'001 + i));
}

} // namespace trevo::labelled
