#include "mapping/mail_lines.hpp"

#include "base/utf8.hpp"
#include "mapping/path.hpp"

#include <algorithm>
#include <optional>

namespace trevo::mapping {

namespace {

constexpr std::size_t kLongestLabel = 80; // bytes
constexpr std::size_t kMostWords = 6;

bool isWordByte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Bytes of the sign at the front that decorates and says nothing: bullets, stars, quotes of a mail, pictures.
std::size_t decoration(std::string_view text) {
    const auto c = static_cast<unsigned char>(text.front());
    if (c < 0x80) return isWordByte(text.front()) || c == '(' || c == '+' ? 0 : 1;
    const std::size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    // Letters stand below U+2000, apart from the signs of Latin-1.
    return c == 0xC2 || c >= 0xE2 ? std::min(length, text.size()) : 0;
}

std::string_view undecorated(std::string_view line) {
    while (!line.empty()) {
        const auto length = decoration(line);
        if (length == 0) break;
        line.remove_prefix(length);
    }
    return line;
}

bool isBlankText(std::string_view text) {
    return trimAscii(text).empty();
}

// "maria@example.com <mailto:maria@example.com>": what HTML links leave in plain text.
void dropLinks(std::string& value) {
    for (const std::string_view start : {"<mailto:", "<tel:", "<http", "[mailto:", "(mailto:"}) {
        const auto at = value.find(start);
        if (at == std::string::npos || at == 0) continue;
        const char closing = start.front() == '<' ? '>' : start.front() == '[' ? ']' : ')';
        const auto end = value.find(closing, at);
        value.erase(at, end == std::string::npos ? std::string::npos : end + 1 - at);
    }
}

std::string cleaned(std::string_view value) {
    value = trimAscii(value);
    while (!value.empty() && std::string_view("*_=>:| \t").find(value.front()) != std::string_view::npos)
        value.remove_prefix(1);
    while (!value.empty() && std::string_view("*|; \t\r").find(value.back()) != std::string_view::npos)
        value.remove_suffix(1);
    std::string out(value);
    dropLinks(out);
    return std::string(trimAscii(out));
}

std::string withoutBrackets(std::string_view text) {
    std::string out(text);
    const auto open = out.find('(');
    const auto close = out.find(')', open == std::string::npos ? 0 : open);
    if (open != std::string::npos && close != std::string::npos) out.erase(open, close + 1 - open);
    return out;
}

// The separator at the front: its length, 0 when it is none. A weak one counts only behind a known label.
struct Separator {
    std::size_t length = 0;
    bool weak = false;
};
Separator separatorAt(std::string_view text, char before) {
    const char c = text.front();
    if (c == ':' || c == '\t') return {1, false};
    if (text.starts_with("\xEF\xBC\x9A")) return {3, false}; // full-width colon
    if (c == '=' || c == '|' || c == '?') return {1, true};
    if (c == '-' && (before == ' ' || (text.size() > 1 && text[1] == ' '))) return {1, true};
    if (text.starts_with("\xE2\x80\x93") || text.starts_with("\xE2\x80\x94")) return {3, true}; // – —
    if (text.starts_with("\xE2\x80\xA6")) return {3, true};                                     // …
    return {};
}

class LineReader {
  public:
    LineReader(std::string_view text, const MailOptions& options, std::size_t most)
        : options_(options), most_(most) {
        while (!text.empty()) {
            const auto end = text.find('\n');
            lines_.push_back(text.substr(0, end));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
    }

    std::vector<Labelled> read() && {
        for (at_ = 0; at_ < lines_.size() && out_.size() < most_; ++at_) {
            if (startsWithAny(lines_[at_], options_.end)) break;
            line(lines_[at_]);
        }
        closeOpen();
        return std::move(out_);
    }

  private:
    struct Match {
        std::string_view label, rest;
        std::string folded;
        bool alone = false; // nothing but the label: the value is elsewhere
    };

    const std::string* known(std::string_view label) {
        scratch_ = foldKey(label);
        if (options_.labels.contains(scratch_)) return &scratch_;
        if (label.find('(') == std::string_view::npos) return nullptr;
        scratch_ = foldKey(withoutBrackets(label));
        return options_.labels.contains(scratch_) ? &scratch_ : nullptr;
    }

    // A known label at the front of a line or cell.
    std::optional<Match> match(std::string_view text, bool strongOnly) {
        text = undecorated(text);
        if (text.empty()) return std::nullopt;
        const auto head = text.substr(0, kLongestLabel);
        char before = 0;
        for (std::size_t i = 0; i < head.size(); before = head[i], ++i) {
            const auto separator = separatorAt(text.substr(i), before);
            if (separator.length == 0 || i == 0 || (strongOnly && separator.weak)) continue;
            if (const auto* folded = known(text.substr(0, i))) {
                const auto rest = text.substr(i + separator.length);
                return Match{trimAscii(text.substr(0, i)), rest, *folded, cleaned(rest).empty()};
            }
        }
        if (text.size() > kLongestLabel) return std::nullopt;
        if (const auto* folded = known(text)) return Match{trimAscii(text), {}, *folded, true};
        return std::nullopt;
    }

    bool isSection(std::string_view line) {
        line = undecorated(line);
        if (line.empty() || line.size() > kLongestLabel) return false;
        scratch_ = foldKey(line);
        return options_.sections.contains(scratch_);
    }

    bool endsValue(std::string_view line) {
        const auto text = trimAscii(line);
        if (text == "--") return true; // a signature
        if (text.size() >= 5 && text.find_first_not_of("-_=*") == std::string_view::npos) return true;
        return startsWithAny(text, options_.endOfValue);
    }

    static bool startsWithAny(std::string_view text, const std::vector<std::string>& starts) {
        if (starts.empty()) return false;
        const std::string folded = foldKey(undecorated(text).substr(0, 200));
        return std::any_of(starts.begin(), starts.end(),
                           [&](const std::string& start) { return folded.starts_with(start); });
    }

    void line(std::string_view line) {
        const bool within = open_ != nullptr;
        if (isSection(line)) {
            closeOpen();
            section_ = scratch_;
            return;
        }
        if (line.find('\t') != std::string_view::npos && cells(line, within)) return;
        if (const auto found = match(line, within)) {
            closeOpen();
            take(*found);
            return;
        }
        if (within) {
            goOn(line);
            return;
        }
        unknown(line);
    }

    // What follows in a value of several lines.
    void goOn(std::string_view line) {
        if (endsValue(line) || (isBlankText(line) && options_.endAtBlank && !isBlankText(open_->value))) {
            closeOpen();
            return;
        }
        open_->value += '\n';
        while (line.starts_with('>') || line.starts_with("> "))
            line.remove_prefix(1);
        open_->value += line;
    }

    void closeOpen() {
        if (!open_) return;
        open_->value = std::string(trimAscii(open_->value));
        if (open_->value.empty()) out_.pop_back(); // it is the last
        open_ = nullptr;
    }

    void take(Match found) {
        const std::size_t number = at_ + 1;
        while (out_.size() < most_) {
            if (options_.multiline.contains(found.folded)) {
                out_.push_back({section_, std::string(found.label), std::move(found.folded),
                                cleaned(found.rest), number, true});
                open_ = &out_.back();
                return;
            }
            // "Nome:Maria Email:maria@example.com" is one line of two.
            const auto rest = found.rest;
            const auto next = inlineLabel(rest);
            if (found.alone && next == std::string_view::npos) {
                below(std::move(found));
                return;
            }
            add(found.label, std::move(found.folded), rest.substr(0, next), number);
            if (next == std::string_view::npos) return;
            auto following = match(rest.substr(next), true);
            if (!following) return;
            found = std::move(*following);
        }
    }

    // The value of a label that stands alone: the next line that is not blank and no label itself.
    void below(Match found) {
        for (std::size_t next = at_ + 1; next < lines_.size() && next <= at_ + 3; ++next) {
            const auto line = lines_[next];
            if (isBlankText(line)) continue;
            if (isSection(line) || match(line, false) || endsValue(line)) return;
            const std::size_t number = at_ + 1;
            at_ = next;
            add(found.label, std::move(found.folded), line, number);
            return;
        }
    }

    void add(std::string_view label, std::string folded, std::string_view value, std::size_t number,
             bool isKnown = true) {
        auto text = cleaned(value);
        if (text.empty() || out_.size() >= most_) return;
        out_.push_back({section_, std::string(label), std::move(folded), std::move(text), number, isKnown});
    }

    // Where the next known label with a colon begins within a value; npos when none does.
    std::size_t inlineLabel(std::string_view value) {
        for (auto colon = value.find(':'); colon != std::string_view::npos;
             colon = value.find(':', colon + 1)) {
            std::size_t best = std::string_view::npos, start = colon;
            const std::size_t floor = colon > kLongestLabel ? colon - kLongestLabel : 0;
            for (std::size_t words = 0; words < kMostWords && start > floor;) {
                while (start > floor && value[start - 1] == ' ')
                    --start;
                while (start > floor &&
                       std::string_view(" |;,\t").find(value[start - 1]) == std::string_view::npos)
                    --start;
                ++words;
                if (start > 0 && start == floor) break; // cut within a word
                const auto words_ = undecorated(value.substr(start, colon - start));
                if (!words_.empty() && known(words_)) best = start;
                if (start == 0 || value[start - 1] != ' ') break;
            }
            if (best != std::string_view::npos && (best > 0 || isBlankText(value.substr(0, best))))
                return best;
        }
        return std::string_view::npos;
    }

    // A row of a table, or columns made with tabs. False when it holds no label.
    bool cells(std::string_view line, bool within) {
        std::vector<std::string_view> all;
        for (auto rest = line;;) {
            const auto end = rest.find('\t');
            const auto cell = trimAscii(rest.substr(0, end));
            if (!cell.empty()) all.push_back(cell);
            if (end == std::string_view::npos || all.size() > 64) break;
            rest.remove_prefix(end + 1);
        }
        if (all.size() < 2) return false;
        std::vector<std::optional<Match>> matches;
        for (const auto cell : all)
            matches.push_back(match(cell, true));
        const auto isHead = [](const std::optional<Match>& one) { return one && one->alone; };
        if (std::none_of(matches.begin(), matches.end(), [](const auto& one) { return one.has_value(); })) {
            if (within) return false;
            if (all.size() == 2) plain(all[0], all[1]);
            return all.size() == 2;
        }
        closeOpen();
        if (std::all_of(matches.begin(), matches.end(), isHead) && columns(matches)) return true;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!matches[i]) continue;
            if (!matches[i]->alone) {
                take(*matches[i]);
            } else if (i + 1 < all.size() && !matches[i + 1]) {
                auto found = *matches[i];
                found.rest = all[++i];
                found.alone = false;
                // A value goes on below its row only from the last cell.
                if (options_.multiline.contains(found.folded) && i + 1 == all.size())
                    take(std::move(found));
                else
                    add(found.label, std::move(found.folded), found.rest, at_ + 1);
            } else if (i + 1 == all.size()) {
                take(*matches[i]);
            }
        }
        return true;
    }

