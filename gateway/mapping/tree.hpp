// The nodes of a JSON, CSV or form document in reading order: a node's children follow it and end where its
// `end` says. Made once per thread and refilled, so that a lead costs no allocations here.
#pragma once

#include "mapping/value.hpp"

#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace trevo::mapping {

struct Node {
    std::string_view key; // of a table's entry
    std::string_view folded;
    std::string_view text; // of a scalar; of a row the line as it came
    std::uint32_t end = 0; // one past the last node inside
    std::uint32_t parent = kNone;
    std::uint32_t line = 0; // of a CSV row; 0 when the format does not tell
    Type type = Type::Null;
    bool used = false;
};

class Tree final : public View {
  public:
    // `loose`: keys are compared by foldKey.
    void clear(bool loose);

    // Building. Views must outlive the tree's use; keep() makes one that does.
    Ref open(Type type, std::string_view key, Ref parent);
    void close(Ref node) { nodes_[node].end = static_cast<std::uint32_t>(nodes_.size()); }
    void add(Type type, std::string_view key, std::string_view text, Ref parent);
    void setLine(Ref node, std::size_t line) { nodes_[node].line = static_cast<std::uint32_t>(line); }
    std::string_view keep(std::string text);
    // Of CSV and NDJSON: the header as it came (empty when there is none), the text of each row and what is
    // wrong with it.
    void setHeader(std::string_view text) { header_ = text; }
    void setRow(Ref node, std::string_view text) { nodes_[node].text = text; }
    void setProblem(Ref node, Problem problem) { broken_.insert_or_assign(node, std::move(problem)); }
    // Makes a table of each list that `lists` selects: an item's key is the scalar that it holds under
    // `name`. A second item of one name gets "#2" behind it, an item without a name its position.
    void nameItems(const Path& lists, const Path& name);
    std::size_t size() const { return nodes_.size(); }

    Ref root() const override { return 0; }
    Ref first(const Path& path, Ref base) override;
    void all(const Path& path, Ref base, std::vector<Ref>& out) override;
    Value value(Ref node) override { return {nodes_[node].type, nodes_[node].text}; }
    void use(Ref node) override;
    void unread(Ref base, std::vector<Leaf>& out) override;
    std::string pathOf(Ref node) const override;
    void countFrom(std::size_t depth, std::size_t before) override;
    std::string placeOf(Ref node) const override;
    Ref parentOf(Ref node) override { return nodes_[node].parent; }
    bool rows() const override { return header_.has_value(); }
    const Problem* problemOf(Ref node) const override;
    std::string excerpt(Ref part, const std::vector<Ref>& parts) override;

  private:
    Ref child(Ref node, const Step& step) const;
    void select(const std::vector<Step>& steps, std::size_t at, Ref node, std::vector<Ref>& out) const;
    std::string path(Ref node, Ref from, bool general) const;
    std::size_t position(Ref node) const;
    void write(Ref node, Ref part, const std::unordered_set<Ref>& others, std::string& out) const;

    bool loose_ = false;
    std::vector<Node> nodes_;
    std::deque<std::string> kept_;
    std::vector<Ref> found_;
    std::size_t countedDepth_ = 0, countedBefore_ = 0;
    std::optional<std::string_view> header_;
    std::unordered_map<Ref, Problem> broken_;
};

} // namespace trevo::mapping
