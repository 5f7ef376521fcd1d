// Any bytes as a mapping file: mistakes are reported, and what compiles can be run.
#include "mapping/mapping.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace trevo::mapping;
    const auto mapping = Mapping::compile({reinterpret_cast<const char*>(data), size}, "acme/lead.map.toml");
    if (!mapping.ok()) {
        if (mapping.error().empty()) std::abort();
        return 0;
    }
    for (const auto* body :
         {R"({"a":{"b":[1,"x",null,true]},"name":"Ana"})", "<a><b c='1'>x</b></a>", "a;b\n1;2\n"})
        static_cast<void>((*mapping)->apply({"", body, {{"query.x", "1"}}}));
    return 0;
}
