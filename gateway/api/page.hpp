// Pages of rows that have a number to go on from.
#pragma once

#include "api/rows.hpp"

#include <vector>

namespace trevo::api {

// One row more than asked for tells whether there is a next page.
inline store::Page pageOf(const Call& call) {
    return {call.query.cursor("cursor"), static_cast<int>(call.query.integer("limit", 50)) + 1,
            call.query.text("order") == "newest"};
}

// Rows that `shown` is false for are left out of the page, but count: the cursor goes on behind them.
template <class Row, class Shown>
Answer answerPage(const Call& call, std::vector<Row> rows, Shown shown) {
    const auto limit = static_cast<std::size_t>(call.query.integer("limit", 50));
    std::string next;
    if (rows.size() > limit) {
        rows.resize(limit);
        next =
            std::string(call.route.path) + '?' + call.query.with("cursor", encodeCursor(rows.back().number));
    }
    std::erase_if(rows, [&](const Row& row) { return !shown(row); });
    constexpr std::string_view kNdjson = "application/x-ndjson";
    if (call.accepts(kNdjson)) { // a line an item; where to go on stands in the Link header
        std::string body;
        for (const Row& row : rows) {
            JsonWriter line;
            write(line, row);
            body += line.str();
            body += '\n';
        }
        http::Response response{200, {{"Content-Type", std::string(kNdjson)}}, std::move(body)};
        if (!next.empty()) response.headers.emplace_back("Link", '<' + next + ">; rel=\"next\"");
        return response;
    }
    JsonWriter out;
    out.beginObject().key("items").beginArray();
    for (const Row& row : rows)
        write(out, row);
    out.endArray().maybe("next", next).endObject();
    return ok(200, out);
}

template <class Row>
Answer answerPage(const Call& call, std::vector<Row> rows) {
    return answerPage(call, std::move(rows), [](const Row&) { return true; });
}

} // namespace trevo::api
