// Writes small JSON texts: evidence, golden records, event data. Values are UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trevo::match {

// One JSON object, members in the order of the calls.
class JsonObject {
  public:
    JsonObject& text(std::string_view name, std::string_view value);
    JsonObject& textIfAny(std::string_view name, std::string_view value); // nothing when empty
    JsonObject& number(std::string_view name, std::int64_t value);
    JsonObject& decimal(std::string_view name, double value); // two decimals
    JsonObject& boolean(std::string_view name, bool value);
    JsonObject& raw(std::string_view name, std::string_view json); // JSON already
    bool empty() const { return out_.size() == 1; }
    std::string str() const { return out_ + "}"; }

  private:
    void begin(std::string_view name);
    std::string out_ = "{";
};

} // namespace trevo::match
