// Where a document that is too large to be read as one is cut: at the nodes that each record is made of, if
// nothing that the mapping reads is changed by that.
#include "base/utf8.hpp"
#include "formats/csv_splitter.hpp"
#include "formats/node_cutter.hpp"
#include "mapping/program.hpp"

#include <algorithm>
#include <functional>

namespace trevo::mapping {
namespace {

using Use = std::function<void(const Path&)>;

void eachRead(const std::vector<Condition>& conditions, const Use& use) {
    for (const Condition& condition : conditions)
        use(condition.path);
}

void eachRead(const std::vector<Target>& targets, const Use& use) {
    for (const Target& target : targets) {
        for (const Rule& rule : target.rules) {
            eachRead(rule.when, use);
            std::for_each(rule.paths.begin(), rule.paths.end(), use);
        }
        if (!target.objects) continue;
        std::for_each(target.objects->each.begin(), target.objects->each.end(), use);
        eachRead(target.objects->targets, use);
    }
}

// Every path from which a record's values come, but those of its nodes.
void eachRead(const Program& program, const Use& use) {
    for (const Section& section : program.sections) {
        eachRead(section.when, use);
        eachRead(section.targets, use);
        eachRead(section.extra, use);
    }
    std::for_each(program.searchIn.begin(), program.searchIn.end(), use);
}

bool contains(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// The members down to the list that a path goes through, and whether it can be told.
bool listOf(const Program& program, const Path& path, formats::CutPath& out) {
    if (!path.parameter.empty()) return false;
    for (const Step& step : path.steps) {
        if (step.kind == Step::Kind::Every) return true;
        if (step.kind == Step::Kind::Parent || step.numeric) return false;
        out.names.push_back(program.looseKeys ? step.folded : step.key);
    }
    return true;
}

// The elements down to the nodes of "a/b", "/a/b", "//b" or ".//b".
bool elementsOf(const Path& path, formats::CutPath& out) {
    std::string_view text = path.text;
    if (text.starts_with(".//")) text.remove_prefix(1);
    out.anywhere = text.starts_with("//");
    text.remove_prefix(out.anywhere ? 2 : text.starts_with('/') ? 1 : 0);
    while (true) {
        const auto slash = std::min(text.find('/'), text.size());
        const auto name = text.substr(0, slash);
        const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
            return c == '_' || c == '-' || c == '.' || c >= 0x80 || (c >= '0' && c <= '9') ||
                   (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        });
        if (!plain || name.find_first_not_of('.') == std::string_view::npos) return false;
        out.names.emplace_back(name);
        if (slash == text.size()) return true;
        text.remove_prefix(slash + 1);
    }
}

bool same(const formats::CutPath& a, const formats::CutPath& b) {
    return a.anywhere == b.anywhere && a.names == b.names;
}

// Whether a path reads what stands outside of its record's node, or counts nodes, which only the whole has.
struct Reach {
    bool beside = false, counts = false;
};

Reach reachOf(const Path& path, bool xml) {
    Reach out;
    if (!path.parameter.empty()) return out;
    if (xml) {
        out.beside =
            path.text.starts_with('/') || contains(path.text, {"..", "ancestor", "(/", "[/", " /", ",/"});
        out.counts = contains(path.text, {"preceding", "following"}) ||
                     (out.beside && contains(path.text, {"position()", "last()", "count("}));
        return out;
    }
    out.beside = path.absolute;
    for (const Step& step : path.steps) {
        out.beside = out.beside || step.kind == Step::Kind::Parent;
        out.counts = out.counts || (path.absolute && step.numeric);
    }
    return out;
}

} // namespace

formats::SplitOptions Mapping::splitOptions() const {
    formats::SplitOptions options;
    options.dialect = {program_->csv.delimiter, program_->csv.quote};
    options.charset = program_->charset;
    options.header = program_->csv.columns.empty();
    return options;
}

std::optional<formats::CutOptions> Mapping::cutOptions() const {
    const auto& formats = program_->formats;
    const bool xml = std::count(formats.begin(), formats.end(), Format::Xml) > 0;
    const bool json = std::count(formats.begin(), formats.end(), Format::Json) > 0;
    if (!xml && !json) return std::nullopt;

    formats::CutOptions options;
    for (const Section& section : program_->sections) {
        std::vector<formats::CutPath> own;
        for (const Path& path : section.each) {
            formats::CutPath at;
            if (xml ? !elementsOf(path, at) : !listOf(*program_, path, at)) return std::nullopt;
            if (std::none_of(own.begin(), own.end(), [&](const auto& one) { return same(one, at); }))
                own.push_back(std::move(at));
        }
        // Of the whole document's own record there would be one in each piece.
        if (own.empty()) return std::nullopt;
        if (own.size() > 1 && !section.eachOfAll) {
            if (xml) return std::nullopt;
            options.oneListOnly = true;
        }
        for (auto& at : own) {
            if (std::none_of(options.paths.begin(), options.paths.end(),
                             [&](const auto& one) { return same(one, at); }))
                options.paths.push_back(std::move(at));
        }
    }
    for (const NamedList& named : program_->named) {
        formats::CutPath at;
        if (!listOf(*program_, named.list, at)) return std::nullopt;
        if (std::any_of(options.paths.begin(), options.paths.end(),
                        [&](const auto& one) { return same(one, at); }))
            return std::nullopt;
    }
    bool counts = false;
    eachRead(*program_, [&](const Path& path) {
        const Reach reach = reachOf(path, xml);
        options.readsBeside = options.readsBeside || reach.beside;
        counts = counts || reach.counts;
    });
    if (counts) return std::nullopt;
    if (xml && program_->xml.lowerCaseNames) options.canonical = lowerAscii;
    if (!xml && program_->looseKeys) options.canonical = foldKey;
    return options;
}

} // namespace trevo::mapping
