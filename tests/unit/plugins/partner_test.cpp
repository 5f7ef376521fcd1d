#include <trevo/partner.hpp>

#include <catch2/catch.hpp>

using namespace trevo;

TEST_CASE("A status of the partner says what to do next") {
    struct Row {
        int status;
        std::string retryAfter;
        trevo_status outcome;
        std::int64_t seconds;
    };
    const auto row = GENERATE(values<Row>({
        {0, "", TREVO_RETRY_AFTER, 0},
        {302, "", TREVO_AUTH, 0},
        {401, "", TREVO_AUTH, 0},
        {403, "", TREVO_AUTH, 0},
        {400, "", TREVO_REJECT, 0},
        {408, "", TREVO_RETRY_AFTER, 0},
        {429, "17", TREVO_LIMIT, 17},
        {429, "Wed, 21 Oct 2026 07:28:00 GMT", TREVO_LIMIT, 60}, // a date, and no Date to count from
        {503, "999999999", TREVO_RETRY_AFTER, 86'400},
        {503, "-5", TREVO_RETRY_AFTER, 0},
        {500, "", TREVO_RETRY_AFTER, 0},
    }));
    CAPTURE(row.status, row.retryAfter);
    const Outcome outcome =
        partner::troubleWith({row.status, {{"retry-after", row.retryAfter}}, "", "x"}, "the partner");
    CHECK(outcome.status == row.outcome);
    CHECK(outcome.retryAfterSeconds == row.seconds);
}

TEST_CASE("What may still succeed outranks what never will") {
    Outcome kept = Outcome::reject("a", "", "");
    partner::keepWorse(kept, Outcome::done());
    CHECK(kept.code == "a");
    partner::keepWorse(kept, Outcome::retryAfter(0, "b", ""));
    partner::keepWorse(kept, Outcome::auth("c", ""));
    CHECK(kept.code == "b");
}

TEST_CASE("A path pattern takes percent-encoded values and leaves what it does not know") {
    CHECK(partner::fill("/l/{id}?t={type}&x={y}", {{"id", "a/b?"}, {"type", "2"}}) ==
          "/l/a%2Fb%3F?t=2&x={y}");
    CHECK(partner::fill("/{id", {{"id", "1"}}) == "/{id");
    CHECK(partner::fill("{{id}}", {{"id", "1"}}) == "{1}");
    CHECK(partner::placeholders("/{a}/{b}{") == std::vector<std::string>{"a", "b"});
    CHECK(partner::join("http://x/", "/y") == "http://x/y");
    CHECK(partner::join("http://x", "y") == "http://x/y");
}

TEST_CASE("Days are read strictly and written by pattern") {
    CHECK(partner::dayText(*partner::dayFrom("2026-03-01") - 1, "yyyyMMdd") == "20260228");
    CHECK(partner::dayText(*partner::dayFrom("2024-02-29"), "dd/MM/yyyy") == "29/02/2024");
    for (const char* bad : {"2026-02-30", "2026-2-3", "20260203", "", "2026-0x-03"})
        CHECK_FALSE(partner::dayFrom(bad));
    CHECK(partner::brasiliaDay(3 * 3'600 - 1) == -1); // still the day before in Brasilia
    CHECK(partner::brasiliaDay(3 * 3'600) == 0);
}

TEST_CASE("A fingerprint changes with the text and has sixteen digits") {
    CHECK(partner::fingerprint("") == "cbf29ce484222325");
    CHECK(partner::fingerprint("a") == "af63dc4c8601ec8c");
}
