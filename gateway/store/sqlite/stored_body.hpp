// Reads back what the golden record and the vehicle of a negotiation need from a stored canonical body. The
// body was checked and normalised when it came, under the configuration of that time; reading it again must
// not depend on today's.
#pragma once

#include "match/match.hpp"
#include "privacy/values.hpp"

#include <string>
#include <string_view>

namespace trevo::store::sqlite {

// Kind and customer. Which document, phones and e-mails are sound is told by the features derived when it
// came.
model::Record readCustomer(model::Kind kind, std::string_view body, const match::Features& features);

// Names, numbers and addresses of whom the body speaks. Of a call's two ends, the customer's: the one among
// the features.
privacy::Values personalValues(std::string_view body, const match::Features& features);

struct VehicleText {
    std::string json; // empty when the record has no vehicle
    std::size_t fields = 0;
};
VehicleText readVehicle(std::string_view body);

} // namespace trevo::store::sqlite
