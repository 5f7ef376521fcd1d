#include "base/utf8.hpp"
#include "mapping/run.hpp"

#include <algorithm>

namespace trevo::mapping {

namespace {

bool isJson(const std::string& type) {
    return type == "application/json" || type == "text/json" || type.ends_with("+json") ||
           type == "application/x-ndjson";
}

// The loader for a declared type: the mapping's only or first format unless the type says another of its own.
Format formatFor(const Program& program, const std::string& type) {
    const auto has = [&](Format format) {
        return std::find(program.formats.begin(), program.formats.end(), format) != program.formats.end();
    };
    if (isJson(type) && has(Format::Json)) return Format::Json;
    if ((type == "application/x-www-form-urlencoded" || type == "multipart/form-data") && has(Format::Form))
        return Format::Form;
    if (type == "text/csv" && has(Format::Csv)) return Format::Csv;
    return program.formats.front();
}

Problems run(const Program& program, const Document& document, Runner::Mode mode, Checked& checked,
             Mapped& mapped) {
    const ContentType contentType = parseContentType(document.contentType);
    if (!contentType.type.empty() && std::find(program.contentTypes.begin(), program.contentTypes.end(),
                                               contentType.type) == program.contentTypes.end()) {
        std::string accepted;
        for (const auto& type : program.contentTypes)
            accepted += (accepted.empty() ? "" : ", ") + type;
        return {{"unsupported_media_type", "", "", "mapping " + program.id + " accepts " + accepted}};
    }
    if (document.body.size() > program.limits.maxBytes)
        return {tooLarge(document.body.size(), program.limits)};

    thread_local Tree tree;
    const Format format = formatFor(program, contentType.type);
    std::unique_ptr<View> xml;
    Failure failure;
    switch (format) {
    case Format::Json:
        failure = loadJson(document.body, contentType, program.limits, program.looseKeys, tree);
        break;
    case Format::Form:
        failure =
            loadForm(document.body, contentType, program.charset, program.limits, program.looseKeys, tree);
        break;
    case Format::Csv:
        failure = loadCsv(document.body, contentType, program.charset, program.csv, program.limits, tree);
        break;
    case Format::Xml: {
        auto loaded = loadXml(document.body, contentType, program.charset, program.xml, program.limits);
        if (loaded.ok())
            xml = std::move(*loaded);
        else
            failure = loaded.error();
        break;
    }
    }
    if (failure) return {*failure};
    View& view = xml ? *xml : static_cast<View&>(tree);
    Runner runner(program, document, format, view, mode);
    runner.run();
    checked = std::move(runner.checked);
    mapped = std::move(runner.mapped);
    return std::move(runner.problems);
}

} // namespace

Result<Checked, Problems> Mapping::check(const Document& document) const {
    Checked checked;
    Mapped mapped;
    auto problems = run(*program_, document, Runner::Mode::Check, checked, mapped);
    if (!problems.empty()) return problems;
    return checked;
}

Result<Mapped, Problems> Mapping::apply(const Document& document) const {
    Checked checked;
    Mapped mapped;
    auto problems = run(*program_, document, Runner::Mode::Apply, checked, mapped);
    if (!problems.empty()) return problems;
    return mapped;
}

} // namespace trevo::mapping