    // Labels in one row, their values in the next.
    bool columns(const std::vector<std::optional<Match>>& heads) {
        std::size_t next = at_ + 1;
        while (next < lines_.size() && isBlankText(lines_[next]))
            ++next;
        if (next >= lines_.size()) return false;
        std::vector<std::string_view> values;
        for (auto rest = lines_[next];;) {
            const auto end = rest.find('\t');
            values.push_back(trimAscii(rest.substr(0, end)));
            if (end == std::string_view::npos || values.size() > heads.size()) break;
            rest.remove_prefix(end + 1);
        }
        if (values.size() != heads.size()) return false;
        for (const auto value : values) {
            if (match(value, true)) return false;
        }
        at_ = next;
        for (std::size_t i = 0; i < heads.size(); ++i)
            add(heads[i]->label, heads[i]->folded, values[i], at_ + 1);
        return true;
    }

    // A label that the mapping does not name.
    void unknown(std::string_view line) {
        line = undecorated(line);
        const auto colon = line.substr(0, kLongestLabel).find(':');
        if (colon == std::string_view::npos || colon == 0) return;
        const auto rest = line.substr(colon + 1);
        if (rest.starts_with("//")) return; // an address
        if (!rest.empty() && rest.front() >= '0' && rest.front() <= '9' && line[colon - 1] >= '0' &&
            line[colon - 1] <= '9')
            return; // a time
        plain(line.substr(0, colon), rest);
    }

    void plain(std::string_view label, std::string_view value) {
        label = undecorated(trimAscii(label));
        while (!label.empty() && std::string_view(":*_. ").find(label.back()) != std::string_view::npos)
            label.remove_suffix(1);
        if (label.empty() || label.size() > kLongestLabel || (label.front() >= '0' && label.front() <= '9'))
            return;
        if (static_cast<std::size_t>(std::count(label.begin(), label.end(), ' ')) >= kMostWords - 1) return;
        add(label, foldKey(label), value, at_ + 1, false);
    }

    const MailOptions& options_;
    const std::size_t most_;
    std::vector<std::string_view> lines_;
    std::size_t at_ = 0;
    std::vector<Labelled> out_;
    Labelled* open_ = nullptr; // the last of `out_` while its value goes on
    std::string section_;
    std::string scratch_;
};

} // namespace

std::vector<Labelled> readLabelled(std::string_view text, const MailOptions& options, std::size_t most) {
    return LineReader(text, options, most).read();
}

} // namespace trevo::mapping
