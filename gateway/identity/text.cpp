#include "identity/text.hpp"

#include "base/utf8.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <limits>

namespace trevo::identity {

namespace {

using Utf16 = std::basic_string<UChar>;

constexpr std::size_t kLongest = std::numeric_limits<std::int32_t>::max() / 8; // ICU counts in 32 bits

void append(std::string& out, UChar32 code) {
    std::array<char, 4> bytes;
    std::int32_t length = 0;
    UBool failed = false;
    U8_APPEND(reinterpret_cast<std::uint8_t*>(bytes.data()), length, static_cast<std::int32_t>(bytes.size()),
              code, failed);
    if (!failed) out.append(bytes.data(), static_cast<std::size_t>(length));
}

// Calls visit(code, begin, end) for each code point; -1 stands for a byte that is not UTF-8.
template <class Visit>
void eachCode(std::string_view text, Visit visit) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t i = 0; i < size;) {
        const std::int32_t begin = i;
        UChar32 code = 0;
        U8_NEXT(bytes, i, size, code);
        visit(code, static_cast<std::size_t>(begin), static_cast<std::size_t>(i));
    }
}

std::string normalised(const UNormalizer2* form, std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    Utf16 wide(text.size() + 1, 0);
    std::int32_t length = 0;
    u_strFromUTF8(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                  static_cast<std::int32_t>(text.size()), &status);
    if (U_FAILURE(status)) return std::string(text);

    Utf16 out(static_cast<std::size_t>(length) * 4 + 8,
              0); // no canonical form of one unit is longer than four
    std::int32_t outLength = unorm2_normalize(form, wide.data(), length, out.data(),
                                              static_cast<std::int32_t>(out.size()), &status);
    if (U_FAILURE(status)) return std::string(text);

    std::string bytes(static_cast<std::size_t>(outLength) * 3 + 1, '\0');
    std::int32_t byteCount = 0;
    u_strToUTF8(bytes.data(), static_cast<std::int32_t>(bytes.size()), &byteCount, out.data(), outLength,
                &status);
    if (U_FAILURE(status)) return std::string(text);
    bytes.resize(static_cast<std::size_t>(byteCount));
    return bytes;
}

const UNormalizer2* instance(const UNormalizer2* (*get)(UErrorCode*)) {
    UErrorCode status = U_ZERO_ERROR;
    return get(&status); // ICU's own data is built in: this does not fail
}

// The upper-case base letter of U+00C0..U+017F, 0 where there is none: nearly all accents that come are among
// them.
const std::array<char, 0x180>& latinBases() {
    static const std::array<char, 0x180> bases = [] {
        std::array<char, 0x180> table{};
        const UNormalizer2* nfd = instance(&unorm2_getNFDInstance);
        for (UChar32 code = 0xC0; code < 0x180; ++code) {
            std::array<UChar, 8> parts{};
            UErrorCode status = U_ZERO_ERROR;
            const std::int32_t length = unorm2_getDecomposition(
                nfd, code, parts.data(), static_cast<std::int32_t>(parts.size()), &status);
            if (length > 0 && parts[0] < 0x80)
                table[static_cast<std::size_t>(code)] = upperAscii(static_cast<char>(parts[0]));
        }
        return table;
    }();
    return bases;
}

std::string foldedByIcu(std::string_view text) {
    const std::string decomposed = normalised(instance(&unorm2_getNFDInstance), text);
    std::string out;
    eachCode(decomposed, [&](UChar32 code, std::size_t, std::size_t) {
        if (code >= 0 && u_charType(code) != U_NON_SPACING_MARK) append(out, u_toupper(code));
    });
    return out;
}

} // namespace

bool isAscii(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool allDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

bool allEqual(std::string_view text) {
    return !text.empty() && text.find_first_not_of(text.front()) == std::string_view::npos;
}

std::string digitsOf(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (isDigit(c)) out += c;
    }
    return out;
}

std::string plain(std::string_view text) {
    if (isAscii(text) || text.size() > kLongest) return std::string(trimAscii(text));
    std::string out;
    eachCode(text, [&](UChar32 code, std::size_t begin, std::size_t end) {
        if (code == 0xFEFF || (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E))
            return;
        if (code >= 0x80 && u_isUWhiteSpace(code))
            out += ' ';
        else if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212)
            out += '-';
        else if (code >= 0xFF10 && code <= 0xFF19)
            out += static_cast<char>('0' + (code - 0xFF10));
        else
            out.append(text.substr(begin, end - begin));
    });
    return std::string(trimAscii(out));
}

std::string composed(std::string_view text) {
    // Nothing below U+0300 composes with anything below it.
    const bool simple =
        std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xCC; });
    if (simple || text.size() > kLongest) return std::string(text);
    return normalised(instance(&unorm2_getNFCInstance), text);
}

std::string folded(std::string_view text) {
    std::string out;
    if (isAscii(text)) {
        out.assign(text);
        for (char& c : out)
            c = upperAscii(c);
        return out;
    }
    if (text.size() > kLongest) return std::string(text);
    if (!isUtf8(text)) return folded(guessUtf8(text));
    out.reserve(text.size());
    const auto& bases = latinBases();
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            out += upperAscii(text[i]);
            continue;
        }
        if (lead < 0xC3 || lead > 0xC5) return foldedByIcu(text);
        const auto code =
            static_cast<std::size_t>((lead & 0x1FU) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3FU));
        if (bases[code] == 0) return foldedByIcu(text);
        out += bases[code];
    }
    return out;
}

} // namespace trevo::identity
