#include "base/percent.hpp"
#include "base/utf8.hpp"
#include "net/imap_text.hpp"
#include "net/mail_session.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace trevo::net {

namespace {

constexpr std::size_t kMostListBytes = std::size_t{32} << 20;
// Mails that are listed at once. libcurl takes the lines of an answer for headers, counts with each of them
// what has come behind it, and gives up at 300 kB.
constexpr std::uint32_t kWindow = 40;

std::uint32_t uidOf(const std::string& id) {
    std::uint32_t uid = 0;
    std::from_chars(id.data(), id.data() + id.size(), uid);
    return uid;
}

// The text behind `word` up to `end`, in any line.
std::string between(std::string_view text, std::string_view word, char end) {
    const auto at = text.find(word);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + word.size());
    return std::string(text.substr(0, text.find(end)));
}

class Imap final : public MailServer {
  public:
    Imap(MailServerConfig config, std::function<bool()> stopping)
        : session_(std::move(config), std::move(stopping)), folder_(imapFolder(session_.config().folder)) {}

    Result<MailList> list(const std::string& after, std::size_t most) override {
        // libcurl opens a folder that stands in the url, for writing, and remembers that it did. The EXAMINE
        // behind its back opens it again read-only, and what libcurl then fetches changes nothing.
        if (!open_) {
            // What libcurl says of a folder that is not there is that the log-in failed.
            if (const auto there = order("EXAMINE " + imapQuoted(folder_), "no_folder"); !there)
                return there.error();
            const auto opened = session_.perform(percentEncode(folder_), "NOOP", kMostListBytes);
            if (opened.code != CURLE_OK) return session_.problemOf(opened, "no_folder");
            open_ = true;
        }
        const auto examined = order("EXAMINE " + imapQuoted(folder_), "no_folder");
        if (!examined) return examined.error();
        MailList out;
        out.validity = between(*examined, "[UIDVALIDITY ", ']');
        const std::uint32_t count = imapExists(*examined), from = uidOf(after);
        if (count == 0) return out;
        const auto newest = uidAt(count);
        if (!newest) return newest.error();
        out.newest = std::to_string(*newest);
        if (*newest <= from) return out;
        auto first = firstBehind(from, count);
        if (!first) return first.error();
        for (std::uint32_t at = *first; at <= count && !out.more; at += kWindow) {
            const std::string window =
                std::to_string(at) + ':' + std::to_string(std::min(count, at + (kWindow - 1)));
            auto entries = entriesOf(window, "(UID RFC822.SIZE FLAGS)");
            if (!entries) return entries.error();
            for (const auto& entry : *entries) {
                if (entry.uid <= from) continue;
                out.more = out.mails.size() == most;
                if (out.more) break;
                out.mails.push_back({std::to_string(entry.uid), entry.size, entry.seen});
            }
        }
        return out;
    }

    Result<std::string> fetch(const MailEntry& mail, std::size_t maxBytes) override {
        return section(mail, "", maxBytes);
    }
    Result<std::string> head(const MailEntry& mail, std::size_t maxBytes) override {
        return section(mail, ";SECTION=HEADER", maxBytes);
    }

    Result<Done> finish(const std::vector<MailEntry>& mails, const FinishMails& how) override {
        if (mails.empty()) return Done{};
        std::vector<std::uint32_t> uids;
        for (const auto& mail : mails)
            uids.push_back(uidOf(mail.id));
        std::sort(uids.begin(), uids.end());
        const std::string set = imapSet(uids);
        if (const auto opened = order("SELECT " + imapQuoted(folder_), "no_folder"); !opened)
            return opened.error();
        if (how.how == FinishMails::How::Seen) return done("UID STORE " + set + " +FLAGS.SILENT (\\Seen)");
        if (!learnAbilities()) return *trouble_;
        if (how.how == FinishMails::How::Move) {
            const std::string to = imapQuoted(imapFolder(how.folder));
            if (move_) return done("UID MOVE " + set + ' ' + to);
            if (auto copied = done("UID COPY " + set + ' ' + to); !copied) return copied;
        }
        if (auto marked = done("UID STORE " + set + " +FLAGS.SILENT (\\Deleted)"); !marked) return marked;
        return done(uidPlus_ ? "UID EXPUNGE " + set : "EXPUNGE");
    }

