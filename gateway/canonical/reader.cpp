#include "canonical/reader.hpp"

#include "base/json_text.hpp"
#include "base/suggest.hpp"
#include "canonical/writer.hpp"

#include <algorithm>

namespace trevo::canonical {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMostProblems = 50;
constexpr std::size_t kMostFlags = 200;
constexpr std::size_t kMostFlagText = 500;
constexpr std::size_t kLongestMapKey = 64;
constexpr int kDeepestExtra = 29; // leaves the body within what read() takes

std::string_view typeName(dom::element element) {
    switch (element.type()) {
    case dom::element_type::ARRAY: return "a list";
    case dom::element_type::OBJECT: return "an object";
    case dom::element_type::STRING: return "a text";
    case dom::element_type::BOOL: return "true or false";
    case dom::element_type::NULL_VALUE: return "null";
    default: return "a number";
    }
}

std::string expected(std::string_view what, dom::element came) {
    return std::string("expected ").append(what).append(", found ").append(typeName(came));
}

std::size_t rootIndex(std::string_view name) {
    const auto fields = root().fields;
    return static_cast<std::size_t>(
        std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; }) -
        fields.begin());
}

const std::vector<std::string>& kindNames() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> out;
        for (int i = 0; i < model::kKindCount; ++i)
            out.emplace_back(model::name(static_cast<model::Kind>(i)));
        return out;
    }();
    return names;
}

} // namespace

void Reader::report(std::string code, const Path& path, std::string detail) {
    if (problems_.size() < kMostProblems)
        problems_.push_back({std::move(code), inputPointer(path), "", std::move(detail)});
}

void Reader::flag(const Path& path, std::string_view code) {
    if (record_.flags.size() >= kMostFlags) return;
    model::Flag entry{outputPointer(path), std::string(code)};
    if (std::find(record_.flags.begin(), record_.flags.end(), entry) == record_.flags.end())
        record_.flags.push_back(std::move(entry));
}

bool Reader::flagged(const Path& path, std::string_view code) const {
    if (flagsBefore_ == 0) return false;
    const model::Flag entry{outputPointer(path), std::string(code)};
    const auto end = record_.flags.begin() + static_cast<std::ptrdiff_t>(flagsBefore_);
    return std::find(record_.flags.begin(), end, entry) != end;
}

Reader::Members Reader::sort(const Block& block, dom::object object, const Path& path) {
    Members members;
    std::size_t next = 0; // senders mostly keep the order of the documentation
    const std::size_t count = block.fields.size();
    for (const auto& [key, value] : object) {
        std::size_t i = 0;
        for (; i < count; ++i) {
            const std::size_t at = next + i < count ? next + i : next + i - count;
            if (block.fields[at].name != key) continue;
            if (members[at]) report("duplicate_key", path.member(key), "the key stands twice in one object");
            members[at] = value;
            next = at + 1 < count ? at + 1 : 0;
            break;
        }
        const bool lifted =
            tradeInLifted_ && key == "trade_in" && path.parent && !path.parent->parent && path.key == "sale";
        if (i == count && !lifted) extra_.add(path, key, value);
    }
    return members;
}

void Reader::read(dom::object object) {
    static const std::size_t kind = rootIndex("kind");
    static const std::size_t dealer = rootIndex("dealer");
    static const std::size_t source = rootIndex("source");
    static const std::size_t extra = rootIndex("extra");
    static const std::size_t flags = rootIndex("flags");

    const Path path;
    const auto fields = root().fields;
    // Ahead of the unknown keys, which take the place of what is said of the same path here.
    dom::object ownExtra;
    if (!object["extra"].get(ownExtra)) extra_.addAll(ownExtra);
    Members members = sort(root(), object, path);
    if (members[flags]) readFlags(*members[flags]);
    if (members[extra] && !members[extra]->is_null() && !members[extra]->is_object())
        report("wrong_type", path.member("extra"), expected("an object", *members[extra]));
    readKind(members[kind], path.member("kind"));
    liftTradeIn(members);

    std::string& body = record_.body;
    body.reserve(1024);
    body += R"({"kind":)";
    appendJsonString(body, model::name(record_.kind));
    // Source and dealer are always written: the context knows what the record leaves out.
    const std::size_t beforeSource = body.size();
    body += R"(,"source":)";
    record_.source.integration = context_.integration;
    readDealer(fields[dealer], members[dealer], path.member("dealer"));
    if (!members[source] || !writeField(fields[source], *members[source], path.member("source"))) {
        if (context_.integration.empty()) {
            body.resize(beforeSource);
        } else {
            body += R"({"integration":)";
            appendJsonString(body, context_.integration);
            body += '}';
        }
    }
    if (!record_.dealer.empty()) {
        body += R"(,"dealer":)";
        appendJsonString(body, record_.dealer);
    }

    for (std::size_t i = 0; i < fields.size(); ++i) {
        const Field& field = fields[i];
        if (!members[i] || members[i]->is_null() || field.type != Type::Object || i == source) continue;
        Path member = path.member(field.name);
        if (kindKnown_ && (field.kinds & only(record_.kind)) == 0) {
            report("block_not_allowed", member,
                   "a record of kind " + std::string(model::name(record_.kind)) + " has no such block");
            continue;
        }
        if (tradeInLifted_ && field.name == "trade_in") member.inputPointer = "/sale/trade_in";
        const std::size_t before = body.size();
        body += ',';
        appendJsonString(body, field.name);
        body += ':';
        if (!writeField(field, *members[i], member)) body.resize(before);
    }
    if (!extra_.empty()) {
        body += R"(,"extra":)";
        if (!extra_.write(body, kDeepestExtra))
            report("too_deep", path.member("extra"), "unknown fields nest too deep");
    }
    writeFlags();
    body += '}';
    record_.callPhone = callDirection_ == "out" ? callTo_ : callFrom_;
}

