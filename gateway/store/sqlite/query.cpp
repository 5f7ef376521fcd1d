#include "store/sqlite/query.hpp"

#include <algorithm>

namespace trevo::store::sqlite {

Query& Query::where(const std::string& condition, std::vector<Value> values) {
    conditions_ += conditions_.empty() ? " WHERE " : " AND ";
    conditions_ += "(" + condition + ")";
    for (auto& value : values)
        std::visit([&](auto& held) { values_.emplace_back(std::move(held)); }, value);
    return *this;
}

Query& Query::whereOneOf(std::string_view column, const std::vector<std::string>& names) {
    std::string condition = std::string(column) + " IN (SELECT id FROM name WHERE text IN (";
    std::vector<Value> values;
    for (const auto& name : names) {
        condition += values.empty() ? "?" : ",?";
        values.emplace_back(name);
    }
    return where(condition + "))", std::move(values));
}

Query& Query::pointer(void* value, const char* type) {
    values_.emplace_back(Pointer{value, type});
    return *this;
}

Statement Query::run(const Database& database, std::string_view select, std::string_view tail) {
    std::string sql(select);
    sql += conditions_;
    sql += ' ';
    sql += tail;
    Statement statement = database.prepare(sql);
    int index = 0;
    for (const auto& value : values_) {
        ++index;
        if (const auto* number = std::get_if<std::int64_t>(&value))
            statement.bind(index, *number);
        else if (const auto* text = std::get_if<std::string>(&value))
            statement.bind(index, *text);
        else
            statement.bindPointer(index, std::get<Pointer>(value).value, std::get<Pointer>(value).type);
    }
    return statement;
}

void applyPage(Query& query, std::string_view column, const Page& page) {
    if (page.after <= 0) return;
    query.where(std::string(column) + (page.newestFirst ? "<?" : ">?"), {page.after});
}

std::string orderAndLimit(std::string_view column, const Page& page, bool computed) {
    return "ORDER BY " + std::string(computed ? "+" : "") + std::string(column) +
           (page.newestFirst ? " DESC" : " ASC") + " LIMIT " +
           std::to_string(std::clamp(page.limit, 0, 10'000));
}

} // namespace trevo::store::sqlite
