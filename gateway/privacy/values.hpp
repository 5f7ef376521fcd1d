// The values that tell who a person is, and finding them in bytes that others wrote: for erasing one person
// out of raw deliveries, and for looking whether anything is left.
//
// What is found: names by their words, in any case, with or without accents, in any order and with other
// words between them; numbers by their digits, whatever stands between; e-mail addresses in any case; plates
// in their old and their Mercosul form, plates and chassis with or without marks between. Each as plain text
// (UTF-8 or Windows-1252), as JSON escapes, percent-coded, and inside base64.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trevo::privacy {

struct Values {
    std::vector<std::string> names, documents, phones, emails; // as records hold them
    std::vector<std::string> vehicles = {};                    // plates and chassis

    void add(const Values& other);
    Values without(const Values& others) const; // what they have too is left out
    bool empty() const;
};

// Compiled from the values; immutable, any thread.
class Mask {
  public:
    explicit Mask(const Values& values);

    // Cheap: false when no number and no address can be in the bytes. Says nothing about names and vehicles.
    bool mayHold(std::string_view bytes) const;
    // Overwrites what is found: letters by 'x', digits by '0', so that the document around it still parses. A
    // base64 text that holds something is overwritten whole. Whether anything was found.
    bool apply(std::string& bytes) const;

  private:
    struct Number {
        std::string digits;
        bool alone; // short: only when nothing else is in the run of digits
    };
    std::vector<std::vector<std::string>> names_; // words
    std::vector<Number> numbers_;
    std::vector<std::string> emails_;   // lower case
    std::vector<std::string> vehicles_; // upper case, without marks

    friend class Pass;
};

// The forms in which the values stand in a file byte by byte, for a search that must not cost much: numbers
// and addresses plain, with the usual marks, escaped, percent-coded and in base64 at each alignment. Names
// are left out: they are others' too.
std::vector<std::string> needles(const Values& values);

// Files below `folder` that hold one of the needles, by their path in it. What can not be read is skipped:
// sockets and locks.
std::vector<std::string> filesHolding(const std::string& folder, const std::vector<std::string>& needles);

} // namespace trevo::privacy
