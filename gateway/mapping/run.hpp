// One run of a compiled mapping over one loaded document.
#pragma once

#include "mapping/program.hpp"
#include "mapping/writer.hpp"

namespace trevo::mapping {

class Runner {
  public:
    enum class Mode { Check, Apply, Select };

    Runner(const Program& program, const Document& document, Format format, View& view, Mode mode)
        : program_(program), document_(document), format_(format), view_(view), mode_(mode) {}

    void run();
    std::vector<Part> parts(const std::vector<std::size_t>& numbers) const; // after run() in any mode

    Problems problems; // of the document as a whole
    Checked checked;
    Mapped mapped; // filled by Mode::Apply

  private:
    enum class Outcome { Absent, Unreadable, Written };

    // Where a relative path starts: the record's node, then the wrappers of `search_in` that it has.
    struct Base {
        Ref node = 0;
        std::vector<Ref> within;
        std::size_t record = 0; // from 1
    };

    // A value that is there: not null, not blank. Its text is trimmed.
    struct Found {
        Ref node = kNone; // none for a parameter
        Value value;
    };

    // What becomes a record.
    struct Selected {
        const Section* section;
        Base base;
        std::size_t part = 0;
        Problems problems;
    };

    struct Made {
        Ref node = 0;
        std::size_t part = 0;
        std::string body;                                            // open object
        std::vector<std::pair<std::string_view, std::string>> extra; // key -> JSON
    };

    Base baseAt(Ref node, std::size_t record);
    std::optional<Found> find(const Path& path, const Base& base);
    void findAll(const Path& path, const Base& base, std::vector<Found>& out);
    std::optional<Found> present(Ref node);
    std::optional<Found> parameter(const Path& path) const;

    bool holds(const std::vector<Condition>& conditions, const Base& base);
    void select();
    void countFrom(const Path& path, Ref node);
    void divide();
    void refuseParts();
    std::string nameOf(Ref part) const;
    void record(const Section& section, const Base& base);
    void requireAny(const Section& section, const std::vector<bool>& has, const Base& base);
    Outcome produce(const Target& target, const Base& base, std::string& json);
    Outcome produceObjects(const Objects& objects, const Base& base, std::string& json);
    Outcome apply(const Rule& rule, bool list, const Base& base, std::string& json);
    Outcome applyList(const Rule& rule, const Base& base, std::string& json);
    Outcome applyJoined(const Rule& rule, const Base& base, std::string& json);
    bool cut(const Rule& rule, Found& found) const;
    bool read(const Rule& rule, const Found& found, std::string& json);
    void finish();
    void closeWithExtra(Made& made, const std::vector<Leaf>& leaves);
    void findDeliveryKey(const Base& base);

    void complain(std::string code, std::string field, const Base& base, std::string detail);
    std::string fieldName(const Path& path, const Base& base) const;

    const Program& program_;
    const Document& document_;
    Format format_;
    View& view_;
    Mode mode_;
    std::vector<Selected> selected_;
    std::vector<Ref> parts_;         // one when the document is not divided
    Problems* complaints_ = nullptr; // of what is being made
    std::vector<Made> made_;
    std::vector<std::string> owned_; // texts put together here; viewed only within one rule
    Reading reading_;
    std::string scratch_;
};

} // namespace trevo::mapping
