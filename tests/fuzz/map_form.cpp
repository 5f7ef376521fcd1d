#include "mapped.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto site = trevo::fuzz::load("site/form");
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    trevo::fuzz::feed(*site, body, "application/x-www-form-urlencoded");
    trevo::fuzz::feed(*site, body, "multipart/form-data; boundary=b");
    return 0;
}
