// Number plates: the old LLLNNNN and the Mercosul LLLNLNN form of one plate fold to the Mercosul form.
#pragma once

#include <string>
#include <string_view>

namespace trevo::identity {

struct PlateReading {
    std::string normalised; // Mercosul form; empty when invalid
    std::string oldForm;    // empty when the plate has none (fifth character K to Z)
    std::string
        suggestion; // Mercosul form after undoing look-alike characters by position, for a person to confirm
    bool valid = false;
    std::string_view why; // plate_empty, _placeholder, _foreign, _format
};

PlateReading readPlate(std::string_view raw);

} // namespace trevo::identity
