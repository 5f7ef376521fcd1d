#include "api/body.hpp"

#include "base/suggest.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::api {

using Json = nlohmann::json;

struct BodyReader::Impl {
    Json object = Json::object();
    std::vector<std::string> known;
    std::optional<Problem> problem;

    const Json* take(const std::string& key) {
        if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
        const auto found = object.find(key);
        return found == object.end() || found->is_null() ? nullptr : &*found;
    }
    void wrongType(const std::string& key, std::string_view wanted) {
        if (!problem) problem = Problem{"wrong_type", '/' + key, "", "Expected " + std::string(wanted) + '.'};
    }
};

BodyReader::BodyReader(std::string_view json) : impl_(std::make_unique<Impl>()) {
    if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
    // Our calls are flat; a deep body is refused before it can cost anything.
    constexpr int kMaxDepth = 4;
    bool tooDeep = false;
    const auto shallow = [&](int depth, Json::parse_event_t, Json&) {
        tooDeep = tooDeep || depth > kMaxDepth;
        return !tooDeep;
    };
    try {
        impl_->object = Json::parse(json, shallow);
    } catch (const Json::parse_error& error) {
        impl_->problem =
            Problem{"bad_json", "", "byte " + std::to_string(error.byte), "The body is not valid JSON."};
        impl_->object = Json::object();
        return;
    }
    if (tooDeep || !impl_->object.is_object()) {
        impl_->problem = Problem{"wrong_type", "", "", "Expected one flat JSON object."};
        impl_->object = Json::object();
    }
}

BodyReader::~BodyReader() = default;

std::optional<std::string> BodyReader::text(const std::string& key, std::size_t maxBytes) {
    const Json* value = impl_->take(key);
    if (!value) return std::nullopt;
    if (value->is_string() && value->get_ref<const std::string&>().size() <= maxBytes)
        return value->get<std::string>();
    impl_->wrongType(key, "a text of at most " + std::to_string(maxBytes) + " bytes");
    return std::nullopt;
}

std::optional<std::vector<std::string>> BodyReader::texts(const std::string& key, std::size_t maxItems) {
    const Json* value = impl_->take(key);
    if (!value) return std::nullopt;
    if (value->is_array() && value->size() <= maxItems &&
        std::all_of(value->begin(), value->end(), [](const Json& item) { return item.is_string(); }))
        return value->get<std::vector<std::string>>();
    impl_->wrongType(key, "a list of at most " + std::to_string(maxItems) + " texts");
    return std::nullopt;
}

std::optional<UtcTime> BodyReader::time(const std::string& key) {
    const auto value = text(key);
    if (!value) return std::nullopt;
    const auto time = parseIsoTime(*value, "UTC");
    if (!time) impl_->wrongType(key, "a time such as 2026-11-22T10:00:00-03:00");
    return time;
}

std::optional<bool> BodyReader::boolean(const std::string& key) {
    const Json* value = impl_->take(key);
    if (!value) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    impl_->wrongType(key, "true or false");
    return std::nullopt;
}

void BodyReader::require(const std::string& key) {
    if (!impl_->take(key)) fail(key, "missing_field", "The member is required.");
}

void BodyReader::fail(const std::string& key, std::string code, std::string detail) {
    if (!impl_->problem) impl_->problem = Problem{std::move(code), '/' + key, "", std::move(detail)};
}

std::optional<Problem> BodyReader::finish() {
    for (const auto& [key, value] : impl_->object.items())
        if (std::find(impl_->known.begin(), impl_->known.end(), key) == impl_->known.end()) {
            const std::string shown = key.substr(0, 40);
            fail(shown, "unknown_field", "No such member here" + suggestion(shown, impl_->known));
        }
    return impl_->problem;
}

} // namespace trevo::api
