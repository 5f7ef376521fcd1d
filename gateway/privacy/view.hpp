// Bytes as somebody would read them, each character with the place that it was written in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace trevo::privacy {

struct Unit {
    unsigned char c = 0;
    std::uint32_t begin = 0, end = 0; // in the bytes
};
using View = std::vector<Unit>;

View plainView(std::string_view bytes);
View withoutJsonEscapes(const View& view); // \u00e3 becomes UTF-8, \/ a slash
View withoutPercent(const View& view);     // %40 and '+'
View withoutQuotedPrintable(const View& view);

} // namespace trevo::privacy
