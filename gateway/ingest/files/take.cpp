#include "ingest/files/take.hpp"

#include "base/utf8.hpp"
#include "formats/csv_splitter.hpp"
#include "formats/node_cutter.hpp"
#include "formats/xlsx.hpp"
#include "formats/zip.hpp"
#include "ingest/checked.hpp"
#include "integration/meta.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace trevo::files {
namespace {

constexpr std::size_t kWhole = std::size_t{32} << 20;       // what a mapping reads as one document
constexpr std::size_t kWholeTable = std::size_t{256} << 10; // a larger file of lines is cut into pieces
constexpr std::size_t kWholeNodes = std::size_t{1} << 20;   // the same of other JSON and XML
constexpr std::string_view kWorkbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr std::size_t kTogether = 8; // pieces of one commit

class Failed : public std::exception { // of reading, through formats::Read
  public:
    explicit Failed(Problem problem) : problem_(std::move(problem)) {}
    const Problem& problem() const { return problem_; }
    const char* what() const noexcept override { return problem_.code.c_str(); }

  private:
    Problem problem_;
};

const Problem kTooLarge = {"file_too_large", "", "",
                           "more than 32 MiB as one document, with no list at which it can be cut"};

NotTaken refused(Problem problem) {
    return {NotTaken::Why::Refused, std::move(problem)};
}

formats::Read readFrom(OpenFile& file) {
    return [&file](char* into, std::size_t size) {
        const auto bytes = file.read(size);
        if (!bytes) throw Failed(bytes.error());
        std::memcpy(into, bytes->data(), bytes->size());
        return bytes->size();
    };
}

// What was read ahead, then the rest.
formats::Read joined(const std::string& ahead, const formats::Read& rest) {
    return [&ahead, &rest, at = std::size_t{0}](char* into, std::size_t size) mutable {
        if (at == ahead.size()) return rest(into, size);
        const std::size_t count = std::min(size, ahead.size() - at);
        std::memcpy(into, ahead.data() + at, count);
        at += count;
        return count;
    };
}

std::string readUpTo(const formats::Read& read, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
        const std::size_t got = read(bytes.data() + have, size - have);
        if (got == 0) break;
        have += got;
    }
    bytes.resize(have);
    return bytes;
}

// One file on its way: documents are made of it and committed in groups.
class Taker {
  public:
    Taker(const OpenFile& file, Arrived arrived, const Integration& integration, journal::Journal& journal,
          const Clock& clock)
        : file_(file),
          stamp_(file.stamp()),
          arrived_(std::move(arrived)),
          integration_(integration),
          journal_(journal),
          now_(clock.now()) {}

    // `name` is the file's, or of the file within an archive.
    std::optional<NotTaken> document(const std::string& name, const formats::Read& read) {
        const std::string type =
            arrived_.contentType.empty() ? std::string(contentTypeOf(name)) : arrived_.contentType;
        const auto* mapping = integration_.mapping("inbound");
        if (type == kWorkbook && mapping) return workbook(name, read, *mapping);
        const Kind kind = mapping ? kindOf(type) : Kind::Other;
        const bool lines = kind == Kind::Table || kind == Kind::Lines;
        std::string start = readUpTo(read, (lines ? kWholeTable : kWhole) + 1);
        if (lines && start.size() > kWholeTable) {
            return kind == Kind::Table ? pieces(name, joined(start, read), mapping->splitOptions())
                                       : cutUp(name, type, kind, joined(start, read), {});
        }
        const auto cut = kind == Kind::Json || kind == Kind::Xml ? mapping->cutOptions() : std::nullopt;
        if (start.size() > kWhole) {
            if (cut) return cutUp(name, type, kind, joined(start, read), *cut);
            return refused(kTooLarge);
        }
        // Not before it is known that it can be cut to its end: else it is read, or refused, as a whole.
        if (cut && start.size() > kWholeNodes && canBeCut(kind, start, *cut))
            return cutUp(name, type, kind, formats::readFrom(start), *cut);
        add(name, type, std::move(start), {});
        return std::nullopt;
    }

    // Commits what was gathered; at the end with what was to be committed beside the file.
    enum class At { Middle, End };
    std::optional<NotTaken> commit(At at = At::Middle) {
        std::vector<journal::StateChange> changes;
        if (at == At::End) changes = std::move(arrived_.changes);
        if (waiting_.empty() && changes.empty()) return std::nullopt;
        if (file_.stamp() != stamp_) return NotTaken{NotTaken::Why::Changing, {}};
        const auto receipts = journal_.commit(std::exchange(waiting_, {}), std::move(changes));
        if (!receipts) {
            return NotTaken{NotTaken::Why::Busy,
                            {"journal_unavailable", "", "", "the journal takes nothing now; the file waits"}};
        }
        for (const auto& receipt : receipts.value()) {
            taken_.receipts.push_back(receipt.id);
            taken_.again.push_back(receipt.repeated);
            taken_.repeated = taken_.repeated && receipt.repeated;
            taken_.dead = taken_.dead || receipt.state == journal::State::Dead;
        }
        return std::nullopt;
    }

    Taken taken() && { return std::move(taken_); }

  private:
    enum class Kind { Table, Lines, Json, Xml, Other };

