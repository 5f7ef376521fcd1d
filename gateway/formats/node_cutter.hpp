// Cuts a JSON or XML document of any size into documents of some hundred repeated nodes, each with what
// stands beside and above the nodes, so that a mapping reads a piece as it would the whole.
//
// Invariants
//  - Memory is bounded by the limits below, whatever the document holds.
//  - The same bytes and options give the same pieces: a restart in the middle counts on it.
//  - Every node is in exactly one piece, written anew in UTF-8; comments and processing instructions are left
//    out. What stands after nodes that were given is with those that follow, or nowhere.
#pragma once

#include "base/result.hpp"
#include "formats/bytes.hpp"

#include <functional>
#include <string>
#include <vector>

namespace trevo::formats {

struct CutPath {
    bool anywhere = false; // XML: "//lead"; else from the document's root
    // XML: of the elements down to the node, without prefixes. JSON: of the members down to the list.
    std::vector<std::string> names;
};

struct CutOptions {
    std::vector<CutPath> paths; // the outermost that fits is a node
    bool oneListOnly = false;   // of several lists the mapping would read one
    bool readsBeside = false;   // what stands beside the nodes is read: then it must not come after them
    std::function<std::string(std::string_view)> canonical; // names are compared by what this makes of them
    std::size_t nodesPerPiece = 500;
    std::size_t maxPieceBytes = std::size_t{1} << 20; // a piece ends earlier when it grows beyond
    std::size_t maxNodeBytes = std::size_t{4} << 20;
    std::size_t maxBesideBytes = std::size_t{1} << 20; // above and beside the nodes
};

struct NodePiece {
    std::size_t before = 0; // nodes of the same list that are in pieces before
    std::size_t nodes = 0;
    std::string text; // UTF-8
};

// Gives the pieces to `use` until it returns false. False: there is no such node, and nothing was given; the
// same when what stands beside is more than is held before the first node. A Problem names the place from
// which on it can not be read; pieces before it are good.
Result<bool> cutXml(const Read& read, const CutOptions& options, const std::function<bool(NodePiece)>& use);
Result<bool> cutJson(const Read& read, const CutOptions& options, const std::function<bool(NodePiece)>& use);
// NDJSON: each line is a node, `before` counts lines, blank ones too; the paths have no part in it.
Result<bool> cutLines(const Read& read, const CutOptions& options, const std::function<bool(NodePiece)>& use);

} // namespace trevo::formats
