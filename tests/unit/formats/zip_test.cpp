#include "formats/zip.hpp"
#include "unit/formats/zip_files.hpp"

#include <archive_entry.h>
#include <catch2/catch.hpp>
#include <vector>

namespace trevo::formats {

namespace {

using File = test::ZippedFile;

std::string zipped(const std::vector<File>& files) {
    return test::zipOf(files);
}

// "name=content" of each file, then the problem.
std::vector<std::string> read(const std::string& bytes, const ZipLimits& limits = {}) {
    ZipReader reader(readFrom(bytes), limits);
    std::vector<std::string> out;
    ZipEntry entry;
    while (true) {
        const auto more = reader.next(entry);
        if (!more) {
            out.push_back(more.error().code);
            return out;
        }
        if (!*more) return out;
        std::string content;
        char block[1000];
        const Read source = reader.content();
        while (const auto count = source(block, sizeof block))
            content.append(block, count);
        if (!reader.problem()) out.push_back(entry.name + '=' + content);
    }
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("the files of an archive come one after the other") {
    CHECK(read(zipped({{"leads.csv", "nome\nAna\n"}, {"pasta/", "", AE_IFDIR}, {"pasta/b.csv", ""}})) ==
          Texts{"leads.csv=nome\nAna\n", "pasta/b.csv="});
    CHECK(read(zipped({})).empty());
}

TEST_CASE("a name is shown, and is no path") {
    CHECK(read(zipped({{"../../etc/passwd", "x"}})) == Texts{"../../etc/passwd=x"});
    CHECK(read(zipped({{"a\nb", "x"}})) == Texts{"a?b=x"});
}

TEST_CASE("an archive that unpacks to too much is refused before it does") {
    const std::string bomb = zipped({{"a", std::string(3 << 20, '\0')}});
    CHECK(bomb.size() < 20'000);
    CHECK(read(bomb) == Texts{"zip_too_large"});
    ZipLimits limits;
    limits.maxRatio = 100'000;
    CHECK(read(bomb, limits).size() == 1);
    CHECK(read(bomb, limits).front().size() == (3 << 20) + 2);
    limits.maxEntryBytes = 1 << 20;
    CHECK(read(bomb, limits) == Texts{"zip_too_large"});
    limits = {};
    limits.maxTotalBytes = 5;
    CHECK(read(zipped({{"a", "123"}, {"b", "456"}}), limits) == Texts{"a=123", "zip_too_large"});
    limits = {};
    limits.maxEntries = 2;
    CHECK(read(zipped({{"a", "1"}, {"b", "2"}, {"c", "3"}}), limits) == Texts{"a=1", "b=2", "zip_too_large"});
}

TEST_CASE("what is no file in an archive, and no archive, are told apart from one") {
    // A link is a file that holds the name of its target; nothing follows it.
    CHECK(read(zipped({{"a", "/etc/passwd", AE_IFLNK}})) == Texts{"a=/etc/passwd"});
    CHECK(read("nome;fone\nAna;1\n") == Texts{"bad_zip"});
    std::string noise;
    for (unsigned i = 1; noise.size() < 5000; i = i * 1103515245U + 12345U)
        noise += static_cast<char>(i >> 24);
    const std::string whole = zipped({{"a.csv", noise}});
    CHECK(read(whole.substr(0, 1000)) == Texts{"bad_zip"});
    std::string flipped = whole;
    flipped[1000] = static_cast<char>(flipped[1000] ^ 0x55);
    CHECK(read(flipped) == Texts{"bad_zip"});
}

} // namespace trevo::formats
