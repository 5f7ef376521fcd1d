#include "toml/reader.hpp"

#include "base/suggest.hpp"

#include <algorithm>

namespace trevo::toml {

Reader::Reader(const Value& value, std::string path, Errors& errors)
    : value_(&value), path_(std::move(path)), errors_(&errors) {
    if (!value.table()) {
        errors_->push_back({value.place, path_, "expected a table, got " + std::string(value.typeName())});
    }
}

namespace {

const Value& emptyTable() {
    static const Value empty{Value::Table{}, {}};
    return empty;
}

} // namespace

Reader::Reader(Outline& outline, Errors& errors)
    : value_(&emptyTable()), errors_(&errors), outline_(&outline) {}

const Value* Reader::take(const std::string& key, Outline::Type type) {
    known_.insert(key);
    if (outline_) { // asked for again as it is, a key stays what it was first
        const auto [entry, isNew] = outline_->keys.try_emplace(key);
        if (isNew || type != Outline::Type::Any) entry->second.type = type;
    }
    return value_->find(key);
}

// When recording: the reader of the table `key`.
Reader Reader::below(const std::string& key) {
    auto& entry = outline_->keys[key];
    if (!entry.below) entry.below = std::make_shared<Outline>();
    return Reader(*entry.below, *errors_);
}

void Reader::wrongType(const std::string& key, const Value& value, std::string_view wanted) {
    errors_->push_back({value.place, pathOf(key),
                        "expected " + std::string(wanted) + ", got " + std::string(value.typeName())});
}

bool Reader::has(const std::string& key) const {
    return value_->find(key) != nullptr;
}

const Value* Reader::any(const std::string& key) {
    const Value* value = take(key, Outline::Type::Any);
    return outline_ ? &emptyTable() : value;
}

std::optional<std::string> Reader::text(const std::string& key) {
    const Value* value = take(key, Outline::Type::Text);
    if (!value) return std::nullopt;
    if (const auto* found = value->text()) return *found;
    wrongType(key, *value, "a text");
    return std::nullopt;
}

std::string Reader::requireText(const std::string& key) {
    if (!has(key)) {
        take(key, Outline::Type::Text);
        if (outline_) outline_->keys[key].required = true;
        fail(key, "is missing");
        return {};
    }
    return text(key).value_or("");
}

std::optional<std::string> Reader::word(const std::string& key, const std::vector<std::string>& allowed) {
    auto found = text(key);
    if (outline_) {
        outline_->keys[key].type = Outline::Type::Word;
        outline_->keys[key].words = allowed;
    }
    if (!found || std::find(allowed.begin(), allowed.end(), *found) != allowed.end()) return found;
    std::string list;
    for (const auto& option : allowed)
        list += (list.empty() ? "" : ", ") + option;
    fail(key, "'" + *found + "' is not one of " + list + suggestion(*found, allowed));
    return std::nullopt;
}

std::optional<std::int64_t> Reader::integer(const std::string& key, std::int64_t min, std::int64_t max) {
    const Value* value = take(key, Outline::Type::Integer);
    if (outline_) {
        outline_->keys[key].min = min;
        outline_->keys[key].max = max;
    }
    if (!value) return std::nullopt;
    const auto* found = std::get_if<std::int64_t>(&value->data);
    if (!found) {
        wrongType(key, *value, "a whole number");
        return std::nullopt;
    }
    if (*found < min || *found > max) {
        fail(key,
             std::to_string(*found) + " is outside " + std::to_string(min) + " to " + std::to_string(max));
        return std::nullopt;
    }
    return *found;
}

std::optional<bool> Reader::boolean(const std::string& key) {
    const Value* value = take(key, Outline::Type::Boolean);
    if (!value) return std::nullopt;
    if (const auto* found = std::get_if<bool>(&value->data)) return *found;
    wrongType(key, *value, "true or false");
    return std::nullopt;
}

std::vector<std::string> Reader::texts(const std::string& key) {
    const Value* value = take(key, Outline::Type::Texts);
    if (!value) return {};
    if (const auto* one = value->text()) return {*one};
    std::vector<std::string> all;
    if (const auto* list = value->list()) {
        for (const auto& item : *list) {
            if (const auto* found = item.text())
                all.push_back(*found);
            else
                wrongType(key, item, "a text");
        }
    } else {
        wrongType(key, *value, "a list of texts");
    }
    return all;
}

std::optional<Reader> Reader::table(const std::string& key) {
    const Value* value = take(key, Outline::Type::Table);
    if (outline_) return below(key);
    if (!value) return std::nullopt;
    return Reader(*value, pathOf(key), *errors_);
}

std::vector<Reader> Reader::tables(const std::string& key) {
    const Value* value = take(key, Outline::Type::Tables);
    if (outline_) return {below(key)};
    if (!value) return {};
    std::vector<Reader> all;
    if (const auto* list = value->list()) {
        for (std::size_t i = 0; i < list->size(); ++i) {
            all.emplace_back((*list)[i], pathOf(key) + '[' + std::to_string(i) + ']', *errors_);
        }
    } else {
        all.emplace_back(*value, pathOf(key), *errors_);
    }
    return all;
}

std::vector<std::pair<std::string, Reader>> Reader::namedTables(const std::string& key) {
    std::vector<std::pair<std::string, Reader>> all;
    const Value* value = take(key, Outline::Type::NamedTables);
    if (outline_) {
        all.emplace_back("*", below(key));
        return all;
    }
    if (!value) return all;
    if (const auto* entries = value->table()) {
        for (const auto& [name, entry] : *entries) {
            all.emplace_back(name, Reader(entry, pathOf(key) + '.' + name, *errors_));
        }
    } else {
        wrongType(key, *value, "a table");
    }
    return all;
}

std::vector<std::string> Reader::keys() const {
    if (outline_) return {"*"};
    std::vector<std::string> names;
    if (const auto* entries = value_->table()) {
        for (const auto& entry : *entries)
            names.push_back(entry.first);
    }
    return names;
}

void Reader::fail(const std::string& key, std::string message) {
    const Value* value = value_->find(key);
    errors_->push_back({value ? value->place : value_->place, pathOf(key), std::move(message)});
}

void Reader::finish() {
    const auto* entries = value_->table();
    if (!entries) return;
    const std::vector<std::string> known(known_.begin(), known_.end());
    for (const auto& [key, value] : *entries) {
        if (known_.contains(key)) continue;
        errors_->push_back({value.place, pathOf(key), "unknown key" + suggestion(key, known)});
    }
}

} // namespace trevo::toml
