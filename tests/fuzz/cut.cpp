// Any bytes as a large JSON, XML or NDJSON document: bounded, the same each time however they come, and a
// piece is a document that, cut again, stays what it is.
#include "formats/node_cutter.hpp"

#include "base/utf8.hpp"

#include <cstdint>
#include <cstdlib>

using namespace trevo::formats;

namespace {

using Cut = trevo::Result<bool> (*)(const Read&, const CutOptions&, const std::function<bool(NodePiece)>&);

struct Cutting {
    std::vector<NodePiece> pieces;
    std::string end; // "cut", "not cut" or the problem's place
};

Cutting cutUp(Cut cut, std::string_view bytes, const CutOptions& options, std::size_t bite) {
    Cutting out;
    const Read read = [bytes, bite](char* into, std::size_t size) mutable {
        const auto count = bytes.copy(into, std::min(bite, size));
        bytes.remove_prefix(count);
        return count;
    };
    const auto found = cut(read, options, [&](NodePiece piece) {
        out.pieces.push_back(std::move(piece));
        return true;
    });
    if (!found && found.error().code.empty()) std::abort();
    out.end = !found ? "problem" : *found ? "cut" : "not cut";
    return out;
}

void check(Cut cut, std::string_view bytes, const CutOptions& options) {
    const Cutting whole = cutUp(cut, bytes, options, bytes.size() + 1), slow = cutUp(cut, bytes, options, 3);
    if (whole.end != slow.end || whole.pieces.size() != slow.pieces.size()) std::abort();
    for (std::size_t i = 0; i < whole.pieces.size(); ++i) {
        const NodePiece& piece = whole.pieces[i];
        if (piece.text != slow.pieces[i].text || piece.nodes == 0 || piece.nodes > options.nodesPerPiece)
            std::abort();
        if (cut == cutLines) continue;
        if (!trevo::isUtf8(piece.text)) std::abort();
        const Cutting again = cutUp(cut, piece.text, options, 4096);
        if (again.pieces.size() != 1 || again.pieces[0].text != piece.text ||
            again.pieces[0].nodes != piece.nodes)
            std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    CutOptions options;
    options.nodesPerPiece = 3;
    options.paths = {{false, {}}, {false, {"leads"}}, {false, {"a", "b"}}};
    check(cutJson, bytes, options);
    check(cutLines, bytes, options);
    options.paths = {{true, {"lead"}}, {false, {"d", "g", "call"}}};
    check(cutXml, bytes, options);
    return 0;
}
