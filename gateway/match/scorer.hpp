// What speaks for and against a record being of one person.
#pragma once

#include "match/lookup.hpp"
#include "match/name_weights.hpp"
#include "match/names.hpp"

namespace trevo::match {

struct Scored {
    Candidate candidate;
    NameLevel name = NameLevel::Unknown;
    bool document = false;     // equal
    bool contact = false;      // phone, e-mail or handle equal
    bool handle = false;       // equal
    bool profileNamed = false; // somebody said who the person is
    bool numberOnly = false;   // all they share is a phone number that lacks its area code on one side, and
                               // they were not in touch with one dealer about then
    bool hinted = false;       // more than the name speaks for it
    std::int64_t apart = -1;   // seconds to the person's nearest record; -1: unknown
};

Scored score(const Features& features, const Profile& profile, const Lookup& lookup, const Settings& settings,
             CandidateSource& source, NameWeights& names);

} // namespace trevo::match
