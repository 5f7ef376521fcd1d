#include "formats/html_text.hpp"

#include "base/utf8.hpp"

#include <catch2/catch.hpp>

using trevo::formats::htmlToText;

TEST_CASE("HTML becomes the text that its reader sees") {
    struct Row {
        const char *rule, *html, *text;
    };
    const Row rows[] = {
        {"cells of a row stand side by side",
         "<table><tr><td>Nome</td><td>Maria</td></tr><tr><td>Tel</td><td>11</td></tr></table>",
         "Nome\tMaria\nTel\t11"},
        {"blocks within cells do not tear the row",
         "<tr><td><p>Nome</p></td><td><div><p>Maria</p></div></td></tr>", "Nome\tMaria"},
        {"a table within a cell stays in its row",
         "<tr><td>Nome</td><td><table><tr><td>Maria</td></tr></table></td></tr>", "Nome\tMaria"},
        {"an empty cell makes no gap of its own", "<tr><td>Nome</td><td>&nbsp;</td><td>Maria</td></tr>",
         "Nome\tMaria"},
        {"breaks and blocks break lines", "Oi<br>tudo<div>bem</div>e", "Oi\ntudo\nbem\ne"},
        {"paragraphs leave a line between", "<p>um</p><p>dois</p>", "um\n\ndois"},
        {"line ends of the source are blanks", "um\r\n  dois", "um dois"},
        {"inline tags say nothing", "<b>Nome:</b> <span style='x'>Maria</span>", "Nome: Maria"},
        {"entities by name and number", "Jo&atilde;o &#233; &#xE9; &amp;amp; &lt;x&gt; &euro; &#128;",
         "João é é &amp; <x> € €"},
        {"what is no entity stays", "a & b &unknown; &#0; &#xD800;", "a & b &unknown; &#0; &#xD800;"},
        {"no script, style, comment or title",
         "<title>t</title><style>a>b</style>x<script>if (a<b) y()</script><!-- <b>z --> w", "x w"},
        {"a sign within quotes ends no tag", "<a title=\"a > b\">x</a>", "x"},
        {"a smaller-than sign is no tag", "pago < 50 mil e <3", "pago < 50 mil e <3"},
        {"a tag that is never closed ends where the next begins", "<a href=x<b>y</b>", "y"},
        {"invisible marks are dropped",
         "11&#8203;9&shy;8\xE2\x80\x8B"
         "7",
         "1198\xE2\x80\x8B"
         "7"},
        {"an unclosed script hides only what follows", "x<script>y", "x"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        CHECK(htmlToText(row.html) == row.text);
    }
}

TEST_CASE("the text of HTML is cut at its limit, never within a letter") {
    std::string html;
    for (int i = 0; i < 1000; ++i)
        html += "é";
    for (std::size_t limit = 1; limit < 40; ++limit) {
        const auto text = htmlToText(html, trevo::formats::LineEnds::Blank, limit);
        CHECK(text.size() <= limit + 1);
        CHECK(trevo::isUtf8(text));
    }
}
