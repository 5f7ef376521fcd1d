#include "formats/mail.hpp"

#include "base/hash.hpp"
#include "base/utf8.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::formats;

namespace {

Mail mailOf(const std::string& bytes) {
    auto mail = readMail(bytes);
    if (!mail) FAIL(describe(mail.error()));
    return std::move(*mail);
}

std::string textOf(const std::string& head, const std::string& body) {
    const auto mail = mailOf("From: a@b.example\n" + head + "\n\n" + body);
    return mail.texts.empty() ? std::string() : mail.texts.front().text;
}

std::string multipart(const std::string& sub, const std::vector<std::string>& parts) {
    std::string out =
        "From: a@b.example\nSubject: s\nContent-Type: multipart/" + sub + "; boundary=\"=_b\"\n\nprose\n";
    for (const auto& part : parts)
        out += "--=_b\n" + part + "\n";
    return out + "--=_b--\n";
}

} // namespace

TEST_CASE("a text is read in the charset that it is in, whatever it says") {
    struct Row {
        const char *rule, *head, *body;
    };
    const Row rows[] = {
        {"UTF-8 as declared", "Content-Type: text/plain; charset=utf-8", "Ação é isto"},
        {"Latin-1 as declared", "Content-Type: text/plain; charset=ISO-8859-1", "A\xE7\xE3o \xE9 isto"},
        {"Windows-1252 that calls itself Latin-1", "Content-Type: text/plain; charset=iso-8859-1",
         "A\xE7\xE3o \xE9 isto"},
        {"UTF-8 that calls itself Latin-1", "Content-Type: text/plain; charset=iso-8859-1", "Ação é isto"},
        {"Latin-1 that calls itself UTF-8", "Content-Type: text/plain; charset=utf-8",
         "A\xE7\xE3o \xE9 isto"},
        {"no charset, UTF-8", "Content-Type: text/plain", "Ação é isto"},
        {"no charset, Windows-1252", "X-A: b", "A\xE7\xE3o \xE9 isto"},
        {"a charset that there is not", "Content-Type: text/plain; charset=klingon", "A\xE7\xE3o \xE9 isto"},
        {"a charset with a path in it", "Content-Type: text/plain; charset=\"../../x//IGNORE\"",
         "Ação é isto"},
        {"quoted-printable",
         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
         "A=C3=A7=C3=A3o =\n=C3=A9 isto"},
        {"base64", "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: base64",
         "QefjbyDpIGlzdG8="},
        {"Mac Roman", "Content-Type: text/plain; charset=macintosh", "A\x8D\x8Bo \x8E isto"},
        {"IBM 850", "Content-Type: text/plain; charset=ibm850", "A\x87\xC6o \x82 isto"},
        {"UTF-16 with its mark",
         "Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64",
         "//5BAOcA4wBvACAA6QAgAGkAcwB0AG8A"},
        {"UTF-7", "Content-Type: text/plain; charset=utf-7", "A+AOcA4w-o +AOk- isto"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        CHECK(std::string(trimAscii(textOf(row.head, row.body))) == "Ação é isto");
    }
}

TEST_CASE("headers are decoded, unfolded and UTF-8") {
    const auto mail = mailOf("From: =?iso-8859-1?Q?Jo=E3o?= <joao@example.com>\n"
                             "Subject: =?UTF-8?B?UHJvcG9zdGE=?=\n =?UTF-8?B?IG5vdmE=?=\n"
                             "X-Raw: pre\xE7o\nX-Broken: =?nope?X?zzz?= =?utf-8?Q?=FF=FE?=\n"
                             "Reply-To: \"Souza, Maria\" <maria@example.com>, b@c.example\n\nx");
    CHECK(mail.headers.first("subject") == "Proposta nova");
    CHECK(mail.headers.first("x-raw") == "preço");
    CHECK(isUtf8(mail.headers.first("x-broken")));
    const auto from = readAddresses(mail.headers.first("from"));
    REQUIRE(from.size() == 1);
    CHECK(from[0].name == "João");
    CHECK(from[0].address == "joao@example.com");
    const auto reply = readAddresses(mail.headers.first("reply-to"));
    REQUIRE(reply.size() == 2);
    CHECK(reply[0].name == "Souza, Maria");
}

TEST_CASE("a date has its zone, or it is none") {
    CHECK(readMailDate("Wed, 25 Nov 2026 10:00:00 -0300") == UtcTime::fromSeconds(1'795'611'600));
    CHECK(readMailDate("25 Nov 2026 13:00:00 GMT") == UtcTime::fromSeconds(1'795'611'600));
    CHECK_FALSE(readMailDate("quarta-feira, 25 de novembro de 2026 10:00"));
    CHECK_FALSE(readMailDate("yesterday"));
    CHECK_FALSE(readMailDate(""));
}

TEST_CASE("the forms of a text stand side by side, what is attached apart") {
    const auto mail =
        mailOf(multipart("mixed", {"Content-Type: multipart/alternative; boundary=in\n\n--in\nContent-Type: "
                                   "text/plain\n\nNome: Maria\n--in\n"
                                   "Content-Type: text/html\n\n<p>Nome: <b>Maria</b></p>\n--in--\n",
                                   "Content-Type: image/png; name=logo.png\nContent-ID: <x>\n\nPNG",
                                   "Content-Type: text/csv; charset=windows-1252; "
                                   "name=\"../leads.csv\"\nContent-Disposition: attachment; "
                                   "filename*=utf-8''pre%C3%A7os.csv\n\nNome;Pre\xE7o"}));
    REQUIRE(mail.texts.size() == 2);
    CHECK(trimAscii(mail.texts[0].text) == "Nome: Maria");
    CHECK(mail.texts[1].text == "Nome: Maria");
    CHECK(mail.texts[1].fromHtml);
    REQUIRE(mail.attachments.size() == 2);
    CHECK(mail.attachments[0].shown);
    CHECK(mail.attachments[1].fileName == "preços.csv");
    CHECK(mail.attachments[1].contentType == "text/csv; charset=windows-1252");
    CHECK(mail.attachments[1].content == "Nome;Pre\xE7o");
}

TEST_CASE("flowed lines go on, others do not") {
    CHECK(textOf("Content-Type: text/plain; format=flowed",
                 "Uma linha \nlonga.\n-- \nAssinatura\n> quoted \n> on") ==
          "Uma linha longa.\n-- \nAssinatura\n> quoted on");
    CHECK(textOf("Content-Type: text/plain", "a \nb") == "a \nb");
}

TEST_CASE("a forwarded mail speaks for itself") {
    SECTION("attached") {
        const auto mail = mailOf(multipart(
            "mixed",
            {"Content-Type: text/plain\n\nSegue.",
             "Content-Type: message/rfc822\n\nFrom: leads@portal.example\nSubject: Novo\n\nNome: Ana"}));
        REQUIRE(mail.forwarded);
        CHECK(mail.header("from") == "leads@portal.example");
        CHECK(mail.headers.first("from") == "a@b.example");
        REQUIRE(mail.texts.size() == 1);
        CHECK(trimAscii(mail.texts[0].text) == "Nome: Ana");
    }
    const auto quoted = [](const std::string& subject, const std::string& text) {
        return mailOf("From: a@b.example\nSubject: " + subject +
                      "\nContent-Type: text/plain; charset=utf-8\n\n" + text);
    };
    SECTION("quoted, as Gmail does") {
        const auto mail = quoted(
            "Fwd: x", "oi\n\n---------- Forwarded message ---------\nDe: Portal <leads@portal.example>\n"
                      "Date: qua., 25 de nov. de 2026\nSubject: Novo\nTo: <a@b.example>\n\n\nNome: Ana\n");
        REQUIRE(mail.forwarded);
        CHECK(mail.header("subject") == "Novo");
        CHECK(readAddresses(mail.header("from"))[0].address == "leads@portal.example");
        CHECK(trimAscii(mail.texts[0].text) == "Nome: Ana");
    }
    SECTION("quoted, as Outlook does") {
        const auto mail = quoted("ENC: x", "________________\nDe: Portal <leads@portal.example>\nEnviado: "
                                           "hoje\nPara: a\nAssunto: Novo\n\nNome: Ana");
        REQUIRE(mail.forwarded);
        CHECK(mail.header("subject") == "Novo");
    }
    SECTION("an answer that quotes is none") {
        const auto mail = quoted("Re: Novo", "Nome: Ana\n\n-----Mensagem original-----\nDe: "
                                             "b@c.example\nAssunto: Velho\nPara: x\n\nNome: Outra");
        CHECK_FALSE(mail.forwarded);
        CHECK(mail.texts[0].text.starts_with("Nome: Ana"));
    }
}

TEST_CASE("a mail that would cost memory is refused whole, and says where") {
    SECTION("ten thousand parts") {
        std::vector<std::string> parts(10'000, "\nx");
        const auto mail = readMail(multipart("mixed", parts));
        REQUIRE_FALSE(mail);
        CHECK(mail.error().code == "mail_too_complex");
        CHECK(mail.error().place.starts_with("line "));
    }
    SECTION("parts with a boundary in pieces") {
        std::string text = "Content-Type: multipart/mixed; boundary*0=\"a\"; boundary*1=\"b\"\n\n";
        for (int i = 0; i < 10'000; ++i)
            text += "--ab\n\nx\n";
        REQUIRE_FALSE(readMail(text));
    }
    SECTION("a thousand levels") {
        std::string text, end;
        for (int i = 0; i < 1'000; ++i)
            text += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" +
                    std::to_string(i) + "\n";
        REQUIRE_FALSE(readMail(text + "\nx"));
    }
    SECTION("thirty levels") {
        std::string text;
        for (int i = 0; i < 30; ++i)
            text += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" +
                    std::to_string(i) + "\n";
        const auto mail = readMail(text + "\nx");
        REQUIRE_FALSE(mail);
        CHECK(mail.error().code == "mail_too_deep");
    }
    SECTION("mails within mails") {
        std::string text;
        for (int i = 0; i < 5'000; ++i)
            text += "Content-Type: message/rfc822\n\n";
        REQUIRE_FALSE(readMail(text + "\nx"));
    }
    SECTION("a hundred thousand header lines") {
        std::string text;
        for (int i = 0; i < 100'000; ++i)
            text += "A: b\n";
        REQUIRE_FALSE(readMail(text));
        CHECK(readMailHeaders(text).all.size() <= 4'000);
    }
    SECTION("larger than is read") {
        const auto mail = readMail(std::string(2'000, 'x'), {1'000});
        REQUIRE_FALSE(mail);
        CHECK(mail.error().code == "mail_too_large");
    }
}

TEST_CASE("mails about mails are told from what people and portals write") {
    const auto nature = [](const std::string& head) {
        const auto found = natureOf(mailOf("From: a@b.example\n" + head + "\n\nNome: Ana"));
        return found ? found->code : std::string();
    };
    CHECK(nature("Auto-Submitted: auto-replied (vacation)") == "auto_reply");
    CHECK(nature("X-Autoreply: yes") == "auto_reply");
    CHECK(nature("Precedence: auto_reply") == "auto_reply");
    CHECK(nature("Subject: =?utf-8?Q?Resposta_autom=C3=A1tica:_Proposta?=") == "auto_reply");
    CHECK(nature("Subject: Out of Office: x") == "auto_reply");
    CHECK(nature("Return-Path: <>") == "bounce");
    CHECK(nature("Content-Type: multipart/report; report-type=delivery-status; boundary=x") == "bounce");
    CHECK(nature("X-Trevo-Receipt: x") == "mail_loop");
    std::string hops;
    for (int i = 0; i < 41; ++i)
        hops += "Received: by x\n";
    CHECK(nature(hops + "X: y") == "mail_loop");

    CHECK(nature("Auto-Submitted: auto-generated").empty()); // so are portals' leads
    CHECK(nature("Precedence: bulk").empty());
    CHECK(nature("Subject: Proposta\nReturn-Path: <bounces@portal.example>").empty());
}

TEST_CASE("one mail is one, however it came; two under one Message-ID are two") {
    const std::string mail =
        "Message-ID: <1@x>\r\nFrom: a@b.example\r\nSubject: long\r\n subject\r\n\r\nNome: Ana\r\n";
    const auto key = mailKey(mail);
    CHECK(mailKey("Received: by mx\r\nDelivered-To: x\r\n" + mail) == key);
    CHECK(mailKey("Return-Path: <x@y>\nMessage-ID: <1@x>\nFrom: a@b.example\nSubject: long subject\n\nNome: "
                  "Ana\n\n") == key);
    CHECK(mailKey("Message-ID: <1@x>\nFrom: a@b.example\nSubject: long subject\n\nNome: Bia\n") != key);
    CHECK(mailKey("Message-ID: <2@x>\nFrom: a@b.example\nSubject: long subject\n\nNome: Ana\n") != key);
    CHECK(mailKey("") == mailKey("\n"));
}

TEST_CASE("what is no mail is read without complaint or refused, never worse") {
    for (const char* bytes : {"", "\n", "\n\n", "no header at all", "From", ":", "A: b",
                              "Content-Type: multipart/mixed\n\n--\n--\n",
                              "Content-Type: multipart/mixed; boundary=\"\"\n\n----\n",
                              "Content-Type: text/plain; charset=\n\n\xFF\xFE\x41"}) {
        const auto mail = readMail(bytes);
        if (!mail) continue;
        for (const auto& text : mail->texts)
            CHECK(isUtf8(text.text));
    }
}
