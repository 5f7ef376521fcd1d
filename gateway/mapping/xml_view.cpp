#include "base/utf8.hpp"
#include "mapping/load.hpp"

#include <algorithm>
#include <pugixml.hpp>
#include <unordered_map>
#include <unordered_set>

namespace trevo::mapping {

struct XmlQuery {
    explicit XmlQuery(const char* text) : query(text) {}
    pugi::xpath_query query;
};

namespace {

bool nodeSet(const Path& path) {
    return path.xpath->query.return_type() == pugi::xpath_type_node_set;
}

void appendText(const pugi::xml_node& node, std::string& out) {
    for (const auto child : node.children()) {
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
            out += child.value();
        else
            appendText(child, out);
    }
}

class XmlView final : public View {
  public:
    std::string text; // what the places count in; the parser works on its own copy
    pugi::xml_document document;

    Ref root() const override { return 0; }

    Ref first(const Path& path, Ref base) override {
        if (!nodeSet(path)) return computed(path, base);
        const auto found = path.xpath->query.evaluate_node_set(at(base));
        Ref blank = kNone;
        for (const auto& node : found) {
            const Ref ref = remember(node);
            if (!trimAscii(value(ref).text).empty()) return ref;
            if (blank == kNone) blank = ref;
        }
        return blank;
    }

    void all(const Path& path, Ref base, std::vector<Ref>& out) override {
        if (!nodeSet(path)) {
            if (const Ref ref = computed(path, base); ref != kNone) out.push_back(ref);
            return;
        }
        for (const auto& node : path.xpath->query.evaluate_node_set(at(base)))
            out.push_back(remember(node));
    }

    Value value(Ref ref) override {
        Entry& entry = entries_[ref];
        if (!entry.read) {
            entry.read = true;
            if (entry.node.attribute())
                entry.text = entry.node.attribute().value();
            else if (entry.node.node().type() == pugi::node_element)
                appendText(entry.node.node(), entry.text);
            else
                entry.text = entry.node.node().value();
        }
        return {Type::Text, entry.text};
    }

    void use(Ref ref) override {
        const Entry& entry = entries_[ref];
        if (entry.node.attribute())
            used_.insert(entry.node.attribute().internal_object());
        else if (entry.node.node())
            used_.insert(entry.node.node().type() == pugi::node_element
                             ? entry.node.node().internal_object()
                             : entry.node.parent().internal_object());
    }

    void unread(Ref base, std::vector<Leaf>& out) override {
        const auto from = entries_[base].node.node();
        collect(from, from, out);
    }

    std::string pathOf(Ref ref) const override {
        const auto& node = entries_[ref].node;
        if (!node) return {};
        const auto element = node.attribute() ? node.parent() : node.node();
        std::string out = path(element, pugi::xml_node(), false, countedDepth_, countedBefore_);
        if (node.attribute()) out += std::string(out.empty() ? "@" : "/@") + node.attribute().name();
        return out.empty() ? out : '/' + out;
    }

    std::string placeOf(Ref ref) const override {
        const auto& entry = entries_[ref].node;
        const auto node = entry.attribute() ? entry.parent() : entry.node();
        const auto offset = node ? node.offset_debug() : 0;
        return offset > 0 ? placeAt(text, static_cast<std::size_t>(offset)) : std::string();
    }

    Ref parentOf(Ref ref) override {
        const auto& entry = entries_[ref].node;
        if (!entry) return kNone;
        const auto parent = entry.attribute() ? entry.parent() : entry.node().parent();
        return parent ? remember(parent) : kNone;
    }

    std::string excerpt(Ref part, const std::vector<Ref>& parts) override {
        std::unordered_set<const void*> others;
        for (const Ref other : parts) {
            if (other != part) others.insert(entries_[other].node.node().internal_object());
        }
        std::string out;
        for (const auto child : document.children())
            write(child, others, out);
        return out;
    }

    void countFrom(std::size_t depth, std::size_t before) override {
        countedDepth_ = depth;
        countedBefore_ = before;
    }

    void begin() { remember(pugi::xpath_node(document)); }

  private:
    struct Entry {
        pugi::xpath_node node; // none for a computed text
        std::string text;
        bool read = false;
    };

    const pugi::xpath_node& at(Ref ref) const { return entries_[ref].node; }

    Ref remember(const pugi::xpath_node& node) {
        const void* key = node.attribute() ? static_cast<const void*>(node.attribute().internal_object())
                                           : node.node().internal_object();
        const auto [entry, isNew] = known_.try_emplace(key, static_cast<Ref>(entries_.size()));
        if (isNew) entries_.push_back({node, {}, false});
        return entry->second;
    }

    // A blank text counts as absent.
    Ref computed(const Path& path, Ref base) {
        std::string text_value = path.xpath->query.evaluate_string(at(base));
        if (trimAscii(text_value).empty()) return kNone;
        entries_.push_back({{}, std::move(text_value), true});
        return static_cast<Ref>(entries_.size() - 1);
    }

