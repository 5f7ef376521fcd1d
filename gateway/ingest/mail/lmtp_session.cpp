#include "ingest/mail/lmtp_session.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace trevo::mail {

namespace {

constexpr std::size_t kLongestCommand = 2'048;
constexpr std::size_t kMostRecipients = 100;
constexpr int kMostMistakes = 20;

// "<maria@example.com>" at the front; what follows are parameters. Empty when it is no path.
std::optional<std::string> pathAt(std::string_view& rest) {
    rest = trimAscii(rest);
    if (!rest.starts_with('<')) return std::nullopt;
    const auto end = rest.find('>');
    if (end == std::string_view::npos || end > 320) return std::nullopt;
    std::string path(rest.substr(1, end - 1));
    rest = trimAscii(rest.substr(end + 1));
    const bool clean = std::all_of(path.begin(), path.end(),
                                   [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != '<'; });
    if (!clean) return std::nullopt;
    return path;
}

// What follows "FROM:" or "TO:", in any case.
std::optional<std::string_view> after(std::string_view text, std::string_view word) {
    text = trimAscii(text);
    if (text.size() < word.size() || !equalsIgnoreCase(text.substr(0, word.size()), word))
        return std::nullopt;
    return text.substr(word.size());
}

} // namespace

LmtpSession::LmtpSession(Door door, std::size_t maxMessageBytes)
    : door_(std::move(door)), maxMessageBytes_(maxMessageBytes) {}

std::string LmtpSession::greeting() const {
    return "220 trevo LMTP\r\n";
}

void LmtpSession::take(std::string_view bytes, std::string& replies) {
    while (!bytes.empty() && !over_) {
        // A line ends with CRLF; the CR may have come with the bytes before.
        std::size_t end = std::string_view::npos;
        if (pending_.ends_with('\r') && bytes.front() == '\n')
            end = 0;
        else if (const auto found = bytes.find("\r\n"); found != std::string_view::npos)
            end = found + 1;
        const auto taken = end == std::string_view::npos ? bytes : bytes.substr(0, end + 1);
        bytes.remove_prefix(taken.size());
        const std::size_t limit = state_ == State::Data ? maxMessageBytes_ + 2 : kLongestCommand;
        if (pending_.size() + taken.size() > limit) tooLong_ = true;
        if (tooLong_) { // of what is thrown away only a CR matters
            pending_.assign(taken.substr(taken.size() - 1));
        } else {
            pending_ += taken;
        }
        if (end == std::string_view::npos) continue;
        const std::string whole = std::exchange(pending_, {});
        if (std::exchange(tooLong_, false)) {
            if (state_ == State::Data) {
                tooLarge_ = true;
                message_.clear();
            } else {
                wrong("500 5.5.2 the line is too long", replies);
            }
        } else {
            line(std::string_view(whole).substr(0, whole.size() - 2), replies);
        }
    }
}

void LmtpSession::line(std::string_view text, std::string& replies) {
    if (state_ == State::Data)
        dataLine(text, replies);
    else
        command(text, replies);
}

void LmtpSession::command(std::string_view text, std::string& replies) {
    const auto space = text.find(' ');
    const std::string verb = lowerAscii(text.substr(0, space));
    const auto rest = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    if (verb == "quit") {
        replies += "221 2.0.0 bye\r\n";
        over_ = true;
    } else if (verb == "lhlo") {
        if (trimAscii(rest).empty()) return wrong("501 5.5.4 LHLO needs a name", replies);
        reset();
        state_ = State::Ready;
        replies += "250-trevo\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-"
                   "SMTPUTF8\r\n250 SIZE " +
                   std::to_string(maxMessageBytes_) + "\r\n";
    } else if (verb == "helo" || verb == "ehlo") {
        wrong("500 5.5.1 this is LMTP: say LHLO", replies);
    } else if (verb == "noop") {
        replies += "250 2.0.0 ok\r\n";
    } else if (verb == "rset") {
        reset();
        replies += "250 2.0.0 ok\r\n";
    } else if (verb == "vrfy") {
        replies += "252 2.0.0 send it and see\r\n";
    } else if (verb == "mail") {
        mailFrom(rest, replies);
    } else if (verb == "rcpt") {
        rcptTo(rest, replies);
    } else if (verb == "data") {
        if (state_ != State::Mail) return wrong("503 5.5.1 MAIL comes first", replies);
        if (recipients_.empty()) return wrong("503 5.5.1 no recipient was taken", replies);
        message_ = "Return-Path: <" + sender_ + ">\r\n";
        tooLarge_ = false;
        state_ = State::Data;
        replies += "354 go on, and end with a dot\r\n";
    } else {
        wrong("500 5.5.1 no such command", replies);
    }
}

