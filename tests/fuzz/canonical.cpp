// Any bytes as one canonical record: never a crash, and whatever is accepted has a body that reads as itself.
#include "canonical/read.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace trevo;

namespace {

canonical::Context context() {
    canonical::Context out;
    out.integration = "site";
    out.defaultDealer = "centro";
    out.resolveDealer = [](std::string_view name) {
        return name == "centro" ? std::string(name) : std::string();
    };
    out.dealerZone = [](std::string_view) { return std::string("America/Sao_Paulo"); };
    out.dealerDdd = [](std::string_view) { return std::string("11"); };
    out.receivedAt = UtcTime::fromSeconds(1'795'352'400);
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const canonical::Context kContext = context();
    const auto first = canonical::read({reinterpret_cast<const char*>(data), size}, kContext);
    if (!first) return 0;
    const auto second = canonical::read(first->body, kContext);
    if (!second || second->body != first->body) std::abort();
    return 0;
}
