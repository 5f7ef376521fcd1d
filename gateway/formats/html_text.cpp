#include "formats/html_text.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

namespace trevo::formats {

namespace {

constexpr std::size_t kLongestTagName = 16;
constexpr std::size_t kLongestEntity = 12;

// HTML 4's Latin letters and the signs that mail editors write.
constexpr std::pair<std::string_view, unsigned> kEntities[] = {
    {"AElig", 198},    {"Aacute", 193},   {"Acirc", 194},    {"Agrave", 192},   {"Aring", 197},
    {"Atilde", 195},   {"Auml", 196},     {"Ccedil", 199},   {"Eacute", 201},   {"Ecirc", 202},
    {"Egrave", 200},   {"Euml", 203},     {"Iacute", 205},   {"Icirc", 206},    {"Igrave", 204},
    {"Iuml", 207},     {"Ntilde", 209},   {"Oacute", 211},   {"Ocirc", 212},    {"Ograve", 210},
    {"Otilde", 213},   {"Ouml", 214},     {"Uacute", 218},   {"Ucirc", 219},    {"Ugrave", 217},
    {"Uuml", 220},     {"aacute", 225},   {"acirc", 226},    {"aelig", 230},    {"agrave", 224},
    {"amp", 38},       {"apos", 39},      {"aring", 229},    {"atilde", 227},   {"auml", 228},
    {"bull", 0x2022},  {"ccedil", 231},   {"cent", 162},     {"copy", 169},     {"deg", 176},
    {"eacute", 233},   {"ecirc", 234},    {"egrave", 232},   {"emsp", 32},      {"ensp", 32},
    {"euml", 235},     {"euro", 0x20AC},  {"frac12", 189},   {"gt", 62},        {"hellip", 0x2026},
    {"iacute", 237},   {"icirc", 238},    {"igrave", 236},   {"iuml", 239},     {"laquo", 171},
    {"ldquo", 0x201C}, {"lsquo", 0x2018}, {"lt", 60},        {"mdash", 0x2014}, {"middot", 183},
    {"nbsp", 160},     {"ndash", 0x2013}, {"ntilde", 241},   {"oacute", 243},   {"ocirc", 244},
    {"ograve", 242},   {"ordf", 170},     {"ordm", 186},     {"otilde", 245},   {"ouml", 246},
    {"quot", 34},      {"raquo", 187},    {"rdquo", 0x201D}, {"reg", 174},      {"rsquo", 0x2019},
    {"shy", 173},      {"times", 215},    {"trade", 0x2122}, {"uacute", 250},   {"ucirc", 251},
    {"ugrave", 249},   {"uuml", 252},     {"zwnj", 0x200C},
};

void appendCodePoint(std::uint32_t code, std::string& out) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | (code >> 12U));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | (code >> 18U));
        out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
        out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

// The code point of "#233", "#xE9" or "eacute"; 0 when it is none.
std::uint32_t entity(std::string_view name) {
    if (name.starts_with('#')) {
        name.remove_prefix(1);
        const bool hexadecimal = name.starts_with('x') || name.starts_with('X');
        if (hexadecimal) name.remove_prefix(1);
        std::uint32_t code = 0;
        for (const char c : name) {
            const int digit = c >= '0' && c <= '9'                  ? c - '0'
                              : hexadecimal && c >= 'a' && c <= 'f' ? c - 'a' + 10
                              : hexadecimal && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                                    : -1;
            if (digit < 0) return 0;
            code = code * (hexadecimal ? 16 : 10) + static_cast<std::uint32_t>(digit);
            if (code > 0x10FFFF) return 0;
        }
        // Windows-1252 is what numbers from 128 to 159 are meant in.
        if (code >= 0x80 && code < 0xA0) {
            const auto letter = toUtf8(std::string(1, static_cast<char>(code)), "WINDOWS-1252");
            if (!letter || letter->size() != 3) return letter ? code : 0;
            const auto byte = [&](std::size_t i) { return static_cast<unsigned char>((*letter)[i]) & 0x3FU; };
            return ((static_cast<unsigned char>((*letter)[0]) & 0x0FU) << 12U) | (byte(1) << 6U) | byte(2);
        }
        return code >= 0xD800 && code < 0xE000 ? 0 : code;
    }
    const auto* found = std::find_if(std::begin(kEntities), std::end(kEntities),
                                     [&](const auto& entry) { return entry.first == name; });
    return found == std::end(kEntities) ? 0 : found->second;
}

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

