// Whatever bytes a peer sends: head scanner, field parser and chunk decoder neither crash nor read past the
// end, and the outcome does not depend on where the bytes were cut.
#include "ingest/http/chunked.hpp"
#include "ingest/http/head_parser.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace trevo::http;

std::size_t endOfHead(std::string_view bytes, std::size_t cut, const ListenerLimits& limits, bool& bad) {
    HeadScanner scanner(limits);
    const auto first = scanner.scan(bytes.substr(0, cut));
    bad = !first;
    if (bad || *first > 0) return bad ? 0 : *first;
    const auto second = scanner.scan(bytes);
    bad = !second;
    return bad ? 0 : *second;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const ListenerLimits limits;
    bool wholeBad = false, cutBad = false;
    const std::size_t whole = endOfHead(bytes, size, limits, wholeBad);
    const std::size_t cut = endOfHead(bytes, size / 2, limits, cutBad);
    if (wholeBad != cutBad || whole != cut) std::abort();
    if (whole == 0) return 0;
    const auto head = parseHead(bytes.substr(0, whole));
    if (head && head->chunked && head->contentLength != 0) std::abort();

    constexpr std::size_t kMaxBody = 4096;
    ChunkedDecoder decoder(kMaxBody, kMaxBody);
    std::string body;
    std::size_t used = 0;
    decoder.feed(bytes.substr(whole), body, used);
    if (body.size() > kMaxBody || used > size - whole) std::abort();
    return 0;
}
