#include "mapped.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto adf = trevo::fuzz::load("adf/prospect");
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    trevo::fuzz::feed(*adf, body, "text/xml");
    return 0;
}