// The text so far and the gap before what comes next. A gap is written only when something follows it.
class Lines {
  public:
    enum class Gap { None, Blank, Cell, Line, Paragraph };

    Lines(LineEnds lineEnds, std::size_t maxBytes) : lineEnds_(lineEnds), maxBytes_(maxBytes) {}

    void letter(std::uint32_t code) {
        if (code == 0xA0) code = ' '; // keeps no line together here
        if (code == 0xAD || code == 0x200B || code == 0x200C || code == 0x200D || code == 0xFEFF) return;
        if (code < 0x80 && isBlank(static_cast<char>(code))) {
            blank(static_cast<char>(code));
            return;
        }
        if (code < 0x20) return;
        writeGap();
        if (!full()) appendCodePoint(code, text_);
    }
    void byte(char c) {
        if (static_cast<unsigned char>(c) < 0x20 || c == ' ') {
            letter(static_cast<unsigned char>(c));
            return;
        }
        writeGap();
        if (!full()) text_ += c;
    }
    // A block begins: it does not tear a cell from its row.
    void open() {
        if (gap_ < Gap::Cell) gap_ = Gap::Line;
    }
    void close() {
        if (gap_ != Gap::Cell) gap_ = std::max(gap_, Gap::Line);
    }
    void endCell() { gap_ = Gap::Cell; }
    void endRow() { gap_ = Gap::Line; }
    void lineBreak() {
        if (gap_ != Gap::Cell) gap_ = gap_ >= Gap::Line ? Gap::Paragraph : Gap::Line;
    }
    void paragraph() {
        if (gap_ != Gap::Cell) gap_ = Gap::Paragraph;
    }

    bool full() const { return text_.size() >= maxBytes_; }
    std::string take() && {
        if (full()) { // not within a letter
            const auto bad = invalidUtf8At(text_);
            if (bad != std::string_view::npos && text_.size() - bad < 4) text_.resize(bad);
        }
        return std::move(text_);
    }

  private:
    void blank(char c) {
        if (lineEnds_ == LineEnds::Kept && c == '\n')
            lineBreak();
        else if (gap_ == Gap::None)
            gap_ = Gap::Blank;
    }
    void writeGap() {
        if (gap_ == Gap::None) return;
        if (!text_.empty()) {
            static constexpr std::array<std::string_view, 5> kGaps = {"", " ", "\t", "\n", "\n\n"};
            text_ += kGaps[static_cast<std::size_t>(gap_)];
        }
        gap_ = Gap::None;
    }

    LineEnds lineEnds_;
    std::size_t maxBytes_;
    std::string text_;
    Gap gap_ = Gap::None;
};

struct Tag {
    std::string name; // lower case; '/' before it closes
    std::size_t end = 0;
};

