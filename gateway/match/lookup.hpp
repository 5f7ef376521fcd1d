// Who could a record be? Looks its values up and gathers the people behind them, few enough to be scored.
#pragma once

#include "match/model.hpp"

#include <string>
#include <vector>

namespace trevo::match {

struct Value { // of the record, with those who hold it already
    std::string text;
    std::size_t holders = 0;
    bool generic = false;
};

struct Lookup {
    std::vector<Value> documents, badDocuments, phones, weakPhones, emails, handles, mailboxes, addresses;
    std::vector<PersonId> persons; // in the order found; distinct
    std::vector<Key> keys;         // of the record
};

// The values that name somebody: document, handle, phone, e-mail, address. And who asks for the same car or
// was born on the same day, by the first name.
Lookup lookUpValues(const Features& features, const Settings& settings, CandidateSource& source);

// Adds what only hints at somebody: a document with a typing error, the place beside a name, the mailbox.
void lookUpHints(Lookup& lookup, const Features& features, const Settings& settings, CandidateSource& source);

} // namespace trevo::match
