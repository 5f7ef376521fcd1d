// A mapping turns one kind of partner document into canonical records. It is a TOML file, compiled once at
// load into an immutable program; language and examples: docs/mappings.md.
//
// Pure: the same bytes and the same mapping version give the same records. Thread-safe after compile().
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "toml/value.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo::mapping {

struct Document {
    std::string_view contentType; // as declared by the sender, charset included; empty: the mapping's own
    std::string_view body;
    std::vector<std::pair<std::string, std::string>>
        parameters; // "path", "query.x", "header.x": reachable as @path, @query.x, @header.x
};

struct Limits {
    int maxDepth = 32;
    std::size_t maxRecords = 10'000; // of one document
    std::size_t maxNodes = 200'000;  // values in one document
    std::size_t maxBytes = std::size_t{32} << 20;
};

struct Mapped {
    std::vector<std::string> records;  // canonical JSON objects, not yet normalised
    std::vector<std::string> unmapped; // paths of the document that no rule read, each once, capped at 200
};

struct Program; // what a mapping is compiled to; private to this module

struct Checked {
    std::optional<std::string>
        deliveryKey; // the sender's own id of this delivery, when the mapping names one
    std::size_t records = 0;
};

class Mapping {
  public:
    // Every mistake in the file is reported, with line and column.
    static Result<std::shared_ptr<const Mapping>, toml::Errors>
    compile(std::string_view source, const std::string& fileName, const Limits& limits = {});
    static Result<std::shared_ptr<const Mapping>, toml::Errors> compileFile(const std::string& path,
                                                                            const Limits& limits = {});
    ~Mapping();

    const std::string& id() const;                        // "olx/lead": folder and kind
    const std::string& version() const;                   // 12 hex digits of the source's SHA-256
    const std::vector<std::string>& contentTypes() const; // that it accepts, without parameters, lower case

    // The cheap checks of the answer path: well-formed, within limits, required fields present and of a
    // readable shape.
    Result<Checked, Problems> check(const Document& document) const;

    Result<Mapped, Problems> apply(const Document& document) const;

  private:
    explicit Mapping(std::unique_ptr<Program> program);
    std::unique_ptr<Program> program_;
};

// Runs the test file beside a mapping. `update` rewrites the expectations instead.
struct TestReport {
    int passed = 0, failed = 0;
    std::string text; // one line a case; a failed one shows what differs by JSON Pointer
};
TestReport runTests(const std::string& testFile, bool update = false);

} // namespace trevo::mapping
