#include "plugin/push.hpp"

#include "plugin/boundary.hpp"

#include <simdjson.h>

#include <vector>

namespace trevo::plugin {

struct RawPush::Meta {
    simdjson::dom::parser parser; // owns the unescaped texts that the views below point to
    std::vector<trevo_pair> headers;

    void header(std::string_view name, const simdjson::dom::element& value) {
        std::string_view text;
        if (value.get(text) == simdjson::SUCCESS) headers.push_back({textOf(name), textOf(text)});
    }
    // {"name": "value"}, {"name": ["value", ...]} or [["name", "value"], ...]
    void readHeaders(const simdjson::dom::element& element) {
        simdjson::dom::object object;
        simdjson::dom::array list;
        if (element.get(object) == simdjson::SUCCESS) {
            for (const auto& field : object) {
                if (field.value.get(list) == simdjson::SUCCESS) {
                    for (const auto& value : list)
                        header(field.key, value);
                } else {
                    header(field.key, field.value);
                }
            }
        } else if (element.get(list) == simdjson::SUCCESS) {
            for (const auto& entry : list) {
                std::string_view name;
                simdjson::dom::element value;
                if (entry.at(0).get(name) == simdjson::SUCCESS &&
                    entry.at(1).get(value) == simdjson::SUCCESS) {
                    header(name, value);
                }
            }
        }
    }
};

RawPush::RawPush(std::string_view role, std::string_view contentType, std::string_view metaJson,
                 std::string_view body)
    : raw_{} {
    raw_.role = textOf(role);
    raw_.content_type = textOf(contentType);
    raw_.meta = textOf(metaJson);
    raw_.body = textOf(body);
    if (metaJson.empty()) return;
    meta_ = std::make_unique<Meta>();
    simdjson::dom::element root;
    if (meta_->parser.parse(metaJson.data(), metaJson.size()).get(root) != simdjson::SUCCESS) return;
    const auto text = [&root](const char* key) {
        std::string_view found;
        return root[key].get(found) == simdjson::SUCCESS ? textOf(found) : trevo_text{nullptr, 0};
    };
    raw_.method = text("method");
    raw_.path = text("path");
    raw_.query = text("query");
    raw_.remote_address = text("remote");
    simdjson::dom::element headers;
    if (root["headers"].get(headers) == simdjson::SUCCESS) meta_->readHeaders(headers);
    raw_.headers = meta_->headers.data();
    raw_.header_count = meta_->headers.size();
}

RawPush::~RawPush() = default;

} // namespace trevo::plugin
