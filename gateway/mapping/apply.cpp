#include "base/utf8.hpp"
#include "mapping/mail_source.hpp"
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

// Loads the document, runs the mapping over it and gives what `take` makes of the run.
template <class Take>
auto run(const Program& program, const Document& document, Runner::Mode mode, Take take)
    -> Result<decltype(take(std::declval<Runner&>())), Problems> {
    const ContentType contentType = parseContentType(document.contentType);
    if (!contentType.type.empty() && std::find(program.contentTypes.begin(), program.contentTypes.end(),
                                               contentType.type) == program.contentTypes.end()) {
        std::string accepted;
        for (const auto& type : program.contentTypes)
            accepted += (accepted.empty() ? "" : ", ") + type;
        return Problems{{"unsupported_media_type", "", "", "mapping " + program.id + " accepts " + accepted}};
    }
    if (document.body.size() > program.limits.maxBytes)
        return Problems{tooLarge(document.body.size(), program.limits)};

    thread_local Tree tree;
    const Format format = formatFor(program, contentType.type);
    std::unique_ptr<View> own; // of a format that is no tree
    Document withHead;         // of a mail
    Failure failure;
    switch (format) {
    case Format::Json:
        failure = loadJson(document.body, contentType, document.lineOffset, program.limits, program.looseKeys,
                           tree);
        for (const NamedList& named : program.named) {
            if (!failure) tree.nameItems(named.list, named.name);
        }
        break;
    case Format::Form:
        failure =
            loadForm(document.body, contentType, program.charset, program.limits, program.looseKeys, tree);
        break;
    case Format::Csv:
        failure = loadCsv(document.body, contentType, program.charset, program.csv, document.lineOffset,
                          program.limits, tree);
        break;
    case Format::Xml: {
        auto loaded = loadXml(document.body, contentType, program.charset, program.xml, program.limits);
        if (loaded.ok())
            own = std::move(*loaded);
        else
            failure = loaded.error();
        break;
    }
    case Format::Mail: {
        auto loaded = loadMail(document, program.mail, program.limits, program.usesParameters);
        if (loaded.ok()) {
            own = std::move(loaded->view);
            withHead = {document.contentType, document.body, std::move(loaded->parameters), 0};
        } else {
            failure = loaded.error();
        }
        break;
    }
    }
    if (failure) return Problems{*failure};
    View& view = own ? *own : static_cast<View&>(tree);
    Runner runner(program, format == Format::Mail ? withHead : document, format, view, mode);
    runner.run();
    if (!runner.problems.empty()) return std::move(runner.problems);
    return take(runner);
}

} // namespace

Result<Checked, Problems> Mapping::check(const Document& document) const {
    return run(*program_, document, Runner::Mode::Check,
               [](Runner& runner) { return std::move(runner.checked); });
}

Result<Mapped, Problems> Mapping::apply(const Document& document) const {
    return run(*program_, document, Runner::Mode::Apply,
               [](Runner& runner) { return std::move(runner.mapped); });
}

Result<std::vector<Part>, Problems> Mapping::parts(const Document& document,
                                                   const std::vector<std::size_t>& numbers) const {
    return run(*program_, document, Runner::Mode::Select,
               [&](Runner& runner) { return runner.parts(numbers); });
}

} // namespace trevo::mapping
