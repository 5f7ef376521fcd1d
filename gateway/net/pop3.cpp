#include "net/mail_session.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace trevo::net {

namespace {

constexpr std::size_t kMostUidlBytes = std::size_t{32} << 20;

// "NUMBER WORD" lines.
std::vector<std::pair<int, std::string>> numbered(std::string_view text) {
    std::vector<std::pair<int, std::string>> out;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.ends_with('\r')) line.remove_suffix(1);
        int number = 0;
        const auto read = std::from_chars(line.data(), line.data() + line.size(), number);
        const auto used = static_cast<std::size_t>(read.ptr - line.data());
        if (read.ec != std::errc() || number <= 0 || used >= line.size() || line[used] != ' ') continue;
        line.remove_prefix(used + 1);
        out.emplace_back(number, std::string(line.substr(0, line.find(' '))));
    }
    return out;
}

class Pop3 final : public MailServer {
  public:
    Pop3(MailServerConfig config, std::function<bool()> stopping)
        : session_(std::move(config), std::move(stopping)) {}

    Result<MailList> list(const std::string&, std::size_t most) override {
        numbers_.clear();
        session_.end();
        const auto ids = session_.perform("", "UIDL", kMostUidlBytes);
        if (ids.code != CURLE_OK) return session_.problemOf(ids, "permission");
        const auto sizes = session_.perform("", "LIST", kMostUidlBytes);
        if (sizes.code != CURLE_OK) return session_.problemOf(sizes, "permission");
        if (sizes.fresh) return broken();
        std::map<int, std::int64_t> sizeOf;
        for (const auto& [number, size] : numbered(sizes.body)) {
            std::int64_t bytes = -1;
            std::from_chars(size.data(), size.data() + size.size(), bytes);
            sizeOf[number] = bytes;
        }
        MailList out;
        for (auto& [number, id] : numbered(ids.body)) {
            const auto size = sizeOf.find(number);
            if (!numbers_.emplace(id, number).second) continue;
            if (out.mails.size() == most) {
                out.more = true;
                continue; // it can be finished all the same
            }
            out.mails.push_back({std::move(id), size == sizeOf.end() ? -1 : size->second, false});
        }
        return out;
    }

    Result<std::string> fetch(const MailEntry& mail, std::size_t maxBytes) override {
        const auto number = numbers_.find(mail.id);
        if (number == numbers_.end()) return gone();
        return whole(session_.perform(std::to_string(number->second), "", maxBytes));
    }
    Result<std::string> head(const MailEntry& mail, std::size_t maxBytes) override {
        const auto number = numbers_.find(mail.id);
        if (number == numbers_.end()) return gone();
        return whole(session_.perform("", "TOP " + std::to_string(number->second) + " 0", maxBytes));
    }

    Result<Done> finish(const std::vector<MailEntry>& mails, const FinishMails&) override {
        for (const auto& mail : mails) {
            const auto number = numbers_.find(mail.id);
            if (number == numbers_.end()) continue;
            const auto answer = session_.perform(std::to_string(number->second), "DELE", 1'000, true);
            if (answer.code != CURLE_OK) return session_.problemOf(answer, "permission");
            if (answer.fresh) return broken();
        }
        // The server deletes when it is told good-bye.
        numbers_.clear();
        session_.end();
        return Done{};
    }

    Result<Done> mayFinish(const FinishMails&) override { return Done{}; }

  private:
    static Problem gone() { return {"no_mail", "", "", "the mail is not there any more"}; }
    // Its numbers are those of the session that ended.
    static Problem broken() { return {"cut", "", "", "the connection broke off between two commands"}; }

    Result<std::string> whole(MailSession::Answer answer) const {
        if (answer.code != CURLE_OK) return session_.problemOf(answer, "no_mail");
        if (answer.fresh) return broken();
        return std::move(answer.body);
    }

    MailSession session_;
    std::map<std::string, int> numbers_; // of this session, by UIDL
};

} // namespace

std::unique_ptr<MailServer> openPop3(MailServerConfig config, std::function<bool()> stopping) {
    return std::make_unique<Pop3>(std::move(config), std::move(stopping));
}

} // namespace trevo::net
