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

namespace trevo::formats {
struct CutOptions;
struct SplitOptions;
} // namespace trevo::formats

namespace trevo::mapping {

struct Document {
    std::string_view contentType; // as declared by the sender, charset included; empty: the mapping's own
    std::string_view body;
    std::vector<std::pair<std::string, std::string>>
        parameters;              // "path", "query.x", "header.x": reachable as @path, @query.x, @header.x
    std::int64_t lineOffset = 0; // of a piece of a larger table: added to a line here it is the line there
    // Of a piece of a larger JSON or XML document: so many of its repeated nodes stand before it there.
    std::optional<std::size_t> nodesBefore = std::nullopt;
};

struct Limits {
    int maxDepth = 32;
    std::size_t maxRecords = 10'000; // of one document
    std::size_t maxNodes = 200'000;  // values in one document
    std::size_t maxBytes = std::size_t{32} << 20;
};

// A part is what of a document is taken or refused as a whole: one of its outermost repeated nodes, a line of
// a CSV file. A document without repeated nodes is one part. So one bad line does not hold back the others.
struct Refused {
    std::size_t part = 0;
    std::string name; // "line 7", "/leads/3": the same in every reading of the same bytes
    Problems problems;
};

struct Mapped {
    std::vector<std::string> records;  // canonical JSON objects, not yet normalised
    std::vector<std::string> unmapped; // paths of the document that no rule read, each once, capped at 200
    std::vector<std::size_t> partOf;   // of each record; empty when the document is one part
    std::vector<Refused> refused;      // by part; never all parts: then the document is refused instead
    std::size_t parts = 1;
};

// A part as a document of its own, which the same mapping reads; positions and lines in it are its own.
struct Part {
    std::string name; // as in Refused
    std::string contentType, body;
};

struct Program; // what a mapping is compiled to; private to this module

struct Checked {
    std::optional<std::string>
        deliveryKey;         // the sender's own id of this delivery, when the mapping names one
    std::size_t records = 0; // that apply() makes
};

class Mapping {
  public:
    // Every mistake in the file is reported, with line and column.
    static Result<std::shared_ptr<const Mapping>, toml::Errors>
    compile(std::string_view source, const std::string& fileName, const Limits& limits = {});
    // What the file extends is looked for in `folders`, then in the folder that holds its partner's.
    static Result<std::shared_ptr<const Mapping>, toml::Errors>
    compileFile(const std::string& path, const Limits& limits = {},
                const std::vector<std::string>& folders = {});
    ~Mapping();

    const std::string& id() const;                        // "olx/lead": folder and kind
    const std::string& version() const;                   // 12 hex digits of the SHA-256 of source and bases
    const std::vector<std::string>& contentTypes() const; // that it accepts, without parameters, lower case

    // How a CSV file that is too large for one document is cut into several.
    formats::SplitOptions splitOptions() const;

    // How a JSON or XML document is, so that the pieces make the records of the whole; empty when they would
    // not: the mapping makes a record of the document itself, or counts its nodes.
    std::optional<formats::CutOptions> cutOptions() const;

    // Whether a path is of the request (@query.x): then check() needs the parameters too.
    bool usesParameters() const;

    // The cheap checks of the answer path: well-formed, within limits, required fields present and of a
    // readable shape in at least one part. Succeeds exactly when apply() does.
    Result<Checked, Problems> check(const Document& document) const;

    Result<Mapped, Problems> apply(const Document& document) const;

    // Parts of a document that apply() takes, by their number there.
    Result<std::vector<Part>, Problems> parts(const Document& document,
                                              const std::vector<std::size_t>& numbers) const;

  private:
    static Result<std::shared_ptr<const Mapping>, toml::Errors> compileTree(const toml::Value& root,
                                                                            std::string_view sources,
                                                                            const std::string& fileName,
                                                                            const Limits& limits);
    explicit Mapping(std::unique_ptr<Program> program);
    std::unique_ptr<Program> program_;
};

bool isMail(std::string_view contentType);

// Runs the test file beside a mapping. `update` rewrites the expectations instead.
struct TestReport {
    int passed = 0, failed = 0;
    std::string text; // one line a case; a failed one shows what differs by JSON Pointer
};
TestReport runTests(const std::string& testFile, bool update = false,
                    const std::vector<std::string>& folders = {});

// The first case of a test file that expects records: a document to try the mapping with. Empty when the file
// has none, or can not be read.
struct Sample {
    std::string contentType, body;
    std::vector<std::pair<std::string, std::string>> parameters;
};
std::optional<Sample> sampleOf(const std::string& testFile);

} // namespace trevo::mapping