    Result<Done> mayFinish(const FinishMails& how) override {
        const auto opened = order("SELECT " + imapQuoted(folder_), "no_folder");
        if (!opened) return opened.error();
        const std::string flags = lowerAscii(between(*opened, "[PERMANENTFLAGS (", ')'));
        const char* flag = how.how == FinishMails::How::Seen ? "\\seen" : "\\deleted";
        if (flags.find(flag) == std::string::npos)
            return Problem{"permission", "", "",
                           "the server lets this user read the folder, but not mark or delete mails in it"};
        if (how.how != FinishMails::How::Move) return Done{};
        const auto there = order("STATUS " + imapQuoted(imapFolder(how.folder)) + " (MESSAGES)", "no_folder");
        if (!there)
            return Problem{"no_folder", "move_to", "",
                           "the folder that mails are to be moved to is not there"};
        return Done{};
    }

  private:
    Result<std::vector<ImapEntry>> entriesOf(const std::string& numbers, const std::string& what) {
        const auto listed = order("FETCH " + numbers + ' ' + what, "no_folder");
        if (!listed) return listed.error();
        std::vector<ImapEntry> entries;
        for (std::string_view rest = *listed; !rest.empty();) {
            const auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            if (const auto entry = readImapEntry(line)) entries.push_back(*entry);
        }
        std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.uid < b.uid; });
        return entries;
    }

    Result<std::uint32_t> uidAt(std::uint32_t number) {
        const auto entries = entriesOf(std::to_string(number), "(UID)");
        if (!entries) return entries.error();
        if (entries->size() != 1)
            return Problem{"transfer", "", "", "the server lists other mails than it was asked for"};
        return entries->front().uid;
    }

    // The number of the first mail whose UID is larger; the last one's is.
    Result<std::uint32_t> firstBehind(std::uint32_t uid, std::uint32_t last) {
        std::uint32_t first = 1;
        if (uid == 0) return first;
        while (first < last) {
            const std::uint32_t middle = first + (last - first) / 2;
            const auto there = uidAt(middle);
            if (!there) return there.error();
            if (*there > uid)
                last = middle;
            else
                first = middle + 1;
        }
        return first;
    }

    // A command of the open folder; gives the lines that came.
    Result<std::string> order(const std::string& command, const char* refused) {
        // libcurl percent-decodes commands.
        std::string coded;
        for (const char c : command) {
            if (c == '%')
                coded += "%25";
            else
                coded += c;
        }
        auto answer = session_.perform("", coded, kMostListBytes);
        if (answer.code != CURLE_OK) {
            open_ = false;
            return session_.problemOf(answer, refused);
        }
        if (open_ && answer.fresh) { // without its folder
            open_ = false;
            return Problem{"cut", "", "", "the connection broke off between two commands"};
        }
        return std::move(answer.body);
    }

    Result<Done> done(const std::string& command) {
        const auto answer = order(command, "permission");
        if (!answer) return answer.error();
        return Done{};
    }

    Result<std::string> section(const MailEntry& mail, const char* which, std::size_t maxBytes) {
        auto answer = session_.perform(
            percentEncode(folder_) + "/;UID=" + std::to_string(uidOf(mail.id)) + which, "", maxBytes);
        if (answer.code == CURLE_OK) return std::move(answer.body);
        if (answer.code != CURLE_REMOTE_FILE_NOT_FOUND) open_ = false;
        return session_.problemOf(answer, "no_mail");
    }

    bool learnAbilities() {
        if (known_) return true;
        const auto told = order("CAPABILITY", "transfer");
        if (!told) {
            trouble_ = told.error();
            return false;
        }
        const std::string words = ' ' + lowerAscii(*told) + ' ';
        const auto has = [&](const std::string& word) {
            return words.find(' ' + word + ' ') != std::string::npos ||
                   words.find(' ' + word + '\r') != std::string::npos;
        };
        move_ = has("move");
        uidPlus_ = has("uidplus");
        known_ = true;
        return true;
    }

    MailSession session_;
    const std::string folder_;
    bool open_ = false;
    bool known_ = false, move_ = false, uidPlus_ = false;
    std::optional<Problem> trouble_;
};

} // namespace

std::unique_ptr<MailServer> openImap(MailServerConfig config, std::function<bool()> stopping) {
    return std::make_unique<Imap>(std::move(config), std::move(stopping));
}

} // namespace trevo::net