    static void escape(std::string_view text, std::string& out) {
        for (const char c : text) {
            switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\n':
            case '\t':
            case ' ': out += c; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out += "&#" + std::to_string(static_cast<int>(c)) + ';';
                else
                    out += c;
            }
        }
    }

    static void write(const pugi::xml_node& node, const std::unordered_set<const void*>& others,
                      std::string& out) {
        if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) escape(node.value(), out);
        if (node.type() != pugi::node_element || others.contains(node.internal_object())) return;
        out += std::string("<") + node.name();
        for (const auto attribute : node.attributes()) {
            out += std::string(" ") + attribute.name() + "=\"";
            escape(attribute.value(), out);
            out += '"';
        }
        out += '>';
        for (const auto child : node.children())
            write(child, others, out);
        out += std::string("</") + node.name() + '>';
    }

    // At `depth` so many more of the name are counted in.
    static std::string path(pugi::xml_node node, const pugi::xml_node& from, bool general,
                            std::size_t depth = 0, std::size_t before = 0) {
        std::vector<std::string> names;
        std::size_t above = 0;
        for (auto parent = node; parent.type() == pugi::node_element; parent = parent.parent())
            ++above;
        for (; node && node != from && node.type() == pugi::node_element; node = node.parent()) {
            std::string name = node.name();
            if (!general) {
                std::size_t position = above-- == depth ? before + 1 : 1;
                for (auto other = node.previous_sibling(node.name()); other;
                     other = other.previous_sibling(node.name()))
                    ++position;
                if (position > 1) name += '[' + std::to_string(position) + ']';
            }
            names.push_back(std::move(name));
        }
        std::string out;
        for (auto name = names.rbegin(); name != names.rend(); ++name)
            out += (out.empty() ? "" : "/") + *name;
        return out;
    }

    void collect(const pugi::xml_node& node, const pugi::xml_node& base, std::vector<Leaf>& out) {
        if (used_.contains(node.internal_object())) {
            collectAttributes(node, base, out);
            return;
        }
        collectAttributes(node, base, out);
        bool elements = false, words = false;
        for (const auto child : node.children()) {
            if (child.type() == pugi::node_element) {
                elements = true;
                collect(child, base, out);
            } else if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
                words = words || !trimAscii(child.value()).empty();
            }
        }
        if (!words) return;
        std::string& own = texts_.emplace_back();
        if (elements) {
            for (const auto child : node.children()) {
                if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
                    own += child.value();
            }
        } else {
            appendText(node, own);
        }
        out.push_back({path(node, base, false), '/' + path(node, {}, true), {Type::Text, own}});
    }

    void collectAttributes(const pugi::xml_node& node, const pugi::xml_node& base, std::vector<Leaf>& out) {
        for (const auto attribute : node.attributes()) {
            if (trimAscii(attribute.value()).empty() || used_.contains(attribute.internal_object())) continue;
            const auto below = path(node, base, false);
            out.push_back({(below.empty() ? "@" : below + "/@") + attribute.name(),
                           '/' + path(node, {}, true) + "/@" + attribute.name(),
                           {Type::Text, attribute.value()}});
        }
    }

    std::size_t countedDepth_ = 0, countedBefore_ = 0;
    std::deque<Entry> entries_;
    std::unordered_map<const void*, Ref> known_;
    std::unordered_set<const void*> used_;
    std::deque<std::string> texts_;
};

// Names without namespace prefix, lower-cased when asked; depth and count within limits. Walks without
// recursion, since the depth is not known yet.
Failure tidy(XmlView& view, const XmlOptions& options, const Limits& limits) {
    std::size_t count = 0;
    int depth = 0;
    const auto localName = [&](const char* name) {
        std::string_view local(name);
        if (const auto colon = local.find(':');
            colon != std::string_view::npos && !local.starts_with("xmlns"))
            local.remove_prefix(colon + 1);
        return options.lowerCaseNames ? lowerAscii(local) : std::string(local);
    };
    pugi::xml_node node = view.document.first_child();
    while (node) {
        const auto place = [&] { return placeAt(view.text, static_cast<std::size_t>(node.offset_debug())); };
        if (++count > limits.maxNodes) return tooManyValues(limits, place());
        if (node.type() == pugi::node_element) {
            if (const auto name = localName(node.name()); name != node.name()) node.set_name(name.c_str());
            for (auto attribute : node.attributes()) {
                if (++count > limits.maxNodes) return tooManyValues(limits, place());
                if (const auto name = localName(attribute.name()); name != attribute.name())
                    attribute.set_name(name.c_str());
                if (std::find(options.lowerAttributes.begin(), options.lowerAttributes.end(),
                              attribute.name()) != options.lowerAttributes.end())
                    attribute.set_value(lowerAscii(trimAscii(attribute.value())).c_str());
            }
        }
        if (node.first_child()) {
            if (++depth >= limits.maxDepth) return tooDeep(limits, place());
            node = node.first_child();
            continue;
        }
        while (node && !node.next_sibling()) {
            node = node.parent();
            --depth;
            if (node == view.document) return std::nullopt;
        }
        if (node) node = node.next_sibling();
    }
    return std::nullopt;
}