// The tag that begins at `at`, a '<'; its end is npos when it is none. A '>' within quotes does not end it.
Tag tagAt(std::string_view html, std::size_t at) {
    Tag tag{{}, std::string_view::npos};
    std::size_t i = at + 1;
    const bool closing = i < html.size() && html[i] == '/';
    if (closing) ++i;
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (i >= html.size() || !(isLetter(html[i]) || html[i] == '!' || html[i] == '?')) return tag;
    if (html.substr(i).starts_with("!--")) {
        const auto end = html.find("-->", i + 3);
        tag.end = end == std::string_view::npos ? html.size() : end + 3;
        return tag;
    }
    if (closing) tag.name = "/";
    for (; i < html.size() && !isBlank(html[i]) && html[i] != '>' && html[i] != '/'; ++i) {
        if (tag.name.size() < kLongestTagName) tag.name += html[i];
    }
    tag.name = lowerAscii(tag.name);
    // Quotes in attributes; one that is never closed ends with its line.
    char quote = 0;
    std::size_t plainEnd = std::string_view::npos;
    for (; i < html.size(); ++i) {
        const char c = html[i];
        if (c == '>') {
            if (quote == 0) {
                tag.end = i + 1;
                return tag;
            }
            if (plainEnd == std::string_view::npos) plainEnd = i + 1;
        } else if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == quote) {
            quote = 0;
        } else if (c == '<' && quote == 0) {
            break; // the tag was never closed
        } else if (c == '\n' && quote != 0 && plainEnd != std::string_view::npos) {
            break;
        }
    }
    tag.end = plainEnd == std::string_view::npos ? i : plainEnd;
    return tag;
}

// Past the end tag of an element whose content nobody reads.
std::size_t past(std::string_view html, std::size_t from, std::string_view element) {
    for (auto at = html.find("</", from); at != std::string_view::npos; at = html.find("</", at + 2)) {
        if (!equalsIgnoreCase(html.substr(at + 2, element.size()), element)) continue;
        const auto end = html.find('>', at);
        return end == std::string_view::npos ? html.size() : end + 1;
    }
    return html.size();
}

bool isBlock(std::string_view name) {
    static constexpr std::string_view kBlocks[] = {
        "address", "article", "aside", "blockquote", "body",    "caption", "center",  "dd",
        "div",     "dl",      "dt",    "footer",     "form",    "header",  "html",    "li",
        "main",    "nav",     "ol",    "pre",        "section", "summary", "table",   "tbody",
        "tfoot",   "thead",   "tr",    "ul",         "label",   "option",  "fieldset"};
    return std::find(std::begin(kBlocks), std::end(kBlocks), name) != std::end(kBlocks);
}

bool isParagraph(std::string_view name) {
    return name == "p" || name == "hr" ||
           (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6');
}

void applyTag(std::string_view name, Lines& lines) {
    const bool closing = name.starts_with('/');
    if (closing) name.remove_prefix(1);
    if (name == "br") {
        lines.lineBreak();
    } else if (name == "td" || name == "th") {
        if (closing) lines.endCell();
    } else if (name == "tr" || name == "table") {
        closing ? lines.endRow() : lines.open();
    } else if (isParagraph(name)) {
        closing ? lines.paragraph() : lines.open();
    } else if (isBlock(name)) {
        closing ? lines.close() : lines.open();
    }
}

} // namespace

std::string htmlToText(std::string_view html, LineEnds lineEnds, std::size_t maxBytes) {
    Lines lines(lineEnds, maxBytes);
    for (std::size_t i = 0; i < html.size() && !lines.full();) {
        const char c = html[i];
        if (c == '<') {
            const Tag tag = tagAt(html, i);
            if (tag.end == std::string_view::npos) {
                lines.byte(c);
                ++i;
                continue;
            }
            i = tag.end;
            if (tag.name == "script" || tag.name == "style" || tag.name == "title")
                i = past(html, i, tag.name);
            else
                applyTag(tag.name, lines);
        } else if (c == '&') {
            const auto rest = html.substr(i + 1, kLongestEntity);
            const auto length = std::min(
                rest.find_first_not_of("#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
                rest.size());
            const auto code = entity(rest.substr(0, length));
            if (code == 0) {
                lines.byte(c);
                ++i;
                continue;
            }
            lines.letter(code);
            i += 1 + length + (length < rest.size() && rest[length] == ';' ? 1 : 0);
        } else if (static_cast<unsigned char>(c) == 0xC2 && i + 1 < html.size() &&
                   static_cast<unsigned char>(html[i + 1]) == 0xA0) {
            lines.letter(0xA0);
            i += 2;
        } else {
            lines.byte(c);
            ++i;
        }
    }
    return std::move(lines).take();
}

} // namespace trevo::formats
