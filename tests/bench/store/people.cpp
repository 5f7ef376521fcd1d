#include "people.hpp"

#include "base/time.hpp"

#include <array>
#include <cstdio>
#include <string>

namespace trevo::bench {
namespace {

constexpr std::array kFirst = {"Maria",    "José",    "Ana",    "João",    "Antônio", "Francisco",
                               "Carlos",   "Paulo",   "Pedro",  "Lucas",   "Luiz",    "Marcos",
                               "Luís",     "Gabriel", "Rafael", "Juliana", "Márcia",  "Fernanda",
                               "Patrícia", "Aline",   "Sandra", "Camila",  "Amanda",  "Bruna"};
constexpr std::array kLast = {
    "Silva",  "Santos", "Oliveira", "Souza",   "Rodrigues", "Ferreira", "Alves",   "Pereira",
    "Lima",   "Gomes",  "Costa",    "Ribeiro", "Martins",   "Carvalho", "Almeida", "Lopes",
    "Soares", "Vieira", "Monteiro", "Mendes",  "Barros",    "Freitas",  "Barbosa", "Pinto",
    "Moura",  "Dias",   "Castro",   "Campos",  "Cardoso",   "Teixeira", "Moreira", "Correia"};
constexpr std::array kDdd = {11, 21, 31, 41, 51, 61, 71, 81, 85, 19};
constexpr std::array kModels = {"Argo", "Onix", "HB20",    "Kwid",    "Gol",
                                "Polo", "Mobi", "Corolla", "Compass", "Strada"};

// The same for every record of a person.
class Fixed {
  public:
    explicit Fixed(std::uint64_t person) : state_(person * 0x9e3779b97f4a7c15ULL + 1) {}
    std::uint64_t next(std::uint64_t below) {
        state_ ^= state_ >> 30;
        state_ *= 0xbf58476d1ce4e5b9ULL;
        state_ ^= state_ >> 27;
        state_ += 0x9e3779b97f4a7c15ULL;
        return (state_ >> 8) % below;
    }

  private:
    std::uint64_t state_;
};

std::string cpf(std::uint64_t nine) {
    char digits[12];
    std::snprintf(digits, sizeof digits, "%09llu", static_cast<unsigned long long>(nine));
    for (int length = 9; length < 11; ++length) {
        int sum = 0;
        for (int i = 0; i < length; ++i)
            sum += (digits[i] - '0') * (length + 1 - i);
        const int rest = sum % 11;
        digits[length] = static_cast<char>('0' + (rest < 2 ? 0 : 11 - rest));
    }
    return {digits, 11};
}

std::string plate(std::uint64_t n) {
    std::string text;
    for (int i = 0; i < 3; ++i, n /= 26)
        text += static_cast<char>('A' + n % 26);
    text += static_cast<char>('0' + n % 10);
    n /= 10;
    text += static_cast<char>('A' + n % 26);
    n /= 26;
    text += static_cast<char>('0' + n % 10);
    text += static_cast<char>('0' + n / 10 % 10);
    return text;
}

} // namespace

model::Record unkindLead(std::uint64_t number) {
    model::Record r;
    r.kind = model::Kind::Lead;
    r.source.integration = "bench";
    r.source.externalId = "X" + std::to_string(number);
    r.source.occurredAt = model::Timestamp{UtcTime::fromSeconds(1'790'000'000), ""};
    r.dealer = "loja0";
    r.customer.name = "Maria de Souza " + std::to_string(number % 5000);
    r.customer.phones.push_back(
        {"+55119" + std::to_string(10'000'000 + number * 7919 % 89'999'999), true, false, false});
    r.customer.emails.push_back({"m" + std::to_string(number) + "@example.com", true});
    r.vehicle.emplace();
    r.vehicle->plate = "ABC1D23";
    r.vehicle->adId = "A-5512";
    r.body = R"({"kind":"lead","customer":{"name":")" + r.customer.name + R"("},"lead":{"message":")" +
             std::string(600, 'x') + R"("}})";
    return r;
}

model::Record Stream::next() {
    ++number_;
    return about(random_() % static_cast<std::uint64_t>(people_));
}

model::Record Stream::about(std::uint64_t person) {
    Fixed fixed(person);
    const std::string first = kFirst[fixed.next(kFirst.size())];
    const std::string middle = kLast[fixed.next(kLast.size())];
    const std::string last = kLast[fixed.next(kLast.size())];
    const std::string document = cpf(fixed.next(999'999'999));
    const std::string phone = "+55" + std::to_string(kDdd[fixed.next(kDdd.size())]) + "9" +
                              std::to_string(60'000'000 + fixed.next(39'999'999));
    const std::string email = "pessoa" + std::to_string(person) + "@example.com";
    const std::uint64_t car = fixed.next(3'000'000);
    const auto chance = [&](std::uint64_t percent) { return random_() % 100 < percent; };

    model::Record r;
    const std::uint64_t kind = random_() % 10;
    r.kind = kind < 7 ? model::Kind::Lead : kind < 9 ? model::Kind::Message : model::Kind::Customer;
    r.source.integration = "bench";
    r.source.externalId = "X" + std::to_string(number_);
    r.source.occurredAt = model::Timestamp{UtcTime::fromSeconds(1'790'000'000 + number_ / 20), ""};
    r.dealer = "loja" + std::to_string(person % 8);
    model::Customer& customer = r.customer;
    customer.name = first + (chance(50) ? " " + middle : "") + " " + last;
    if (chance(30)) customer.document = model::Document{document, false, true};
    if (chance(85)) customer.phones.push_back({phone, true, false, false});
    if (chance(60) || customer.phones.empty()) customer.emails.push_back({email, true});
    if (r.kind == model::Kind::Lead) {
        r.vehicle.emplace();
        r.vehicle->model = kModels[car % kModels.size()];
        if (chance(50)) r.vehicle->plate = plate(car);
        r.vehicle->adId = std::to_string(car);
    }
    r.body = R"({"kind":")" + std::string(model::name(r.kind)) +
             R"(","source":{"integration":"bench","external_id":")" + r.source.externalId +
             R"("},"dealer":")" + r.dealer + R"(","customer":{"name":")" + customer.name +
             R"(","phones":[")" + phone + R"("]},"lead":{"type":"proposal","message":")" +
             std::string(500, 'x') + R"("}})";
    return r;
}

} // namespace trevo::bench
