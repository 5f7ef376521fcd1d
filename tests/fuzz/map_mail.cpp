// MIME, HTML to text and labelled lines, all behind one mapping.
#include "mapped.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto leads = trevo::fuzz::load("mail-leads/lead");
    trevo::fuzz::feed(*leads, {reinterpret_cast<const char*>(data), size}, "message/rfc822");
    return 0;
}
