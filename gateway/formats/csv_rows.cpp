#include "formats/csv.hpp"

namespace trevo::formats {

void RowReader::skip(std::size_t bytes, std::size_t lines) {
    at_ += bytes;
    line_ += lines;
}

// Reads from the opening quote to the end of the cell; the offset of the sign that ends it.
std::size_t RowReader::quotedCell(std::string_view& cell) {
    std::size_t i = at_ + 1, start = i;
    std::string* made = nullptr;
    const auto keep = [&](std::size_t end) {
        if (!made) {
            if (madeCount_ == made_.size()) made_.emplace_back();
            made = &made_[madeCount_++];
            made->clear();
        }
        made->append(text_, start, end - start);
    };
    bool open = true;
    std::size_t closed = 0; // where the closing quote stands
    for (; i < text_.size(); ++i) {
        const char c = text_[i];
        if (c == '\n' || (c == '\r' && (i + 1 >= text_.size() || text_[i + 1] != '\n'))) {
            if (!open) break;
            ++line_;
        } else if (open && c == dialect_.quote) {
            if (i + 1 < text_.size() && text_[i + 1] == dialect_.quote) {
                keep(i + 1);
                start = i + 2;
                ++i;
            } else {
                open = false;
                if (made) keep(i);
                closed = i;
            }
        } else if (!open && (c == dialect_.delimiter || c == '\r')) {
            break;
        }
    }
    unclosed_ = open;
    if (open) {
        closed = i;
        if (made) keep(i);
    } else if (closed + 1 < i) { // text after the quote
        if (!made) keep(closed);
        start = closed + 1;
        keep(i);
    }
    cell = made ? std::string_view(*made) : text_.substr(start, closed - start);
    return i;
}

void RowReader::next(std::vector<std::string_view>& cells) {
    cells.clear();
    madeCount_ = 0;
    unclosed_ = false;
    const char stops[] = {dialect_.delimiter, '\r', '\n'};
    while (true) {
        std::string_view cell;
        std::size_t end = 0;
        if (at_ < text_.size() && text_[at_] == dialect_.quote) {
            end = quotedCell(cell);
        } else {
            end = at_;
            while (end < text_.size() && text_[end] != stops[0] && text_[end] != stops[1] &&
                   text_[end] != stops[2])
                ++end;
            cell = text_.substr(at_, end - at_);
        }
        cells.push_back(cell);
        at_ = end;
        if (at_ >= text_.size()) return;
        const char stop = text_[at_++];
        if (stop == dialect_.delimiter) continue;
        if (stop == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
        ++line_;
        return;
    }
}

void appendCell(std::string& out, std::string_view cell, char delimiter) {
    const char special[] = {delimiter, '"', '\r', '\n', '\0'};
    if (cell.find_first_of(special) == std::string_view::npos) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

} // namespace trevo::formats
