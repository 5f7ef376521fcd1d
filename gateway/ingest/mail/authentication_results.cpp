#include "ingest/mail/authentication_results.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace trevo::mail {

namespace {

constexpr std::size_t kMostResults = 100;
constexpr std::size_t kMostProperties = 20;

// Words, quoted texts and the signs between them; comments are blanks.
class Tokens {
  public:
    explicit Tokens(std::string_view text) : text_(text.substr(0, 16'384)) {}

    // The sign itself, or "" at the end. A word has its quotes removed and `word` true.
    struct Token {
        std::string text;
        bool word = false;
    };
    Token next() {
        skipBlanks();
        Token token;
        if (at_ >= text_.size()) return token;
        const char c = text_[at_];
        if (c == '"') {
            token.word = true;
            for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
                if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
                token.text += text_[at_];
            }
            ++at_;
            return token;
        }
        if (c == ';' || c == '=') {
            ++at_;
            token.text = c;
            return token;
        }
        token.word = true;
        while (at_ < text_.size() &&
               std::string_view(" \t\r\n;=(\"").find(text_[at_]) == std::string_view::npos)
            token.text += text_[at_++];
        return token;
    }

  private:
    void skipBlanks() {
        int depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '(') {
                ++depth;
            } else if (depth > 0) {
                if (c == ')') --depth;
                if (c == '\\') ++at_;
            } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return;
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string_view domainOf(std::string_view address) {
    const auto sign = address.rfind('@');
    auto domain = sign == std::string_view::npos ? address : address.substr(sign + 1);
    if (domain.ends_with('>')) domain.remove_suffix(1);
    return domain;
}

} // namespace

std::optional<AuthenticationResults> readAuthenticationResults(std::string_view header) {
    Tokens tokens(header);
    AuthenticationResults out;
    auto token = tokens.next();
    if (!token.word || token.text.empty()) return std::nullopt;
    out.authority = lowerAscii(token.text);
    while (token.text != ";" || token.word) { // a version may follow
        token = tokens.next();
        if (!token.word && token.text.empty()) return out;
    }
    while (out.results.size() < kMostResults) {
        // method[/version] = result, then property = value …, up to the next ';'
        AuthenticationResult result;
        std::string name;
        bool named = false, good = true;
        std::vector<Tokens::Token> part;
        for (token = tokens.next(); token.word || (token.text != ";" && !token.text.empty());
             token = tokens.next()) {
            if (part.size() < 3 * (kMostProperties + 1)) part.push_back(std::move(token));
        }
        for (std::size_t i = 0; i + 2 < part.size() && good; i += 3) {
            good = part[i].word && !part[i + 1].word && part[i + 1].text == "=" && part[i + 2].word;
            if (!good) break;
            name = lowerAscii(part[i].text);
            if (!named) {
                result.method = name.substr(0, name.find('/'));
                result.result = lowerAscii(part[i + 2].text);
                named = true;
            } else {
                result.properties.emplace_back(std::move(name), part[i + 2].text);
            }
        }
        if (named) out.results.push_back(std::move(result));
        if (token.text.empty()) break;
    }
    return out;
}

bool isAligned(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return false;
    if (equalsIgnoreCase(a, b)) return true;
    if (a.size() < b.size()) std::swap(a, b);
    // Above the last dot nobody signs.
    return b.find('.') != std::string_view::npos && a.size() > b.size() + 1 &&
           a[a.size() - b.size() - 1] == '.' && equalsIgnoreCase(a.substr(a.size() - b.size()), b);
}

bool vouchesFor(const AuthenticationResults& results, std::string_view domain) {
    const auto says = [&](const AuthenticationResult& result, std::string_view property) {
        return std::any_of(result.properties.begin(), result.properties.end(), [&](const auto& one) {
            return one.first == property && isAligned(domainOf(one.second), domain);
        });
    };
    bool passed = false;
    for (const auto& result : results.results) {
        if (result.method == "dmarc" && result.result == "fail") return false;
        if (result.result != "pass") continue;
        passed = passed || (result.method == "dmarc" && says(result, "header.from")) ||
                 (result.method == "dkim" && (says(result, "header.d") || says(result, "header.i"))) ||
                 (result.method == "spf" && says(result, "smtp.mailfrom"));
    }
    return passed;
}

} // namespace trevo::mail
