// Whatever bytes a request line holds: the target is refused, or it is a path that is safe to route on.
#include "base/utf8.hpp"
#include "ingest/http/target.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto target = trevo::http::parseTarget({reinterpret_cast<const char*>(data), size});
    if (!target) return 0;
    const std::string& path = target->path;
    const std::string closed = path + "/";
    const bool safe = path.starts_with('/') && trevo::isUtf8(path) && path.find('\0') == std::string::npos &&
                      closed.find("/../") == std::string::npos && closed.find("/./") == std::string::npos;
    if (!safe) std::abort();
    return 0;
}
