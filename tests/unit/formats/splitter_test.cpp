#include "formats/csv_splitter.hpp"

#include <catch2/catch.hpp>

namespace trevo::formats {

namespace {

// Gives the text in bites, so that nothing may count on what comes together.
Read inBites(std::string_view text, std::size_t bite) {
    return [text, bite](char* into, std::size_t size) mutable {
        const auto count = std::min({bite, size, text.size()});
        text.copy(into, count);
        text.remove_prefix(count);
        return count;
    };
}

struct Cut {
    std::vector<Piece> pieces;
    std::string problem;
};

Cut cut(std::string_view text, const SplitOptions& options = {}, std::size_t bite = 1 << 20) {
    CsvSplitter splitter(inBites(text, bite), options);
    Cut out;
    while (true) {
        Piece piece;
        const auto more = splitter.next(piece);
        if (!more) {
            out.problem = describe(more.error());
            return out;
        }
        if (!*more) return out;
        out.pieces.push_back(std::move(piece));
    }
}

std::vector<std::string> textsOf(const Cut& all) {
    std::vector<std::string> texts;
    for (const auto& piece : all.pieces)
        texts.push_back(piece.text);
    return texts;
}

using Texts = std::vector<std::string>;

SplitOptions rows(std::size_t count) {
    SplitOptions options;
    options.rowsPerPiece = count;
    return options;
}

} // namespace

TEST_CASE("a table becomes pieces with the header in each, which know their lines") {
    const std::string text = "nome;fone\r\nAna;1\r\n\r\nBia;\"2\n3\"\r\nCaio;4";
    const auto all = cut(text, rows(2));
    CHECK(all.problem.empty());
    CHECK(textsOf(all) ==
          Texts{"sep=;\nnome;fone\r\nAna;1\r\n\r\nBia;\"2\n3\"\r\n", "sep=;\nnome;fone\r\nCaio;4"});
    CHECK(all.pieces[0].rows == 2);
    // Line 3 of the piece is line 2 of the file; line 3 of the second is line 6.
    CHECK(all.pieces[0].lineOffset == -1);
    CHECK(all.pieces[1].lineOffset == 3);
    CHECK(all.pieces[1].number == 1);
}

TEST_CASE("the pieces are the same however the bytes come") {
    std::string text = "nome;obs\n";
    for (int i = 0; i < 300; ++i)
        text += "Cliente " + std::to_string(i) + (i % 7 == 0 ? ";\"a;\n\"\"b\"\"\"\n" : ";Jo\xE3o\r\n");
    const auto whole = textsOf(cut(text, rows(40)));
    CHECK(whole.size() == 8);
    for (const std::size_t bite : {1U, 7U, 1000U})
        CHECK(textsOf(cut(text, rows(40), bite)) == whole);
}

TEST_CASE("every charset of the wild arrives as UTF-8") {
    const std::string expected = "sep=;\nNome;Observação\nJoão;ok\n";
    std::string little = "\xFF\xFE", big;
    for (const char32_t c : std::u32string_view(U"Nome;Observação\nJoão;ok\n")) {
        little += {static_cast<char>(c), '\0'};
        big += {'\0', static_cast<char>(c)};
    }
    SplitOptions dos;
    dos.charset = "cp850";
    CHECK(textsOf(cut("Nome;Observação\nJoão;ok\n")) == Texts{expected});
    CHECK(textsOf(cut("\xEF\xBB\xBFNome;Observação\nJoão;ok\n")) == Texts{expected});
    CHECK(textsOf(cut("Nome;Observa\xE7\xE3o\nJo\xE3o;ok\n")) == Texts{expected});
    CHECK(textsOf(cut("Nome;Observação\nJo\xE3o;ok\n")) == Texts{expected});
    CHECK(textsOf(cut("Nome;Observa\x87\xC6o\nJo\xC6o;ok\n", dos)) == Texts{expected});
    CHECK(textsOf(cut(little)) == Texts{expected});
    CHECK(textsOf(cut(big)) == Texts{expected});
    CHECK(textsOf(cut(little, {}, 1)) == Texts{expected});
}

TEST_CASE("other dialects arrive in the one that mappings read") {
    CHECK(textsOf(cut("'nome','obs'\n'Ana','diz \"oi\", e\nsai'\n'Bia','x'\n")) ==
          Texts{"sep=,\nnome,obs\nAna,\"diz \"\"oi\"\", e\nsai\"\nBia,x\n"});
    CHECK(textsOf(cut("sep=|\nnome|obs\nAna|x\n")) == Texts{"sep=|\nnome|obs\nAna|x\n"});
    SplitOptions pinned;
    pinned.dialect.delimiter = '|';
    pinned.header = false;
    CHECK(textsOf(cut("a;b|c\n", pinned)) == Texts{"sep=|\na;b|c\n"});
    CHECK(textsOf(cut("nome;fone\rAna;1\rBia;2\r", rows(1))) ==
          Texts{"sep=;\rnome;fone\rAna;1\r", "sep=;\rnome;fone\rBia;2\r"});
}

TEST_CASE("a quote that is never closed costs one line") {
    const auto all = cut("nome;fone\nAna;1\n\"Bia;2\nCaio;3\nDora;4\n");
    CHECK(all.problem.empty());
    CHECK(textsOf(all) == Texts{"sep=;\nnome;fone\nAna;1\n", "sep=;\nnome;fone\n\"Bia;2\n",
                                "sep=;\nnome;fone\nCaio;3\nDora;4\n"});
    CHECK(all.pieces[1].lineOffset == 0);
    CHECK(all.pieces[2].lineOffset == 1);

    std::string many = "nome;fone\n";
    for (int i = 0; i < 5; ++i)
        many += "\"" + std::string(150, 'a') + "\n" + std::string(100, 'b') + ";1\n" + std::string(100, 'c') +
                "\n";
    SplitOptions strict;
    strict.maxRowBytes = 200;
    strict.maxUnclosedQuotes = 2;
    CHECK(cut(many, strict).problem.find("too many quotes are opened and never closed") != std::string::npos);
}

TEST_CASE("what can not be a table is refused with its line, after what came before") {
    CHECK(cut("").problem == "bad_csv (line 1): the first line must name the columns");
    CHECK(cut("\n \n;;\n").problem.starts_with("bad_csv"));
    CHECK(cut("\"nome;fone\nAna;1\n").problem == "bad_csv (line 1): a quote is opened and never closed");
    SplitOptions narrow = rows(10);
    narrow.maxRowBytes = 100;
    const auto all = cut("nome;fone\nAna;1\n" + std::string(101, 'x') + "\nBia;2\n", narrow);
    CHECK(all.pieces.size() == 1);
    CHECK(all.problem == "row_too_long (line 3): a row has more than 100 bytes");
    CHECK(cut("nome;fone\n\"" + std::string(99, 'x') + "\";\"" + std::string(99, 'y') + "\"\n", narrow)
              .problem.starts_with("row_too_long"));
}

TEST_CASE("a piece ends early when its rows are long") {
    SplitOptions options = rows(1000);
    options.maxPieceBytes = 1000;
    std::string text = "a;b\n";
    for (int i = 0; i < 50; ++i)
        text += std::string(100, 'x') + ";1\n";
    const auto all = cut(text, options);
    CHECK(all.pieces.size() == 5);
    for (const auto& piece : all.pieces)
        CHECK(piece.text.size() < 1200);
}

} // namespace trevo::formats
