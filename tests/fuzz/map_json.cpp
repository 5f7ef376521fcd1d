#include "mapped.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto olx = trevo::fuzz::load("olx/lead");
    static const auto site = trevo::fuzz::load("site/form");
    static const auto icarros = trevo::fuzz::load("icarros/leads");
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    for (const auto* mapping : {olx.get(), site.get(), icarros.get()})
        trevo::fuzz::feed(*mapping, body, "application/json");
    return 0;
}
