// What a source document looks like to the rules, whatever its format: nodes that are named, selected and
// read.
#pragma once

#include "base/result.hpp"
#include "mapping/path.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::mapping {

enum class Type : std::uint8_t { Null, Boolean, Number, Text, List, Table };

// A number keeps its text, so that an amount is read exactly. List and Table have no text.
struct Value {
    Type type = Type::Null;
    std::string_view text;

    bool scalar() const { return type != Type::List && type != Type::Table; }
};

// A node of one loaded document; meaningless in another.
using Ref = std::uint32_t;
inline constexpr Ref kNone = std::numeric_limits<Ref>::max();

// A value that no rule read. `path` is relative to the node asked about and unique in it; `general` starts at
// the document and has '*' for every position, so that a thousand rows report one path.
struct Leaf {
    std::string path, general;
    Value value;
};

// One loaded document. Used by one thread; views of text live as long as the document is loaded.
class View {
  public:
    virtual ~View() = default;

    virtual Ref root() const = 0;
    virtual Ref first(const Path& path, Ref base) = 0;
    // Every node the path selects; a list at the end of the path stands for its items.
    virtual void all(const Path& path, Ref base, std::vector<Ref>& out) = 0;
    virtual Value value(Ref node) = 0;
    virtual void use(Ref node) = 0; // with everything in it
    virtual void unread(Ref base, std::vector<Leaf>& out) = 0;
    virtual std::string pathOf(Ref node) const = 0; // from the document, with positions; "" for the root
    // The nodes of that depth (1: the root's children) stand after so many more: pathOf counts them in.
    virtual void countFrom(std::size_t /*depth*/, std::size_t /*before*/) {}
    virtual std::string placeOf(Ref node) const = 0; // "line 4", or empty when the format does not tell

    virtual Ref parentOf(Ref node) = 0;         // kNone of the root
    virtual bool rows() const { return false; } // each line a row: the root's items are what is repeated
    // Why the node can not be read, when that does not keep others from being read; else null.
    virtual const Problem* problemOf(Ref) const { return nullptr; }
    // The document as UTF-8 with `part` and without the other parts.
    virtual std::string excerpt(Ref part, const std::vector<Ref>& parts) = 0;
};

std::string placeAt(std::string_view text, std::size_t offset); // "line 3, column 14"

} // namespace trevo::mapping
