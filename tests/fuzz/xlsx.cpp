// Any bytes as a workbook, as the sheet of one, and as a number's format: bounded, and the same each time.
#include "formats/xlsx.hpp"
#include "formats/xlsx_cells.hpp"
#include "formats/xml_events.hpp"

#include <cstdint>
#include <cstdlib>

using namespace trevo::formats;

namespace {

std::string rowsOf(std::string_view bytes) {
    XlsxReader reader(readFrom(bytes), {});
    std::string text;
    char block[512];
    const auto read = reader.rows();
    while (const std::size_t count = read(block, sizeof block))
        text.append(block, count);
    if (reader.problem() && reader.problem()->code.empty()) std::abort();
    return text;
}

class Counting final : public XmlHandler {
  public:
    int depth = 0;
    bool opened(std::string_view, const XmlAttributes&) override { return ++depth < 1000; }
    bool closed(std::string_view) override { return --depth >= 0; }
    bool text(std::string_view) override { return true; }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (rowsOf(bytes) != rowsOf(bytes)) std::abort();
    Counting counting;
    XmlEvents events(counting);
    if (events.feed(bytes.substr(0, size / 2), false) && events.feed(bytes.substr(size / 2), true) &&
        counting.depth != 0)
        std::abort();
    const auto format = cellFormatOf(bytes.substr(0, 100));
    for (const char* value : {"44562.5", "-1", "1e300", "0"})
        shownNumber(value, format, size % 2 == 1);
    oneLineCell(bytes);
    columnOf(bytes);
    return 0;
}
