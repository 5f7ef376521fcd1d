// What cutting XML and JSON have in common: nodes gathered into pieces. Private to this module.
#pragma once

#include "formats/node_cutter.hpp"

#include <optional>

namespace trevo::formats {

class PieceMaker {
  public:
    PieceMaker(const CutOptions& options, const std::function<bool(NodePiece)>& use)
        : options_(options), use_(use) {}

    bool waiting() const { return count_ > 0; }
    bool full() const { return count_ >= options_.nodesPerPiece || nodes_.size() >= options_.maxPieceBytes; }
    bool any() const { return any_; }
    std::size_t nodes() const { return total_; }

    void beginList() { before_ = 0; }

    void add(std::string_view node, std::string_view between) {
        if (count_ > 0) nodes_ += between;
        nodes_ += node;
        ++count_;
        ++total_;
        any_ = true;
    }

    // The nodes between what stands before and after them. Whether to go on.
    bool give(std::string_view before, std::string_view after) {
        if (count_ == 0) return true;
        NodePiece piece;
        piece.before = before_;
        piece.nodes = count_;
        piece.text.reserve(before.size() + nodes_.size() + after.size());
        piece.text.append(before).append(nodes_).append(after);
        nodes_.clear();
        before_ += count_;
        count_ = 0;
        return use_(std::move(piece));
    }

  private:
    const CutOptions& options_;
    const std::function<bool(NodePiece)>& use_;
    std::string nodes_;
    std::size_t count_ = 0, total_ = 0, before_ = 0;
    bool any_ = false;
};

} // namespace trevo::formats
