#include "formats/bytes.hpp"

#include <catch2/catch.hpp>

namespace trevo::formats {

namespace {

std::string bytes(std::initializer_list<int> values) {
    std::string out;
    for (const int value : values)
        out += static_cast<char>(value);
    return out;
}

} // namespace

TEST_CASE("the encoding of a file shows in its first bytes") {
    const auto of = [](const std::string& start) {
        const Mark mark = detectEncoding(start);
        return std::pair(mark.encoding, mark.length);
    };
    using Pair = std::pair<Encoding, std::size_t>;
    CHECK(of("") == Pair{Encoding::Bytes, 0});
    CHECK(of("nome;fone") == Pair{Encoding::Bytes, 0});
    CHECK(of("\xEF\xBB\xBFnome") == Pair{Encoding::Bytes, 3});
    CHECK(of("\xFF\xFEn") == Pair{Encoding::Utf16Little, 2});
    CHECK(of("\xFE\xFF") == Pair{Encoding::Utf16Big, 2});
    CHECK(of(bytes({'n', 0, 'o', 0, 'm', 0, 'e', 0})) == Pair{Encoding::Utf16Little, 0});
    CHECK(of(bytes({0, 'n', 0, 'o', 0, 'm'})) == Pair{Encoding::Utf16Big, 0});
    CHECK(of(bytes({'a', 0, 0, 'b', 'c', 'd'})) == Pair{Encoding::Bytes, 0});
}

TEST_CASE("UTF-16 is read in pieces that end anywhere") {
    // "é", U+1F600, a lone half, "a"
    const std::string little = bytes({0xE9, 0, 0x3D, 0xD8, 0x00, 0xDE, 0x3D, 0xD8, 'a', 0});
    for (std::size_t cut = 0; cut <= little.size(); ++cut) {
        Utf16Reader reader(Encoding::Utf16Little);
        std::string out;
        reader.convert(std::string_view(little).substr(0, cut), out);
        reader.convert(std::string_view(little).substr(cut), out);
        reader.finish(out);
        CHECK(out == "é😀\xEF\xBF\xBD"
                     "a");
    }
    Utf16Reader big(Encoding::Utf16Big);
    std::string out;
    big.convert(bytes({0, 'a', 0xDC, 0x00, 0xD8, 0x3D, 0}), out);
    big.finish(out);
    CHECK(out == "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

} // namespace trevo::formats
