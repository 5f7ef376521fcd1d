// How people and sellers write what they know: names, phones, documents and addresses with the usual damage.
#pragma once

#include "support/labelled/world.hpp"

namespace trevo::labelled {

// What is wrong with a record, so that the bench can say which of it costs merges. A bit each.
enum class Trap : unsigned {
    MaskedPhone = 1U << 0,
    NumberOnly = 1U << 1,
    DocumentAndCarOnly = 1U << 2,
    DocumentTypo = 1U << 3,
    Placeholder = 1U << 4,
    ForeignDocument = 1U << 5, // a spouse's or the dealer's own
    SharedPhone = 1U << 6,
    RecycledPhone = 1U << 7,
    Namesake = 1U << 8, // Filho, Júnior, Neto
    Company = 1U << 9,
    RelayEmail = 1U << 10,
    Nickname = 1U << 11,
    NameTypo = 1U << 12,
    Mojibake = 1U << 13,
    FirstNameOnly = 1U << 14,
    MissingDdd = 1U << 15,
    Late = 1U << 16,
    Repeated = 1U << 17,
    EmailTypo = 1U << 18,
    Family = 1U << 19,
};
inline constexpr int kTraps = 20;
std::string_view trapName(int bit);

// How a name is written, with the traps that this sets.
std::string writtenName(const Person& person, Dice& dice, bool careless, unsigned& traps);
std::string writtenPhone(const std::string& national, Dice& dice, unsigned& traps);
std::string writtenDocument(const std::string& document, Dice& dice, bool careless, unsigned& traps);
std::string writtenEmail(const std::string& email, Dice& dice, unsigned& traps);
std::string slip(std::string text, Dice& dice); // one typing error

} // namespace trevo::labelled
