#include "mapping/mail_source.hpp"

#include "base/utf8.hpp"
#include "mapping/load.hpp"

#include <algorithm>
#include <set>

namespace trevo::mapping {

namespace {

constexpr std::size_t kMostLabels = 5'000;

std::string escapedStep(std::string_view step) {
    std::string out;
    for (const char c : step) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

// Node 0 is the text, the others are labels with their values.
class MailView final : public View {
  public:
    MailView(std::string_view body, std::string text, std::vector<Labelled> labels)
        : body_(body), text_(std::move(text)), labels_(std::move(labels)), used_(labels_.size()) {
        std::set<std::string> taken;
        for (const Labelled& one : labels_) {
            std::string name = escapedStep(one.label), unique = name;
            for (int n = 2; !taken.insert(unique).second; ++n)
                unique = name + ' ' + std::to_string(n);
            names_.push_back(std::move(unique));
        }
    }

    Ref root() const override { return 0; }
    Ref first(const Path& path, Ref base) override {
        if (path.steps.empty()) return path.absolute ? 0 : base;
        for (Ref i = 1; i <= labels_.size(); ++i) {
            if (isMeant(path, labels_[i - 1])) return i;
        }
        return kNone;
    }
    void all(const Path& path, Ref base, std::vector<Ref>& out) override {
        if (path.steps.empty()) {
            out.push_back(path.absolute ? 0 : base);
            return;
        }
        for (Ref i = 1; i <= labels_.size(); ++i) {
            if (isMeant(path, labels_[i - 1])) out.push_back(i);
        }
    }
    Value value(Ref node) override {
        return {Type::Text, node == 0 ? std::string_view(text_) : std::string_view(labels_[node - 1].value)};
    }
    void use(Ref node) override {
        if (node > 0) used_[node - 1] = true;
    }
    void unread(Ref, std::vector<Leaf>& out) override {
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            if (!used_[i]) out.push_back({names_[i], '/' + names_[i], {Type::Text, labels_[i].value}});
        }
    }
    std::string pathOf(Ref node) const override { return node == 0 ? std::string() : '/' + names_[node - 1]; }
    std::string placeOf(Ref node) const override {
        return node == 0 || labels_[node - 1].line == 0 ? std::string()
                                                        : "line " + std::to_string(labels_[node - 1].line);
    }
    Ref parentOf(Ref node) override { return node == 0 ? kNone : 0; }
    std::string excerpt(Ref, const std::vector<Ref>&) override { return std::string(body_); } // never divided

  private:
    static bool isMeant(const Path& path, const Labelled& label) {
        return label.folded == path.steps.back().folded &&
               (path.steps.size() == 1 || label.section == path.steps.front().folded);
    }

    std::string_view body_;
    std::string text_;
    std::vector<Labelled> labels_;
    std::vector<std::string> names_; // for paths, each once
    std::vector<bool> used_;
};

std::size_t countKnown(const std::vector<Labelled>& labels) {
    std::set<std::string_view> distinct;
    for (const auto& one : labels) {
        if (one.known) distinct.insert(one.folded);
    }
    return distinct.size();
}

// A repeated line says nothing new: a mail may hold its text twice.
void dropRepeatedLabels(std::vector<Labelled>& labels) {
    std::set<std::pair<std::string, std::string>> seen;
    std::erase_if(labels, [&](const Labelled& one) {
        return !seen.emplace(one.section + '\n' + one.folded, one.value).second;
    });
}

void addAddresses(const std::string& name, const std::string& value,
                  std::vector<std::pair<std::string, std::string>>& out) {
    const auto addresses = formats::readAddresses(value);
    if (addresses.empty()) return;
    out.emplace_back("header." + name + ".address", addresses.front().address);
    out.emplace_back("header." + name + ".name", addresses.front().name);
}

std::vector<std::pair<std::string, std::string>> parametersOf(const formats::Mail& mail) {
    std::vector<std::pair<std::string, std::string>> out;
    std::set<std::string> seen;
    const auto take = [&](const formats::MailHeaders& headers) {
        for (const auto& header : headers.all) {
            const std::string& name = header.first;
            if (!seen.insert(name).second) continue;
            const std::string& value = mail.header(name);
            if (value.empty()) continue;
            out.emplace_back("header." + name, value);
            if (name == "from" || name == "to" || name == "reply-to" || name == "sender")
                addAddresses(name, value, out);
        }
    };
    if (mail.forwarded) {
        take(*mail.forwarded);
        out.emplace_back("header.forwarded_by", mail.headers.first("from"));
        addAddresses("forwarded_by", mail.headers.first("from"), out);
    }
    take(mail.headers);
    return out;
}

} // namespace

Result<LoadedMail> loadMail(const Document& document, const MailOptions& options, const Limits& limits,
                            bool readHeaders) {
    formats::MailLimits mailLimits;
    mailLimits.maxBytes = limits.maxBytes;
    mailLimits.maxDepth = limits.maxDepth;
    auto mail = formats::readMail(document.body, mailLimits);
    if (!mail) return mail.error();

    // The form of the text that says most: some senders leave the plain one empty.
    std::vector<Labelled> labels;
    std::string text;
    const std::size_t most = std::min(kMostLabels, limits.maxNodes);
    std::vector<std::vector<Labelled>> forms;
    std::size_t best = 0, bestKnown = 0;
    for (const auto& form : mail->texts) {
        forms.push_back(readLabelled(form.text, options, most));
        const auto known = countKnown(forms.back());
        const bool blank = trimAscii(mail->texts[best].text).empty();
        if (known <= bestKnown && !(known == bestKnown && blank)) continue;
        bestKnown = known;
        best = forms.size() - 1;
    }
    if (!forms.empty()) {
        labels = std::move(forms[best]);
        text = std::move(mail->texts[best].text);
        // What the other parts say beside it, such as a text that is a part of its own.
        for (std::size_t i = 0; i < forms.size(); ++i) {
            for (auto& one : forms[i]) {
                const bool told =
                    !one.known || std::any_of(labels.begin(), labels.end(),
                                              [&](const auto& other) { return other.folded == one.folded; });
                if (!told) labels.push_back(std::move(one));
            }
        }
    }
    dropRepeatedLabels(labels);
    for (const auto& attachment : mail->attachments) {
        if (attachment.shown || labels.size() >= most) continue;
        labels.push_back({"", "attachment", foldKey("attachment"),
                          attachment.fileName.empty() ? attachment.contentType : attachment.fileName, 0,
                          false});
    }

    LoadedMail out;
    if (readHeaders) {
        out.parameters = parametersOf(*mail);
        out.parameters.insert(out.parameters.end(), document.parameters.begin(), document.parameters.end());
    }
    out.view = std::make_unique<MailView>(document.body, std::move(text), std::move(labels));
    return out;
}

} // namespace trevo::mapping
