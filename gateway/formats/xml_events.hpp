// Reads XML as it comes, in pieces that may end anywhere, without keeping it: for documents that are too
// large to be held. Refuses <!DOCTYPE. Names are as written, with their prefix; all text is UTF-8.
#pragma once

#include "base/result.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace trevo::formats {

class XmlAttributes {
  public:
    explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
    std::string_view find(std::string_view name) const; // empty when there is none
    template <class Use>
    void each(Use use) const { // (name, value)
        for (const char** pair = pairs_; *pair; pair += 2)
            use(std::string_view(pair[0]), std::string_view(pair[1]));
    }

  private:
    const char** pairs_; // name, value, …, null
};

// Each returns whether to go on.
class XmlHandler {
  public:
    virtual ~XmlHandler() = default;
    virtual bool opened(std::string_view name, const XmlAttributes& attributes) = 0;
    virtual bool closed(std::string_view name) = 0;
    virtual bool text(std::string_view bytes) = 0;
};

class XmlEvents {
  public:
    explicit XmlEvents(XmlHandler& handler); // which must outlive it
    ~XmlEvents();
    XmlEvents(const XmlEvents&) = delete;
    XmlEvents& operator=(const XmlEvents&) = delete;

    // False when the document is broken (then there is a problem()) or the handler wanted no more.
    bool feed(std::string_view bytes, bool last);
    const std::optional<Problem>& problem() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace trevo::formats
