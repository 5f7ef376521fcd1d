// What a person would read of HTML: tags gone, entities resolved, one line a block, and the cells of a table
// row with a tab between them, so that a label and its value stay side by side. No script, no style, no
// comment.
//
// One pass, no recursion, never fails: what is no tag is text. Any bytes are taken; UTF-8 stays UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trevo::formats {

enum class LineEnds {
    Blank, // a line end of the source is a blank, as in a page
    Kept   // of texts that may or may not be HTML
};

// At most `maxBytes` of text; the rest is cut off.
std::string htmlToText(std::string_view html, LineEnds lineEnds = LineEnds::Blank,
                       std::size_t maxBytes = std::size_t{4} << 20);

} // namespace trevo::formats
