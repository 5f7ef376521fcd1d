// Somebody of that name was in touch with the same dealer a little before or after. Says the more, the fewer
// are in touch there and then about the same car: with 2 records a day about one model an equal name is
// hardly chance, with 200 a day it is.
#pragma once

#include "match/model.hpp"

#include <optional>

namespace trevo::match {

struct VisitEvidence {
    const char* feature; // "same_model_and_year_lately", "same_model_lately", "same_dealer_lately"
    double bonus;        // beside ln(people / others)
    double others;       // records that would agree by chance
};

// The strongest that the profile's visits give.
std::optional<VisitEvidence> sameVisit(const Features& features, const Profile& profile, const Model& model,
                                       CandidateSource& source);

// In touch with the same dealer within half a period, about whatever.
bool sameDealerLately(const Features& features, const Profile& profile);

// What the traffic of a dealer is counted by: any car (empty), the model, the model of that year.
std::string trafficOf(const std::string& carModel, int modelYear);

} // namespace trevo::match
