// The people, vehicles and dealers that the simulated partners share. Everything is a pure function of the
// seed, so two simulators with one seed know the same people even in two processes; each portal only spells
// them differently.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::sim {

struct Dealer {
    std::string id;   // the gateway's
    std::string cnpj; // without mask
    std::string code; // the partners'
};

struct Person {
    int index = 0;
    std::string name;  // with accents
    std::string cpf;   // 11 digits, valid
    std::string phone; // area code and nine digits
    std::string email;
    std::string city, state;
};

struct Vehicle {
    std::string brand, model, version, plate, stockId;
    int brandCode = 0, modelCode = 0;
    int adId = 0;
    int buildYear = 0, modelYear = 0, km = 0;
    std::int64_t priceReais = 0;
};

// A person as one form wrote them down. Empty: not given; a phone or an e-mail always is.
struct Spelling {
    std::string name, cpf, phone, email;
};

struct Lead {
    int number = 0;  // counts from 0 within its partner
    std::int64_t id; // the partner's
    std::size_t dealer = 0;
    Person person;
    Spelling spelling;
    Vehicle vehicle;
    std::string message;
    std::int64_t offerReais = 0;
    int dice = 0; // 0 … 999, for what a partner decides by itself, such as its lead type
};

class World {
  public:
    World(std::uint64_t seed, int people, std::vector<Dealer> dealers);

    Person person(int index) const;
    Vehicle vehicle(std::size_t dealer, int index) const;
    Lead lead(std::string_view partner, int number) const;

    const std::vector<Dealer>& dealers() const { return dealers_; }
    std::uint64_t seed() const { return seed_; }

  private:
    std::uint64_t seed_;
    int people_;
    std::vector<Dealer> dealers_;
};

// Two invented dealers, "centro" and "sul".
std::vector<Dealer> usualDealers();

std::string maskedCnpj(const std::string& digits);
std::string withoutAccents(std::string_view utf8); // of the Portuguese letters

// Moments as the partners write them; `offsetHours` is the zone written.
std::string isoTime(std::int64_t utcMillis, int offsetHours = -3);

} // namespace trevo::sim