void Reader::readFlags(Element element) {
    dom::array items;
    if (element.get(items)) return; // flags are ours; what a sender means by them is of no interest
    for (const Element item : items) {
        std::string_view field;
        std::string_view code;
        if (item["field"].get(field) || item["code"].get(code)) continue;
        if (record_.flags.size() >= kMostFlags || field.size() > kMostFlagText || code.size() > kMostFlagText)
            continue;
        model::Flag entry{std::string(field), std::string(code)};
        if (std::find(record_.flags.begin(), record_.flags.end(), entry) == record_.flags.end())
            record_.flags.push_back(std::move(entry));
    }
    flagsBefore_ = record_.flags.size();
}

void Reader::readKind(const std::optional<Element>& element, const Path& path) {
    if (!element || element->is_null())
        return report("missing_kind", path, "a record says what it is: lead, call, sale …");
    std::string_view word;
    if (element->get(word)) return report("wrong_type", path, expected("a text", *element));
    const auto kind = model::kindNamed(word);
    if (!kind)
        return report("unknown_kind", path,
                      "there is no such kind of record" + suggestion(word.substr(0, 64), kindNames()));
    record_.kind = *kind;
    kindKnown_ = true;
}

void Reader::readDealer(const Field& field, const std::optional<Element>& element, const Path& path) {
    std::string_view name;
    if (element) {
        const auto text = textOf(field, *element, path, NumberText::Shortest);
        if (!text) return;
        name = *text;
    }
    if (name.empty()) {
        record_.dealer = context_.defaultDealer;
        if (record_.dealer.empty() && !context_.dealerOptional)
            return report("unknown_dealer", path,
                          "the record names no dealer and its integration serves no single one");
    } else {
        record_.dealer = context_.resolveDealer ? context_.resolveDealer(name) : std::string();
        if (record_.dealer.empty())
            return report("unknown_dealer", path,
                          "no dealer of the configuration has this id, CNPJ or partner code");
    }
    if (context_.dealerZone) zone_ = context_.dealerZone(record_.dealer);
    if (context_.dealerDdd) ddd_ = context_.dealerDdd(record_.dealer);
}

void Reader::liftTradeIn(Members& members) {
    static const std::size_t sale = rootIndex("sale");
    static const std::size_t tradeIn = rootIndex("trade_in");
    if (!kindKnown_ || record_.kind != model::Kind::Sale || !members[sale]) return;
    dom::object block;
    Element vehicle;
    if (members[sale]->get(block) || block["trade_in"].get(vehicle) || !vehicle.is_object()) return;
    tradeInLifted_ = true;
    if (members[tradeIn] && !members[tradeIn]->is_null()) {
        const Path top;
        const Path inSale = top.member("sale");
        report("duplicate_key", inSale.member("trade_in"), "the record has a trade_in of its own");
    }
    members[tradeIn] = vehicle;
}

bool Reader::writeBlock(const Block& block, dom::object object, const Path& path) {
    const Members members = sort(block, object, path);
    std::string& body = record_.body;
    const std::size_t start = body.size();
    body += '{';
    bool any = false;
    // The integration is written whether or not it came.
    const bool source = block.fields.front().slot == Slot::Integration && !context_.integration.empty();
    if (source && (!members[0] || members[0]->is_null())) {
        body += R"("integration":)";
        appendJsonString(body, context_.integration);
        any = true;
    }
    for (std::size_t i = 0; i < block.fields.size(); ++i) {
        if (!members[i] || members[i]->is_null()) continue;
        const Field& field = block.fields[i];
        const std::size_t before = body.size();
        if (any) body += ',';
        appendJsonString(body, field.name);
        body += ':';
        if (writeField(field, *members[i], path.member(field.name)))
            any = true;
        else
            body.resize(before);
    }
    if (source && record_.source.occurredAt && !originalGiven_) {
        body += R"(,"occurred_at_original":)";
        appendJsonString(body, record_.source.occurredAt->original);
    }
    body += '}';
    if (!any) body.resize(start);
    return any;
}