// The charset that an XML declaration names, or empty.
std::string declaredInProlog(std::string_view body) {
    const auto prolog = body.substr(0, std::min<std::size_t>(body.size(), 200));
    const auto start = prolog.find("<?xml");
    if (start == std::string_view::npos) return {};
    const auto declaration = prolog.substr(start, prolog.find("?>", start) - start);
    const auto name = declaration.find("encoding");
    if (name == std::string_view::npos) return {};
    const auto quote = declaration.find_first_of("\"'", name);
    if (quote == std::string_view::npos) return {};
    const auto end = declaration.find(declaration[quote], quote + 1);
    return end == std::string_view::npos ? std::string()
                                         : lowerAscii(declaration.substr(quote + 1, end - quote - 1));
}

std::size_t findIgnoringCase(std::string_view text, std::string_view word, bool last) {
    const std::string lower = lowerAscii(text);
    return last ? lower.rfind(word) : lower.find(word);
}

std::string_view cutAdf(std::string_view text) {
    const auto declaration = findIgnoringCase(text, "<?xml", false);
    const auto element = findIgnoringCase(text, "<adf", false);
    const auto start = std::min(declaration, element);
    if (start != std::string_view::npos) text.remove_prefix(start);
    const auto end = findIgnoringCase(text, "</adf>", true);
    if (end != std::string_view::npos) text = text.substr(0, end + 6);
    return text;
}

// The offset of the first '&' outside CDATA and comments that starts no entity, or npos.
std::size_t bareAmpersandAt(std::string_view text) {
    std::size_t i = 0;
    while ((i = text.find_first_of("&<", i)) != std::string_view::npos) {
        if (text[i] == '<') {
            const bool cdata = text.substr(i).starts_with("<![CDATA[");
            const bool comment = !cdata && text.substr(i).starts_with("<!--");
            if (cdata || comment) {
                i = text.find(cdata ? "]]>" : "-->", i);
                if (i == std::string_view::npos) return i;
            }
            ++i;
            continue;
        }
        const auto semicolon = text.substr(i + 1, 12).find(';');
        const auto name = text.substr(i + 1, semicolon == std::string_view::npos ? 0 : semicolon);
        const bool entity = name == "amp" || name == "lt" || name == "gt" || name == "quot" ||
                            name == "apos" || (name.size() > 1 && name.front() == '#');
        if (!entity) return i;
        ++i;
    }
    return std::string_view::npos;
}

} // namespace

Result<Path, std::string> compileXPath(std::string_view text, bool lowerCaseNames) {
    if (text.empty()) return std::string("is empty; '.' is the node itself");
    if (isParameter(text)) return compilePath(text);
    if (lowerCaseNames) {
        char quote = 0;
        for (const char c : text) {
            if (quote ? c == quote : c == '\'' || c == '"')
                quote = quote ? '\0' : c;
            else if (!quote && c >= 'A' && c <= 'Z')
                return std::string("holds an upper-case name, but names are lower-cased here "
                                   "(case_insensitive = true): write it in lower case");
        }
    }
    Path path;
    path.text = text;
    path.absolute = text.starts_with('/');
    try {
        path.xpath = std::make_shared<XmlQuery>(path.text.c_str());
    } catch (const pugi::xpath_exception& failure) {
        return "is not an XPath (at letter " + std::to_string(failure.result().offset + 1) +
               "): " + failure.result().error;
    }
    return path;
}

Result<std::unique_ptr<View>> loadXml(std::string_view body, const ContentType& contentType,
                                      const std::string& usualCharset, const XmlOptions& options,
                                      const Limits& limits) {
    auto view = std::make_unique<XmlView>();
    const auto prolog = declaredInProlog(body);
    std::string converted;
    const auto decoded =
        decodeText(body, contentType.charset.empty() ? prolog : contentType.charset, usualCharset, converted);
    if (!decoded.ok()) return decoded.error();
    view->text = options.adfEnvelope ? cutAdf(*decoded) : *decoded;

    if (const auto zero = view->text.find('\0'); zero != std::string::npos)
        return Problem{"bad_xml", "", placeAt(view->text, zero), "a zero byte is not XML"};
    const auto parsed = view->document.load_buffer(
        view->text.data(), view->text.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
    for (const auto child : view->document.children()) {
        if (child.type() == pugi::node_doctype)
            return Problem{"xml_doctype", "", placeAt(view->text, view->text.find("<!DOCTYPE")),
                           "a document type declaration is refused: send the document without <!DOCTYPE"};
    }
    if (!parsed) {
        return Problem{"bad_xml", "", placeAt(view->text, static_cast<std::size_t>(parsed.offset)),
                       parsed.status == pugi::status_no_document_element ? "there is no XML element"
                                                                         : parsed.description()};
    }
    if (!options.bareAmpersand) {
        if (const auto at = bareAmpersandAt(view->text); at != std::string::npos)
            return Problem{"bad_xml", "", placeAt(view->text, at), "'&' must be written '&amp;'"};
    }
    if (auto failure = tidy(*view, options, limits)) return *failure;
    view->begin();
    return std::unique_ptr<View>(std::move(view));
}

} // namespace trevo::mapping