    static Kind kindOf(const std::string& type) {
        const std::string plain = lowerAscii(trimAscii(type.substr(0, type.find(';'))));
        if (plain == "text/csv") return Kind::Table;
        if (plain == "application/x-ndjson") return Kind::Lines;
        if (plain.ends_with("json")) return Kind::Json;
        return plain.ends_with("xml") ? Kind::Xml : Kind::Other;
    }

    static Result<bool> cut(Kind kind, const formats::Read& read, const formats::CutOptions& options,
                            const std::function<bool(formats::NodePiece)>& use) {
        if (kind == Kind::Lines) return formats::cutLines(read, options, use);
        return kind == Kind::Json ? formats::cutJson(read, options, use)
                                  : formats::cutXml(read, options, use);
    }

    static bool canBeCut(Kind kind, std::string_view text, const formats::CutOptions& options) {
        const auto found = cut(kind, formats::readFrom(text), options, [](const auto&) { return true; });
        return found && *found;
    }

    std::optional<NotTaken> cutUp(const std::string& name, const std::string& type, Kind kind,
                                  const formats::Read& read, const formats::CutOptions& options) {
        std::optional<NotTaken> problem;
        const std::string utf8 = type.substr(0, type.find(';')) + "; charset=utf-8";
        const auto found = cut(kind, read, options, [&](formats::NodePiece piece) {
            Whence whence;
            if (kind == Kind::Lines)
                whence.lineOffset = static_cast<std::int64_t>(piece.before);
            else
                whence.nodesBefore = piece.before;
            add(name, kind == Kind::Lines ? type : utf8, std::move(piece.text), whence);
            if (waiting_.size() >= kTogether) problem = commit();
            return !problem;
        });
        if (problem) return problem;
        if (!found) return refused(found.error());
        return *found ? std::nullopt : std::optional(refused(kTooLarge));
    }

    std::optional<NotTaken> workbook(const std::string& name, const formats::Read& read,
                                     const mapping::Mapping& mapping) {
        formats::SplitOptions split = mapping.splitOptions();
        formats::XlsxOptions options;
        options.sheet = arrived_.sheet;
        if (split.dialect.delimiter != 0) options.delimiter = split.dialect.delimiter;
        split.dialect = {options.delimiter, '"'};
        split.charset.clear();
        formats::XlsxReader reader(read, options);
        auto problem = reader.problem() ? std::nullopt : pieces(name, reader.rows(), split);
        if (reader.problem()) return refused(*reader.problem());
        return problem;
    }

    std::optional<NotTaken> pieces(const std::string& name, const formats::Read& read,
                                   const formats::SplitOptions& options) {
        formats::CsvSplitter splitter(read, options);
        formats::Piece piece;
        while (true) {
            const auto more = splitter.next(piece);
            if (!more) return refused(more.error());
            if (!*more) return std::nullopt;
            add(name, "text/csv; charset=utf-8", std::move(piece.text), {piece.lineOffset, {}});
            if (waiting_.size() < kTogether) continue;
            if (auto problem = commit()) return problem;
        }
    }

    void add(const std::string& name, std::string contentType, std::string body, const Whence& whence) {
        journal::Delivery delivery;
        delivery.integration = integration_.id();
        delivery.door = "file";
        delivery.contentType = std::move(contentType);
        delivery.meta = metaOfFile(name, stamp_.size, arrived_.modified, whence);
        delivery.body = std::move(body);
        delivery.receivedAt = now_;
        ingest::check(integration_, delivery);
        waiting_.push_back(std::move(delivery));
    }

    const OpenFile& file_;
    const Stamp stamp_;
    Arrived arrived_;
    const Integration& integration_;
    journal::Journal& journal_;
    const UtcTime now_;
    std::vector<journal::Delivery> waiting_;
    Taken taken_{{}, {}, true, false};
};

std::optional<NotTaken> takeArchive(Taker& taker, OpenFile& file) {
    formats::ZipReader zip(readFrom(file));
    formats::ZipEntry entry;
    while (true) {
        const auto more = zip.next(entry);
        if (!more) return refused(more.error());
        if (!*more) return std::nullopt;
        const std::string name = entry.name.substr(entry.name.rfind('/') + 1);
        if (isPassedOver(name)) continue;
        if (auto problem = taker.document(entry.name, zip.content())) return problem;
        if (const auto problem = zip.problem()) return refused(*problem);
        if (auto problem = taker.commit()) return problem;
    }
}

} // namespace

Result<Taken, NotTaken> take(OpenFile file, Arrived arrived, const Integration& integration,
                             journal::Journal& journal, const Clock& clock) {
    const std::int64_t limit = std::int64_t{arrived.maxMegabytes} << 20;
    if (const auto size = file.stamp().size; size > limit) {
        return refused({"file_too_large", "", "",
                        "the file has " + std::to_string(size) + " bytes, more than the " +
                            std::to_string(limit) + " of max_megabytes"});
    }
    const std::string name = arrived.name;
    Taker taker(file, std::move(arrived), integration, journal, clock);
    try {
        auto problem = lowerAscii(name).ends_with(".zip") ? takeArchive(taker, file)
                                                          : taker.document(name, readFrom(file));
        if (!problem) problem = taker.commit(Taker::At::End);
        if (problem) return *problem;
    } catch (const Failed& failed) {
        return refused(failed.problem());
    }
    return std::move(taker).taken();
}

} // namespace trevo::files