bool Reader::writeField(const Field& field, Element element, const Path& path) {
    if (element.is_null()) return false;
    switch (field.type) {
    case Type::Object: return writeObject(field, element, path);
    case Type::List: return writeList(field, element, path);
    case Type::Map: return writeMap(field, element, path);
    default: return writeScalar(field, element, path);
    }
}

bool Reader::writeObject(const Field& field, Element element, const Path& path) {
    dom::object object;
    if (element.get(object)) {
        report("wrong_type", path, expected("an object", element));
        return false;
    }
    if (path.parent && !path.parent->parent && (field.name == "vehicle" || field.name == "trade_in")) {
        auto& target = field.name == "vehicle" ? record_.vehicle : record_.tradeIn;
        vehicle_ = &target.emplace();
        const bool any = writeBlock(*field.block, object, path);
        if (!any) target.reset();
        vehicle_ = nullptr;
        return any;
    }
    return writeBlock(*field.block, object, path);
}

bool Reader::writeList(const Field& field, Element element, const Path& path) {
    const Field& item = field.block->fields.front();
    const bool contacts = item.type == Type::Phone || item.type == Type::Email;
    dom::array array;
    if (element.get(array)) {
        if (!contacts || element.is_object() || element.is_bool()) {
            report("wrong_type", path, expected("a list", element));
            return false;
        }
    } else if (array.size() > field.limit) {
        report("too_many_items", path, "at most " + std::to_string(field.limit) + " items");
        return false;
    }
    std::string& body = record_.body;
    const std::size_t start = body.size();
    body += '[';
    std::size_t input = 0;
    std::size_t output = 0;
    const auto write = [&](Element value) {
        const Path here = path.listItem(input, output);
        const std::size_t before = body.size();
        if (contacts) {
            const auto text = textOf(item, value, element.is_array() ? here : path, NumberText::Shortest);
            if (text) {
                output += item.type == Type::Phone ? writePhones(item, *text, path, input, output)
                                                   : writeEmails(item, *text, path, input, output);
            }
        } else {
            if (output > 0) body += ',';
            if (writeField(item, value, here))
                ++output;
            else
                body.resize(before);
        }
        ++input;
    };
    if (element.is_array()) {
        for (const Element value : array)
            write(value);
    } else {
        write(element);
    }
    if (output > field.limit)
        report("too_many_items", path, "at most " + std::to_string(field.limit) + " items");
    body += ']';
    if (output == 0) body.resize(start);
    return output > 0;
}

bool Reader::writeMap(const Field& field, Element element, const Path& path) {
    dom::object object;
    if (element.get(object)) {
        report("wrong_type", path, expected("an object", element));
        return false;
    }
    const Field& value = field.block->fields.front();
    std::string& body = record_.body;
    const std::size_t start = body.size();
    body += '{';
    std::size_t count = 0;
    for (const auto& [key, member] : object) {
        if (count >= field.limit) {
            report("too_many_items", path, "at most " + std::to_string(field.limit) + " keys");
            break;
        }
        if (key.empty() || key.size() > kLongestMapKey) {
            report("text_too_long", path, "a key here has 1 to 64 bytes");
            continue;
        }
        const Path here = path.member(key);
        mapKey_ = key;
        if ((value.slot == Slot::Consent && record_.customer.consent.count(std::string(key)) != 0) ||
            (value.slot == Slot::Handle && record_.customer.handles.count(std::string(key)) != 0)) {
            report("duplicate_key", here, "the key stands twice in one object");
            continue;
        }
        const std::size_t before = body.size();
        if (count > 0) body += ',';
        appendJsonString(body, key);
        body += ':';
        if (writeField(value, member, here))
            ++count;
        else
            body.resize(before);
    }
    body += '}';
    if (count == 0) body.resize(start);
    return count > 0;
}

void Reader::writeFlags() {
    if (record_.flags.empty()) return;
    std::string& body = record_.body;
    body += R"(,"flags":[)";
    bool first = true;
    for (const model::Flag& entry : record_.flags) {
        body += first ? R"({"field":)" : R"(,{"field":)";
        first = false;
        appendJsonString(body, entry.field);
        body += R"(,"code":)";
        appendJsonString(body, entry.code);
        body += '}';
    }
    body += ']';
}

} // namespace trevo::canonical
