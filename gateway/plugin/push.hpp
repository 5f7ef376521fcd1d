// Internal to the module: a delivery in the shape of the ABI.
#pragma once

#include "trevo/abi/types.h"

#include <memory>
#include <string_view>

namespace trevo::plugin {

// Borrows its arguments. `metaJson` is the journal's: an object with method, path, query, remote and
// headers; what is absent or of another type is empty for the plugin.
class RawPush {
  public:
    RawPush(std::string_view role, std::string_view contentType, std::string_view metaJson,
            std::string_view body);
    ~RawPush();
    RawPush(const RawPush&) = delete;
    RawPush& operator=(const RawPush&) = delete;
    const trevo_push& get() const { return raw_; }

  private:
    struct Meta;
    std::unique_ptr<Meta> meta_; // null when there is none
    trevo_push raw_;
};

} // namespace trevo::plugin
