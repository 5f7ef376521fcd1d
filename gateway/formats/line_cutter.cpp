#include "base/utf8.hpp"
#include "formats/node_cutter.hpp"

#include <algorithm>

namespace trevo::formats {

Result<bool> cutLines(const Read& read, const CutOptions& options,
                      const std::function<bool(NodePiece)>& use) {
    NodePiece piece;
    std::string line;
    std::size_t number = 0; // of lines that ended
    const auto give = [&] {
        const std::size_t before = number;
        NodePiece given = std::exchange(piece, {});
        piece.before = before;
        return given.nodes == 0 || use(std::move(given));
    };
    const auto end = [&] {
        ++number;
        const bool blank = trimAscii(line).empty();
        piece.nodes += blank ? 0 : 1;
        piece.text.append(blank ? std::string_view() : std::string_view(line)) += '\n';
        line.clear();
        return (piece.nodes < options.nodesPerPiece && piece.text.size() < options.maxPieceBytes) || give();
    };
    char block[64 << 10];
    while (const std::size_t count = read(block, sizeof block)) {
        std::string_view rest(block, count);
        while (!rest.empty()) {
            const auto length = std::min(rest.find('\n'), rest.size());
            line += rest.substr(0, length);
            if (line.size() > options.maxNodeBytes) {
                return Problem{"node_too_large", "", "line " + std::to_string(number + 1),
                               "a line has more than " + std::to_string(options.maxNodeBytes) + " bytes"};
            }
            if (length == rest.size()) break;
            rest.remove_prefix(length + 1);
            if (!end()) return true;
        }
    }
    if (!line.empty() && !end()) return true;
    give();
    return number > 0;
}

} // namespace trevo::formats
