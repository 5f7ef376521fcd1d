// Any bytes as configuration: a value or errors with a place, never a crash.
#include "toml/value.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto parsed = trevo::toml::parse({reinterpret_cast<const char*>(data), size}, "trevo.toml");
    if (parsed.ok() ? !parsed->table() : parsed.error().empty()) std::abort();
    return 0;
}
