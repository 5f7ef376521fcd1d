#include "store/sqlite/search.hpp"

#include "base/utf8.hpp"
#include "identity/document.hpp"
#include "identity/email.hpp"
#include "identity/name_key.hpp"
#include "identity/phone.hpp"
#include "identity/plate.hpp"
#include "identity/text.hpp"
#include "identity/vehicle_ids.hpp"
#include "store/sqlite/people.hpp"

#include <algorithm>

namespace trevo::store::sqlite {
namespace {

using match::KeyKind;

bool looksLikeNumber(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return identity::isDigit(c) || std::string_view(" ()+-./").find(c) != std::string_view::npos;
    });
}

void addPhones(Search& search, std::string_view text) {
    const auto add = [&](const identity::PhoneReading& phone) {
        const std::string key = phone.valid ? identity::phoneMatchKey(phone.normalised) : std::string();
        if (!key.empty()) search.alternatives.push_back({match::keyOf(KeyKind::Phone, key)});
    };
    const identity::PhoneReading phone = identity::readPhone(text, "");
    add(phone);
    if (phone.valid || identity::digitsOf(text).size() > 9) return;
    // Without an area code: any. A lookup per area code is cheaper than an index of their own for such
    // searches.
    for (char tens = '1'; tens <= '9'; ++tens) {
        for (char units = '1'; units <= '9'; ++units) {
            const std::string ddd{tens, units};
            if (identity::isDdd(ddd)) add(identity::readPhone(text, ddd));
        }
    }
}

void appendNumbers(std::string& sql, const std::vector<std::int64_t>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i)
        sql += (i == 0 ? "" : ",") + std::to_string(numbers[i]);
}

} // namespace

Search understand(std::string_view raw) {
    const std::string_view text = trimAscii(raw);
    Search search;
    search.externalId = text;
    if (text.empty()) return search;
    const auto add = [&](KeyKind kind, std::string_view value) {
        search.alternatives.push_back({match::keyOf(kind, value)});
    };
    if (text.find('@') != std::string_view::npos) {
        const auto email = identity::readEmail(text);
        if (email.wellFormed) add(KeyKind::Email, identity::emailMatchKey(email.normalised));
        return search;
    }
    if (const auto document = identity::readDocument(text); document.valid && !document.padded)
        add(KeyKind::Document, document.normalised);
    if (looksLikeNumber(text)) {
        addPhones(search, text);
        return search;
    }
    if (const auto plate = identity::readPlate(text); plate.valid) add(KeyKind::Plate, plate.normalised);
    if (const auto vin = identity::readVin(text); vin.valid) add(KeyKind::Vin, vin.normalised);
    if (!search.alternatives.empty()) return search;
    std::vector<match::Key> words;
    for (const auto& token : identity::nameKey(text).tokens)
        words.push_back(match::keyOf(KeyKind::NameToken, token));
    if (!words.empty()) search.alternatives.push_back(std::move(words));
    return search;
}

bool matches(const Search& search, const match::Features& features) {
    const std::vector<match::Key> keys = match::keysOf(features);
    return std::any_of(search.alternatives.begin(), search.alternatives.end(), [&](const auto& wanted) {
        return std::all_of(wanted.begin(), wanted.end(), [&](const match::Key& key) {
            return std::find(keys.begin(), keys.end(), key) != keys.end();
        });
    });
}

std::string peopleCondition(const Search& search, std::string_view column,
                            const std::vector<std::int64_t>& groups) {
    std::vector<std::int64_t> single;
    std::string sql;
    for (const std::int64_t group : groups) {
        for (const auto& wanted : search.alternatives) {
            if (wanted.size() == 1) {
                single.push_back(indexHash(wanted[0], group));
                continue;
            }
            sql += sql.empty() ? "" : " UNION ";
            sql += "SELECT person FROM key AS k WHERE hash=" + std::to_string(indexHash(wanted[0], group));
            for (std::size_t i = 1; i < wanted.size(); ++i)
                sql += " AND EXISTS (SELECT 1 FROM key WHERE hash=" +
                       std::to_string(indexHash(wanted[i], group)) + " AND person=k.person)";
        }
    }
    if (!single.empty()) {
        sql += sql.empty() ? "" : " UNION ";
        sql += "SELECT person FROM key WHERE hash IN (";
        appendNumbers(sql, single);
        sql += ")";
    }
    if (sql.empty()) return "0";
    return std::string(column) + " IN (" + sql + ")";
}

} // namespace trevo::store::sqlite