void LmtpSession::mailFrom(std::string_view rest, std::string& replies) {
    if (state_ == State::Start) return wrong("503 5.5.1 LHLO comes first", replies);
    if (state_ == State::Mail) return wrong("503 5.5.1 there is a sender already", replies);
    auto path = after(rest, "FROM:");
    auto sender = path ? pathAt(*path) : std::nullopt;
    if (!sender) return wrong("501 5.5.4 expected MAIL FROM:<address>", replies);
    for (std::string_view left = *path; !left.empty();) {
        const auto word = left.substr(0, left.find(' '));
        left = trimAscii(left.substr(word.size()));
        const auto size = after(word, "SIZE=");
        if (!size) continue;
        std::size_t bytes = 0;
        const auto read = std::from_chars(size->data(), size->data() + size->size(), bytes);
        if (read.ec == std::errc() && bytes <= maxMessageBytes_) continue;
        replies += "552 5.3.4 the message is larger than " + std::to_string(maxMessageBytes_) + " bytes\r\n";
        return;
    }
    sender_ = std::move(*sender);
    state_ = State::Mail;
    replies += "250 2.1.0 ok\r\n";
}

void LmtpSession::rcptTo(std::string_view rest, std::string& replies) {
    if (state_ != State::Mail) return wrong("503 5.5.1 MAIL comes first", replies);
    auto path = after(rest, "TO:");
    auto recipient = path ? pathAt(*path) : std::nullopt;
    if (!recipient || recipient->empty()) return wrong("501 5.5.4 expected RCPT TO:<address>", replies);
    if (recipients_.size() >= kMostRecipients) {
        replies += "452 4.5.3 too many recipients at once\r\n";
        return;
    }
    std::string integration = door_.integrationOf(*recipient);
    if (integration.empty()) {
        replies += "550 5.1.1 no integration takes mail for this recipient\r\n";
        return;
    }
    recipients_.push_back({std::move(*recipient), std::move(integration)});
    replies += "250 2.1.5 ok\r\n";
}

void LmtpSession::dataLine(std::string_view text, std::string& replies) {
    if (text == ".") return endOfData(replies);
    if (text.starts_with('.')) text.remove_prefix(1);
    if (!tooLarge_ && message_.size() + text.size() + 2 > maxMessageBytes_ + 400) {
        tooLarge_ = true;
        message_.clear();
        message_.shrink_to_fit();
    }
    if (tooLarge_) return;
    message_ += text;
    message_ += "\r\n";
}

// One reply for each recipient, when its message is kept.
void LmtpSession::endOfData(std::string& replies) {
    std::vector<std::string> integrations;
    for (const auto& one : recipients_) {
        if (std::find(integrations.begin(), integrations.end(), one.integration) == integrations.end())
            integrations.push_back(one.integration);
    }
    std::vector<Kept> kept;
    if (!tooLarge_) kept = door_.keep(integrations, message_);
    for (const auto& one : recipients_) {
        if (tooLarge_) {
            replies +=
                "552 5.3.4 the message is larger than " + std::to_string(maxMessageBytes_) + " bytes\r\n";
            continue;
        }
        const auto at = static_cast<std::size_t>(
            std::find(integrations.begin(), integrations.end(), one.integration) - integrations.begin());
        switch (kept.at(at)) {
        case Kept::Yes: replies += "250 2.0.0 kept\r\n"; break;
        case Kept::Later: replies += "451 4.3.0 nothing can be kept now; come again\r\n"; break;
        case Kept::Never: replies += "550 5.1.1 no integration takes mail for this recipient\r\n"; break;
        }
    }
    reset();
}

void LmtpSession::reset() {
    sender_.clear();
    recipients_.clear();
    message_.clear();
    message_.shrink_to_fit();
    tooLarge_ = false;
    if (state_ != State::Start) state_ = State::Ready;
}

void LmtpSession::wrong(std::string_view reply, std::string& replies) {
    replies += reply;
    replies += "\r\n";
    if (++mistakes_ < kMostMistakes) return;
    replies += "421 4.7.0 too many mistakes\r\n";
    over_ = true;
}

} // namespace trevo::mail
