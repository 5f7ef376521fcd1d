#include "store/sqlite/codec.hpp"
#include "store/sqlite/matches.hpp"
#include "store/sqlite/reader.hpp"

namespace trevo::store::sqlite {

std::vector<MatchRow> SqliteReader::matches(const Filter& filter, const Page& page) {
    const auto session = pool_.lease();
    Query query;
    if (!filter.state.empty()) {
        const auto state = matchStateNamed(filter.state);
        if (!state) return {};
        // Written out, so that the index of the open ones can serve.
        query.where("state=" + std::to_string(static_cast<int>(*state)));
    }
    if (!filter.subject.empty()) {
        const auto number = numberOf(filter.subject, 'm');
        if (!number) return {};
        query.where("id=?", {*number});
    }
    if (!filter.person.empty()) {
        const auto number = numberOf(filter.person, 'p');
        if (!number) return {};
        query.where("(person=? OR id IN (SELECT match FROM match_candidate WHERE person=?))",
                    {*number, *number});
    }
    if (!filter.dealer.empty()) query.where("dealer=" + std::string(kNameNumber), {filter.dealer});
    if (filter.dealers) query.whereOneOf("dealer", *filter.dealers);
    applyPage(query, "id", page);
    std::vector<MatchRow> rows;
    Statement row = query.run(session->database,
                              "SELECT id, state, record, person, dealer, opened, settled, actor, reason "
                              "FROM possible_match",
                              orderAndLimit("id", page, false));
    Statement candidates = session->database.prepare(
        "SELECT person, evidence FROM match_candidate WHERE match=?1 ORDER BY rank");
    while (row.next()) {
        MatchRow match;
        match.number = row.integer(0);
        match.id = matchId(match.number);
        match.state = name(static_cast<MatchState>(row.small(1)));
        match.record = recordId(row.integer(2));
        match.person = personId(row.integer(3));
        match.dealer = session->names.text(row.integer(4));
        match.openedAt = row.time(5);
        if (!row.isNull(6)) match.settledAt = row.time(6);
        if (!row.isNull(7)) match.actor = session->names.text(row.integer(7));
        match.reason = row.text(8);
        for (bool any = candidates.first(match.number); any; any = candidates.next())
            match.candidates.push_back({personId(candidates.integer(0)), candidates.text(1)});
        rows.push_back(std::move(match));
    }
    return rows;
}

} // namespace trevo::store::sqlite
