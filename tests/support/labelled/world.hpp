// An invented group of dealerships and the people around it, with the truth of who is who: seeded, so that
// the same seed gives the same world on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::labelled {

// The same figures from the same seed on every platform, which <random>'s distributions do not promise. Throw
// once in an expression: the order of two throws in one is the compiler's.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : next() % bound; }
    bool chance(double part) { return static_cast<double>(next() >> 11) < part * 9007199254740992.0; }
    std::size_t skewed(std::size_t bound, double power); // small numbers more often

  private:
    std::uint64_t state_;
};

struct Car {
    std::string plate, oldPlate, vin, brand, model, stock;
    int year = 0;
    std::vector<std::string> ads; // one per portal
};

struct Person {
    std::string first, suffix;         // display form
    std::vector<std::string> surnames; // middle and last names
    std::string document, birthDate;
    bool company = false;
    std::vector<std::string> phones; // national digits, DDD first
    std::vector<std::string> emails;
    std::string street, city, state, postalCode, handle;
    int employer = -1; // works for this company and may use its phone
    int spouse = -1;
    bool sharesPhone = false, recycledPhone = false, family = false;
};

struct World {
    World(std::uint64_t seed, int people);

    std::vector<Person> people;
    std::vector<Car> cars;
    std::vector<std::string> proxyPhones; // of portals that mask the buyer's
    std::vector<std::string> dealerDocuments;
};

std::string validCpf(std::uint64_t nine);
std::string validCnpj(std::uint64_t twelve);

} // namespace trevo::labelled
