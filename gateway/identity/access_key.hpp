// The access key of an electronic invoice (NF-e): 44 characters, the last a check digit.
#pragma once

#include <string>
#include <string_view>

namespace trevo::identity {

struct AccessKeyReading {
    std::string normalised; // 44 characters without blanks
    bool valid = false;
    std::string_view why; // access_key_length, access_key_characters, access_key_check_digit
};

AccessKeyReading readAccessKey(std::string_view raw);

} // namespace trevo::identity
