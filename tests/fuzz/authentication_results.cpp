#include "ingest/mail/authentication_results.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto results = trevo::mail::readAuthenticationResults({reinterpret_cast<const char*>(data), size});
    if (results && results->authority.empty()) std::abort();
    if (results && trevo::mail::vouchesFor(*results, "")) std::abort();
    return 0;
}
