#include "formats/xlsx.hpp"

#include "base/utf8.hpp"
#include "formats/csv.hpp"
#include "formats/xlsx_cells.hpp"
#include "formats/xml_events.hpp"
#include "formats/zip.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>
#include <pugixml.hpp>
#include <vector>

namespace trevo::formats {
namespace {

constexpr std::size_t kSmallPart = std::size_t{8} << 20; // the parts beside texts and sheets, unpacked
constexpr std::size_t kPulled = 64 << 10;
constexpr std::size_t kFed = 4 << 10;      // few cells that all name the largest text
constexpr std::size_t kMaxRow = 256 << 10; // as rows of CSV
constexpr ZipLimits kZip{10'000, std::uint64_t{2} << 30, std::uint64_t{4} << 30, 1100}; // deflate's utmost

std::string_view localName(std::string_view name) {
    const auto colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// All children whose name, whatever its prefix, is that.
std::vector<pugi::xml_node> childrenOf(const pugi::xml_node& node, std::string_view name) {
    std::vector<pugi::xml_node> found;
    for (const auto& child : node.children()) {
        if (localName(child.name()) == name) found.push_back(child);
    }
    return found;
}

pugi::xml_node childOf(const pugi::xml_node& node, std::string_view name) {
    const auto found = childrenOf(node, name);
    return found.empty() ? pugi::xml_node() : found.front();
}

std::string pathOf(std::string_view target) {
    if (target.starts_with('/')) return std::string(target.substr(1));
    return "xl/" + std::string(target);
}

} // namespace

// Texts that cells share, one after the other in one block.
struct SharedTexts {
    std::string all;
    std::vector<std::size_t> ends;

    std::optional<std::string_view> at(std::size_t index) const {
        if (index >= ends.size()) return std::nullopt;
        const std::size_t begin = index == 0 ? 0 : ends[index - 1];
        return std::string_view(all).substr(begin, ends[index] - begin);
    }
};

namespace {

class SharedReader final : public XmlHandler {
  public:
    SharedReader(SharedTexts& texts, std::size_t maxBytes) : texts_(texts), maxBytes_(maxBytes) {}

    bool opened(std::string_view name, const XmlAttributes&) override {
        const auto local = localName(name);
        if (local == "rPh") ++phonetic_; // how it is spoken, no part of the text
        inText_ = local == "t" && phonetic_ == 0;
        return true;
    }
    bool closed(std::string_view name) override {
        const auto local = localName(name);
        inText_ = false;
        if (local == "rPh") --phonetic_;
        if (local == "si") texts_.ends.push_back(texts_.all.size());
        return texts_.ends.size() * sizeof(std::size_t) <= maxBytes_;
    }
    bool text(std::string_view bytes) override {
        if (inText_) texts_.all += bytes;
        return texts_.all.size() <= maxBytes_;
    }

  private:
    SharedTexts& texts_;
    const std::size_t maxBytes_;
    int phonetic_ = 0;
    bool inText_ = false;
};

} // namespace

struct XlsxReader::State final : XmlHandler {
    XlsxOptions options;
    std::string packed;
    std::optional<Problem> problem;
    std::string sheetPath;
    bool from1904 = false;
    std::vector<CellFormat> formats; // of the styles that cells name
    SharedTexts shared;

    // Of the sheet on its way.
    std::unique_ptr<ZipReader> zip;
    Read source;
    std::unique_ptr<XmlEvents> events;
    std::string out;
    std::size_t at = 0;
    bool ended = false;
    std::uint64_t handled = 0; // bytes of the sheet and of what was made of it
    std::size_t rowBytes = 0;
    std::size_t row = 0; // that is open, or was last
    std::vector<std::string> cells;
    std::size_t column = 0; // of the cell, from 1
    std::string type, value;
    std::size_t style = 0;
    bool inValue = false;
    int phonetic = 0;

    void fail(std::string code, std::string place, std::string detail) {
        if (!problem) problem = Problem{std::move(code), "", std::move(place), std::move(detail)};
    }

    template <class Use>
    bool eachPart(Use use) { // until it returns false
        ZipReader reader(readFrom(packed), kZip);
        ZipEntry entry;
        while (true) {
            const auto more = reader.next(entry);
            if (!more) {
                fail("bad_xlsx", "", "this is no XLSX workbook: " + more.error().detail);
                return false;
            }
            if (!*more) return true;
            if (!use(entry.name, reader.content())) return !problem;
            if (reader.problem()) {
                fail("bad_xlsx", "", reader.problem()->detail);
                return false;
            }
        }
    }

    std::string small(const Read& read) {
        std::string text;
        char block[16 << 10];
        while (const std::size_t count = read(block, sizeof block)) {
            text.append(block, count);
            if (text.size() > kSmallPart) {
                fail("xlsx_too_large", "", "a part of the workbook is larger than is read");
                break;
            }
        }
        return text;
    }

    void prepare() {
        std::map<std::string, std::string> parts;
        bool sharedRead = true;
        const bool read = eachPart([&](const std::string& name, const Read& content) {
            if (name == "xl/workbook.xml" || name == "xl/_rels/workbook.xml.rels" ||
                name == "xl/styles.xml") {
                parts[name] = small(content);
            } else if (name == "xl/sharedStrings.xml") {
                SharedReader handler(shared, options.maxTextBytes);
                XmlEvents reader(handler);
                char block[kPulled];
                while (const std::size_t count = content(block, sizeof block)) {
                    if (sharedRead = reader.feed({block, count}, false); !sharedRead) break;
                }
                if (!sharedRead || !reader.feed({}, true))
                    fail("bad_xlsx", "",
                         reader.problem() ? "its texts: " + reader.problem()->detail
                                          : "its texts are larger than is read");
            }
            return !problem.has_value();
        });
        if (!read || problem) return;
        readWorkbook(parts);
        readStyles(parts["xl/styles.xml"]);
    }

    void readWorkbook(std::map<std::string, std::string>& parts) {
        pugi::xml_document book, relations;
        const std::string& text = parts["xl/workbook.xml"];
        const std::string& links = parts["xl/_rels/workbook.xml.rels"];
        if (text.empty() || !book.load_buffer(text.data(), text.size()) ||
            !relations.load_buffer(links.data(), links.size())) {
            fail("bad_xlsx", "", "this is no XLSX workbook: its list of sheets is missing or broken");
            return;
        }
        const auto root = book.document_element();
        from1904 = childOf(root, "workbookPr").attribute("date1904").as_bool();
        std::string names, id;
        for (const auto& sheet : childrenOf(childOf(root, "sheets"), "sheet")) {
            const std::string name = sheet.attribute("name").value();
            if (names.size() < 200) names += (names.empty() ? "" : ", ") + name;
            if (!id.empty() || (!options.sheet.empty() && name != options.sheet)) continue;
            for (const auto& attribute : sheet.attributes()) {
                if (localName(attribute.name()) == "id" && attribute.name() != std::string_view("id"))
                    id = attribute.value();
            }
        }
        if (id.empty()) {
            fail("no_sheet", "sheet", "the workbook has no sheet '" + options.sheet + "'; it has: " + names);
            return;
        }
        for (const auto& link : childrenOf(relations.document_element(), "Relationship")) {
            if (id == link.attribute("Id").value()) sheetPath = pathOf(link.attribute("Target").value());
        }
    }

    void readStyles(const std::string& text) {
        pugi::xml_document styles;
        if (text.empty() || !styles.load_buffer(text.data(), text.size())) return; // all numbers then
        const auto root = styles.document_element();
        std::map<unsigned, CellFormat> own;
        for (const auto& format : childrenOf(childOf(root, "numFmts"), "numFmt"))
            own[format.attribute("numFmtId").as_uint()] =
                cellFormatOf(format.attribute("formatCode").value());
        for (const auto& cell : childrenOf(childOf(root, "cellXfs"), "xf")) {
            const unsigned id = cell.attribute("numFmtId").as_uint();
            const auto found = own.find(id);
            formats.push_back(found != own.end() ? found->second : builtInFormat(id));
        }
    }

    void openSheet() {
        zip = std::make_unique<ZipReader>(readFrom(packed), kZip);
        ZipEntry entry;
        while (true) {
            const auto more = zip->next(entry);
            if (!more || !*more) {
                fail("bad_xlsx", "", "the workbook lists a sheet that it does not hold");
                return;
            }
            if (entry.name == sheetPath) break;
        }
        source = zip->content();
        events = std::make_unique<XmlEvents>(*this);
    }

    std::string place() const { return "line " + std::to_string(row); }

    bool opened(std::string_view name, const XmlAttributes& attributes) override {
        const auto local = localName(name);
        if (local == "row") {
            std::size_t number = row + 1;
            if (const auto given = attributes.find("r"); !given.empty())
                std::from_chars(given.data(), given.data() + given.size(), number);
            if (number <= row || number > 1'048'576) {
                fail("bad_xlsx", place(), "the rows are not in their order");
                return false;
            }
            out.append(number - row - 1, '\n'); // rows that are not there
            row = number;
            cells.clear();
            column = rowBytes = 0;
        } else if (local == "c") {
            std::size_t number = column + 1;
            if (const auto given = attributes.find("r"); !given.empty()) number = columnOf(given);
            if (number <= column || number > options.maxColumns) {
                fail("bad_xlsx", place(),
                     "the cells are not in their order, or there are more than " +
                         std::to_string(options.maxColumns) + " columns");
                return false;
            }
            column = number;
            cells.resize(column);
            type = attributes.find("t");
            value.clear();
            const auto of = attributes.find("s");
            style = 0;
            std::from_chars(of.data(), of.data() + of.size(), style);
        } else if (local == "rPh") {
            ++phonetic;
        } else if (local == "v" || (local == "t" && phonetic == 0)) {
            inValue = column > 0;
        }
        return true;
    }

    bool closed(std::string_view name) override {
        const auto local = localName(name);
        if (local == "rPh") {
            --phonetic;
        } else if (local == "v" || local == "t") {
            inValue = false;
        } else if (local == "c" && column > 0 && column <= cells.size()) {
            cells[column - 1] = cellText();
            rowBytes += cells[column - 1].size();
            if (rowBytes > kMaxRow) fail("row_too_long", place(), "a row has more bytes than are read");
            return !problem;
        } else if (local == "row") {
            while (!cells.empty() && cells.back().empty())
                cells.pop_back();
            for (std::size_t i = 0; i < cells.size(); ++i) {
                if (i > 0) out += options.delimiter;
                appendCell(out, cells[i], options.delimiter);
            }
            out += '\n';
        }
        return true;
    }

    bool text(std::string_view bytes) override {
        if (inValue) value += bytes;
        if (value.size() <= kMaxRow) return true;
        fail("bad_xlsx", place(), "a cell is larger than is read");
        return false;
    }

    std::string cellText() {
        if (type == "s") {
            std::size_t index = SIZE_MAX;
            std::from_chars(value.data(), value.data() + value.size(), index);
            const auto found = shared.at(index);
            if (!found) fail("bad_xlsx", place(), "a cell names a text that the workbook does not hold");
            return found ? oneLineCell(found->substr(0, kMaxRow + 1)) : "";
        }
        if (type == "b") return value == "1" ? "true" : "false";
        if (type == "str" || type == "inlineStr" || type == "e") return oneLineCell(value);
        if (type == "d") return oneLineCell(value); // ISO 8601
        return shownNumber(value, style < formats.size() ? formats[style] : CellFormat::Number, from1904);
    }

    void pull() {
        out.erase(0, at);
        at = 0;
        char block[kFed];
        while (out.size() < kPulled && !ended && !problem) {
            const std::size_t count = source(block, sizeof block);
            ended = count == 0;
            handled += count;
            const std::size_t before = out.size();
            if (zip->problem()) {
                fail("bad_xlsx", place(), zip->problem()->detail);
            } else if (!events->feed({block, count}, ended)) {
                fail("bad_xlsx", place(),
                     events->problem() ? events->problem()->detail : "it can not be read");
            }
            handled += out.size() - before;
            if (handled > options.maxSheetBytes)
                fail("xlsx_too_large", place(), "the sheet is larger than is read");
        }
    }
};

XlsxReader::XlsxReader(const Read& packed, XlsxOptions options) : state_(std::make_unique<State>()) {
    State& state = *state_;
    state.options = std::move(options);
    char block[kPulled];
    while (const std::size_t count = packed(block, sizeof block)) {
        if (state.packed.size() + count > state.options.maxPackedBytes) {
            state.fail("xlsx_too_large", "",
                       "the workbook has more than " + std::to_string(state.options.maxPackedBytes) +
                           " bytes; send it as CSV");
            return;
        }
        state.packed.append(block, count);
    }
    state.prepare();
    if (!state.problem) state.openSheet();
}

XlsxReader::~XlsxReader() = default;

Read XlsxReader::rows() {
    return [this](char* into, std::size_t size) -> std::size_t {
        State& state = *state_;
        if (state.at == state.out.size() && !state.ended && !state.problem) state.pull();
        if (state.problem) return 0;
        const std::size_t count = std::min(size, state.out.size() - state.at);
        std::memcpy(into, state.out.data() + state.at, count);
        state.at += count;
        return count;
    };
}

const std::optional<Problem>& XlsxReader::problem() const {
    return state_->problem;
}

} // namespace trevo::formats
