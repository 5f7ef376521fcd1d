// Writes JSON text front to back. Canonical bodies from the store are embedded as they are, not parsed and
// written again.
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::api {

// The caller keeps the nesting right: every begin has its end, keys only inside objects. Text that is not
// UTF-8 is read as Windows-1252, so that the output always is valid JSON.
class JsonWriter {
  public:
    JsonWriter& beginObject();
    JsonWriter& endObject();
    JsonWriter& beginArray();
    JsonWriter& endArray();
    JsonWriter& key(std::string_view name);

    JsonWriter& text(std::string_view value);
    JsonWriter& number(std::int64_t value);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    JsonWriter& raw(std::string_view json); // already JSON; empty becomes null

    // Members of the object that is open.
    JsonWriter& member(std::string_view name, std::string_view value) { return key(name).text(value); }
    JsonWriter& member(std::string_view name, const char* value) { return key(name).text(value); }
    JsonWriter& member(std::string_view name, UtcTime value) { return key(name).text(formatRfc3339(value)); }
    JsonWriter& member(std::string_view name, const std::optional<UtcTime>& value);
    JsonWriter& member(std::string_view name, const std::vector<std::string>& values);
    JsonWriter& count(std::string_view name, std::int64_t value) { return key(name).number(value); }
    JsonWriter& flag(std::string_view name, bool value) { return key(name).boolean(value); }
    // Null for an empty text: "none" and "" are the same to a reader of ours.
    JsonWriter& maybe(std::string_view name, std::string_view value);

    const std::string& str() const { return out_; }
    std::string take() { return std::move(out_); }

  private:
    void separate();

    std::string out_;
    bool comma_ = false;
};

} // namespace trevo::api
