// What the model does not know, kept at the path where it stood.
#pragma once

#include "canonical/path.hpp"

#include <simdjson.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace trevo::canonical {

// Elements belong to the parser and must outlive this.
class Extra {
  public:
    // An unknown member `key` of the object at `where`. Takes the place of what the sender's own `extra` has
    // there.
    void add(const Path& where, std::string_view key, simdjson::dom::element value);
    // The sender's own `extra`, or the one of a body that is read again.
    void addAll(simdjson::dom::object extra);

    bool empty() const { return top_.members.empty(); }
    // Appends the object, its members in the order of their names. False, with an incomplete text, when it
    // nests deeper than `deepest` levels.
    bool write(std::string& out, int deepest) const;

  private:
    struct Node {
        std::optional<simdjson::dom::element> leaf; // none: an object
        std::map<std::string, Node, std::less<>> members;
    };

    static void put(Node& parent, std::string_view key, simdjson::dom::element value);
    Node& nodeAt(const Path& where);
    static bool write(const Node& node, std::string& out, int deepest);

    Node top_;
};

} // namespace trevo::canonical
