// What a free text says about a car: "VW - T-Cross 200 TSI 2021/2022" is a VOLKSWAGEN TCROSS of 2022. Knows
// the brands and model families sold in Brazil; of others it keeps the words. Thread-safe, any bytes
// accepted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trevo::identity {

struct VehicleText {
    std::string brand; // upper case, no accents, one spelling per maker; empty when not said
    std::string model; // the family without blanks and dashes when it is a known one, else its words
    std::optional<int> modelYear;
};

// What the source said in fields of their own, each possibly empty; `text` is read for what they leave out.
// A text that names no known brand or family says nothing.
VehicleText readVehicleText(std::string_view brand, std::string_view model, std::string_view text);

} // namespace trevo::identity
