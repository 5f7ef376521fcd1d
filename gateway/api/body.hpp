// JSON request bodies of the API's own calls: small flat objects.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::api {

// Takes typed members out of an object and remembers the first mistake. An empty body is an empty object.
class BodyReader {
  public:
    explicit BodyReader(std::string_view json);
    ~BodyReader();

    std::optional<std::string> text(const std::string& key, std::size_t maxBytes = 256);
    std::optional<std::vector<std::string>> texts(const std::string& key, std::size_t maxItems = 1000);
    std::optional<UtcTime> time(const std::string& key);
    std::optional<bool> boolean(const std::string& key);
    void require(const std::string& key); // a mistake when it is absent
    void fail(const std::string& key, std::string code, std::string detail);

    // The first mistake, or a member that nobody asked for; empty when all is well.
    std::optional<Problem> finish();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace trevo::api
