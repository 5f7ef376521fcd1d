// Any bytes as the listing of a hostile server: bounded, the same each time, and no name that leads
// elsewhere.
#include "net/listing.hpp"

#include <cstdint>
#include <cstdlib>

using namespace trevo::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const auto form : {ListingForm::Mlsd, ListingForm::List}) {
        const auto listing = readListing(bytes, form, trevo::UtcTime::fromSeconds(1'764'102'247));
        if (!listing) {
            if (listing.error().code.empty()) std::abort();
            continue;
        }
        for (const auto& file : listing->files) {
            if (!isPlainName(file.name) || file.size < -1 || file.time.size() > 19) std::abort();
        }
        const auto again = readListing(bytes, form, trevo::UtcTime::fromSeconds(1'764'102'247));
        if (again->files != listing->files) std::abort();
    }
    return 0;
}
