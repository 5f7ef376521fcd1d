// Any bytes as a table, in every dialect: bounded, the same each time, no row lost, and no line of a piece
// that its reader would not take.
#include "formats/csv_splitter.hpp"

#include "base/utf8.hpp"

#include <cstdint>
#include <cstdlib>

using namespace trevo::formats;

namespace {

std::string pieces(std::string_view bytes, std::size_t bite) {
    SplitOptions options;
    options.rowsPerPiece = 3;
    options.maxRowBytes = 512;
    options.maxPieceBytes = 2048;
    CsvSplitter splitter(
        [bytes, bite](char* into, std::size_t size) mutable {
            const auto count = bytes.copy(into, std::min(bite, size));
            bytes.remove_prefix(count);
            return count;
        },
        options);
    std::string all;
    Piece piece;
    for (std::size_t number = 0;; ++number) {
        const auto more = splitter.next(piece);
        if (!more) {
            if (more.error().code.empty()) std::abort();
            return all + more.error().place;
        }
        if (!*more) return all;
        if (piece.number != number || piece.rows > 3 || !trevo::isUtf8(piece.text)) std::abort();
        if (piece.text.size() > 16 * 2048) std::abort();
        std::vector<std::string_view> cells;
        RowReader reader(piece.text, {splitter.dialect().delimiter, '"'});
        while (!reader.atEnd())
            reader.next(cells);
        all += piece.text;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (pieces(bytes, size + 1) != pieces(bytes, 7)) std::abort();
    return 0;
}
