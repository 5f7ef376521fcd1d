#include "plugin/sinks.hpp"

#include "base/utf8.hpp"

#include <simdjson.h>

#include <algorithm>

namespace trevo::plugin {

namespace {

constexpr std::size_t kMostStates = 1'000, kMostChecks = 1'000;

} // namespace

struct Sinks::Json {
    simdjson::dom::parser parser;
};

Sinks::Sinks(const Manifest& manifest, const InstanceConfig& config, const Limits& limits, CallScope& scope)
    : manifest_(manifest),
      config_(config),
      limits_(limits),
      scope_(scope),
      json_(std::make_unique<Json>()),
      decode_{this, record, {this, problem}},
      bring_{this, document, state, {this, problem}},
      examine_{this, check, {this, problem}} {}

Sinks::~Sinks() = default;

void Sinks::reset() {
    records.clear();
    documents.clear();
    states.clear();
    checks.clear();
    told_ = {};
    fault_.reset();
    full_ = false;
    bytes_ = 0;
}

trevo_status Sinks::refuse(std::string code, std::string field, std::string detail) {
    if (!fault_) fault_ = {std::move(code), std::move(field), "", std::move(detail)};
    return TREVO_BUG;
}

bool Sinks::hasRoom(std::size_t size, std::size_t count) {
    if (count < limits_.maxDocuments && size <= limits_.maxOutputBytes - bytes_) {
        bytes_ += size;
        return true;
    }
    full_ = true;
    return false;
}

void Sinks::problem(void* ctx, const trevo_problem* raw) noexcept {
    auto& self = *static_cast<Sinks*>(ctx);
    try {
        if (self.scope_.allows() && raw) self.told_.take(*raw);
    } catch (...) { // the status still says what to do
    }
}

// Only lack of memory throws below; the call is then a bug, which drops all of it.
trevo_status Sinks::record(void* ctx, trevo_text json) noexcept {
    auto& self = *static_cast<Sinks*>(ctx);
    try {
        return self.scope_.allows() ? self.takeRecord(viewOf(json)) : TREVO_BUG;
    } catch (...) {
        return TREVO_BUG;
    }
}

trevo_status Sinks::document(void* ctx, const trevo_document* raw) noexcept {
    auto& self = *static_cast<Sinks*>(ctx);
    try {
        return self.scope_.allows() && raw ? self.takeDocument(*raw) : TREVO_BUG;
    } catch (...) {
        return TREVO_BUG;
    }
}

trevo_status Sinks::state(void* ctx, trevo_text key, trevo_text value) noexcept {
    auto& self = *static_cast<Sinks*>(ctx);
    try {
        return self.scope_.allows() ? self.takeState(viewOf(key), viewOf(value)) : TREVO_BUG;
    } catch (...) {
        return TREVO_BUG;
    }
}

trevo_status Sinks::check(void* ctx, const trevo_check* raw) noexcept {
    auto& self = *static_cast<Sinks*>(ctx);
    try {
        return self.scope_.allows() && raw ? self.takeCheck(*raw) : TREVO_BUG;
    } catch (...) {
        return TREVO_BUG;
    }
}

trevo_status Sinks::takeCheck(const trevo_check& raw) {
    constexpr std::size_t kLongestName = 64, kLongestSentence = 512;
    if (checks.size() >= kMostChecks) return TREVO_LIMIT;
    if (!isToken(viewOf(raw.name), kLongestName))
        return refuse("bad_check", "name", "a check has no name, too long a one, or one that is no text");
    if (raw.state < TREVO_CHECK_GOOD || raw.state > TREVO_CHECK_UNKNOWN)
        return refuse("bad_check", "state", "a check has the state " + std::to_string(raw.state));
    checks.push_back({std::string(viewOf(raw.name)), static_cast<Check::State>(raw.state),
                      printable(viewOf(raw.detail), kLongestSentence),
                      printable(viewOf(raw.advice), kLongestSentence),
                      printable(viewOf(raw.dealer), kLongestName)});
    return TREVO_OK;
}

trevo_status Sinks::takeRecord(std::string_view json) {
    const std::string which = "record " + std::to_string(records.size() + 1);
    if (!hasRoom(json.size(), records.size())) return TREVO_LIMIT;
    const std::size_t wrong = invalidUtf8At(json);
    if (wrong != std::string_view::npos) {
        return refuse("output_not_utf8", "", which + " is not UTF-8 at byte " + std::to_string(wrong));
    }
    simdjson::dom::element root;
    const auto error = json_->parser.parse(json.data(), json.size()).get(root);
    if (error != simdjson::SUCCESS) {
        return refuse("output_not_json", "", which + " is not JSON: " + simdjson::error_message(error));
    }
    if (!root.is_object()) return refuse("output_not_object", "", which + " is not a JSON object");
    records.emplace_back(json);
    return TREVO_OK;
}

trevo_status Sinks::takeDocument(const trevo_document& raw) {
    const std::string which = "document " + std::to_string(documents.size() + 1);
    Document document{std::string(viewOf(raw.role)), std::string(viewOf(raw.content_type)), "",
                      std::string(viewOf(raw.key)), std::string(viewOf(raw.dealer))};
    if (document.role.empty()) document.role = "inbound";
    const auto& able = manifest_.capabilities;
    const bool decodes = std::find(able.begin(), able.end(), "decode") != able.end();
    if (!isToken(document.role, 40) || (!decodes && !manifest_.mappings.contains(document.role))) {
        return refuse("unknown_role", "role",
                      which + " has the role '" + printable(document.role, 40) +
                          "', for which the manifest has no mapping");
    }
    if (!document.contentType.empty() && !isToken(document.contentType, 256)) {
        return refuse("bad_content_type", "content_type", which + " has a content type that is none");
    }
    if (!document.key.empty() && !isToken(document.key, kLongestKey)) {
        return refuse("bad_key", "key",
                      which + " has a key over 256 bytes or with characters that a key may not have");
    }
    if (!document.dealer.empty() && !config_.dealers.contains(document.dealer)) {
        return refuse("unknown_dealer", "dealer",
                      which + " names a dealer that this integration does not have");
    }
    const std::string_view body = viewOf(raw.body);
    if (!hasRoom(body.size(), documents.size())) {
        if (documents.empty()) { // it would never fit: trying again changes nothing
            refuse("document_too_large", "",
                   which + " has " + std::to_string(body.size()) + " bytes, at most " +
                       std::to_string(limits_.maxOutputBytes) + " fit in one call");
        }
        return TREVO_LIMIT;
    }
    document.body = body;
    documents.push_back(std::move(document));
    return TREVO_OK;
}

trevo_status Sinks::takeState(std::string_view key, std::string_view value) {
    if (!isToken(key, kLongestKey))
        return refuse("bad_state_key", "", "a state key is empty, too long or no text");
    if (value.size() > kLongestValue || states.size() >= kMostStates) return TREVO_LIMIT;
    states.emplace_back(key, value);
    return TREVO_OK;
}

} // namespace trevo::plugin
