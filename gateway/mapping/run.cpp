#include "mapping/run.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

namespace trevo::mapping {

namespace {

constexpr std::size_t kMaxProblems = 20;

std::string fieldNameOf(const std::vector<std::string>& steps) {
    std::string out;
    for (const auto& step : steps)
        out += (out.empty() ? "" : "/") + step;
    return out;
}

// The path to name when the field has no value: of a rule that always holds, if there is one.
const Path* usualPath(const Target& target) {
    if (target.objects) return target.objects->each.empty() ? nullptr : &target.objects->each.front();
    const Path* conditional = nullptr;
    for (const Rule& rule : target.rules) {
        if (rule.paths.empty()) continue;
        if (rule.when.empty()) return &rule.paths.front();
        if (!conditional) conditional = &rule.paths.front();
    }
    return conditional;
}

// Two paths may select one node.
void dropRepeated(std::vector<Ref>& nodes) {
    std::unordered_set<Ref> seen;
    nodes.erase(
        std::remove_if(nodes.begin(), nodes.end(), [&](Ref node) { return !seen.insert(node).second; }),
        nodes.end());
}

} // namespace

void Runner::run() {
    select();
    if (!problems.empty() || mode_ == Mode::Select) return;
    bool whole = true;
    for (Selected& one : selected_) {
        complaints_ = &one.problems;
        if (const Problem* broken = view_.problemOf(one.base.node))
            one.problems.push_back(*broken);
        else
            record(*one.section, one.base);
        whole = whole && one.problems.empty();
    }
    checked.records = selected_.size();
    if (!whole) refuseParts();
    if (!problems.empty()) return;
    if (selected_.size() == 1) findDeliveryKey(selected_.front().base);
    if (mode_ == Mode::Apply) finish();
}

void Runner::select() {
    std::vector<Ref> nodes;
    for (const Section& section : program_.sections) {
        nodes.clear();
        if (section.each.empty()) {
            if (view_.rows())
                view_.all(*compilePath("."), view_.root(), nodes);
            else
                nodes.push_back(view_.root());
        }
        for (const Path& path : section.each) {
            view_.all(path, view_.root(), nodes);
            if (nodes.empty()) continue;
            countFrom(path, nodes.front());
            if (!section.eachOfAll) break;
        }
        if (section.eachOfAll) dropRepeated(nodes);
        for (const Ref node : nodes) {
            Base base = baseAt(node, selected_.size() + 1);
            // What can not be read is of every kind: the first section has it refused.
            const bool broken = view_.problemOf(node) != nullptr;
            if (broken ? &section != &program_.sections.front() : !holds(section.when, base)) continue;
            if (selected_.size() >= program_.limits.maxRecords) {
                problems = {
                    {"too_many_records", "", view_.placeOf(node),
                     "more than " + std::to_string(program_.limits.maxRecords) + " records in one document"}};
                return;
            }
            selected_.push_back({&section, std::move(base), 0, {}});
        }
    }
    if (selected_.empty() && !program_.allowEmpty) {
        problems.push_back({"no_record", "", "",
                            "nothing in the document is of a kind that mapping " + program_.id + " knows"});
    }
    divide();
}

// Of a piece of a larger document: its nodes are named as they are in the whole.
void Runner::countFrom(const Path& path, Ref node) {
    if (!document_.nodesBefore) return;
    std::size_t depth = 0;
    if (path.xpath) {
        for (Ref above = view_.parentOf(node); above != kNone; above = view_.parentOf(above))
            ++depth;
    } else {
        const auto every = std::find_if(path.steps.begin(), path.steps.end(),
                                        [](const Step& step) { return step.kind == Step::Kind::Every; });
        depth = static_cast<std::size_t>(every - path.steps.begin()) + 1;
    }
    view_.countFrom(depth, *document_.nodesBefore);
}

// A part is an outermost node among those selected: what it holds can not go without it.
void Runner::divide() {
    if (selected_.size() < 2) {
        parts_.assign(1, view_.root());
        return;
    }
    std::unordered_map<Ref, std::size_t> numbers;
    for (const Selected& one : selected_)
        numbers.emplace(one.base.node, kNone);
    for (Selected& one : selected_) {
        Ref part = one.base.node;
        for (Ref node = part; node != kNone; node = view_.parentOf(node)) {
            if (numbers.contains(node)) part = node;
        }
        std::size_t& number = numbers[part];
        if (number == kNone) {
            number = parts_.size();
            parts_.push_back(part);
        }
        one.part = number;
    }
}

void Runner::refuseParts() {
    std::vector<Problems> refused(parts_.size());
    for (Selected& one : selected_) {
        auto& all = refused[one.part];
        std::move(one.problems.begin(), one.problems.end(), std::back_inserter(all));
    }
    const bool none = std::none_of(refused.begin(), refused.end(),
                                   [](const Problems& problemsOfPart) { return problemsOfPart.empty(); });
    for (std::size_t part = 0; part < refused.size(); ++part) {
        if (refused[part].empty()) continue;
        if (none) {
            std::move(refused[part].begin(), refused[part].end(), std::back_inserter(problems));
            if (problems.size() >= kMaxProblems) return problems.resize(kMaxProblems);
            continue;
        }
        view_.use(parts_[part]); // what it holds is told of by its refusal
        mapped.refused.push_back({part, nameOf(parts_[part]), refused[part]});
    }
    const auto isRefused = [&](const auto& one) { return !refused[one.part].empty(); };
    made_.erase(std::remove_if(made_.begin(), made_.end(), isRefused), made_.end());
    checked.records -= static_cast<std::size_t>(std::count_if(selected_.begin(), selected_.end(), isRefused));
}

std::string Runner::nameOf(Ref part) const {
    return view_.rows() ? view_.placeOf(part) : view_.pathOf(part);
}

std::vector<Part> Runner::parts(const std::vector<std::size_t>& numbers) const {
    const std::string declared = parseContentType(document_.contentType).type;
    const std::string type = declared.empty() ? program_.contentTypes.front() : declared;
    std::vector<Part> out;
    for (const std::size_t number : numbers) {
        const Ref part = parts_.at(number);
        out.push_back({nameOf(part), type + "; charset=utf-8", view_.excerpt(part, parts_)});
    }
    return out;
}

void Runner::record(const Section& section, const Base& base) {
    std::vector<bool> has;
    if (!section.requireAny.empty()) has.resize(section.targets.size());
    if (mode_ == Mode::Check) {
        for (std::size_t i = 0; i < section.targets.size(); ++i) {
            const Target& target = section.targets[i];
            const bool wanted =
                !has.empty() && std::find(section.requireAny.begin(), section.requireAny.end(), i) !=
                                    section.requireAny.end();
            if (!target.required && !wanted) continue;
            scratch_.clear();
            const bool written = produce(target, base, scratch_) == Outcome::Written;
            if (!has.empty()) has[i] = written;
        }
        requireAny(section, has, base);
        for (const Target& target : section.extra) {
            scratch_.clear();
            if (target.required) produce(target, base, scratch_);
        }
        return;
    }

    Made made;
    made.node = base.node;
    made.part = selected_[base.record - 1].part;
    made.body.reserve(1024);
    Writer writer(made.body);
    static const std::vector<std::string> kKind = {"kind"};
    appendJsonString(writer.at(kKind), section.kind);
    for (std::size_t i = 0; i < section.targets.size(); ++i) {
        scratch_.clear();
        if (produce(section.targets[i], base, scratch_) != Outcome::Written) continue;
        writer.at(section.targets[i].steps) += scratch_;
        if (!has.empty()) has[i] = true;
    }
    writer.closeBlocks();
    requireAny(section, has, base);
    for (const Target& target : section.extra) {
        scratch_.clear();
        if (produce(target, base, scratch_) == Outcome::Written)
            made.extra.emplace_back(target.steps.back(), scratch_);
    }
    std::vector<Found> ignored;
    for (const Path& path : program_.ignore)
        findAll(path, base, ignored);
    for (const Found& found : ignored) {
        if (found.node != kNone) view_.use(found.node);
    }
    made_.push_back(std::move(made));
}

void Runner::requireAny(const Section& section, const std::vector<bool>& has, const Base& base) {
    if (section.requireAny.empty()) return;
    std::string names;
    for (const std::size_t i : section.requireAny) {
        if (has[i]) return;
        names += (names.empty() ? "" : ", ") + fieldNameOf(section.targets[i].steps);
    }
    const Path* path = usualPath(section.targets[section.requireAny.front()]);
    complain("missing_field", path ? fieldName(*path, base) : std::string(), base,
             "at least one of " + names + " must come, in a readable form");
}

void Runner::findDeliveryKey(const Base& base) {
    std::string key;
    for (const auto& part : program_.deliveryKey) {
        std::optional<Found> found;
        for (const Path& path : part) {
            found = find(path, base);
            if (found && found->value.scalar()) break;
            found.reset();
        }
        if (!found) return;
        if (!key.empty()) key += ':';
        key += found->value.text;
    }
    if (!key.empty()) checked.deliveryKey = std::move(key);
}

void Runner::complain(std::string code, std::string field, const Base& base, std::string detail) {
    // Of a piece, lines and numbers are not those of the whole.
    std::string place = document_.nodesBefore ? view_.pathOf(base.node) : view_.placeOf(base.node);
    if (place.empty() && base.record > 1) place = "record " + std::to_string(base.record);
    if (complaints_->size() < kMaxProblems)
        complaints_->push_back({std::move(code), std::move(field), std::move(place), std::move(detail)});
}

std::string Runner::fieldName(const Path& path, const Base& base) const {
    if (!path.parameter.empty() || path.absolute || format_ == Format::Csv || format_ == Format::Form)
        return path.text;
    return view_.pathOf(base.node) + '/' + path.text;
}

} // namespace trevo::mapping
