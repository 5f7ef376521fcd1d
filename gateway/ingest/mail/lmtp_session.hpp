// One conversation in LMTP (RFC 2033): bytes in, replies out. No sockets here; used by one thread.
//
// What is answered 2xx for a recipient is kept. A message ends with CRLF "." CRLF and nothing else: a bare
// line feed is part of it, so that nobody smuggles a second one in.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::mail {

enum class Kept { Yes, Later, Never }; // Later: the journal takes nothing now

class LmtpSession {
  public:
    struct Door {
        // The integration of a recipient, or empty.
        std::function<std::string(std::string_view recipient)> integrationOf;
        // Commits the message for each integration named and says what became of it; in their order.
        std::function<std::vector<Kept>(const std::vector<std::string>& integrations,
                                        const std::string& message)>
            keep;
    };

    LmtpSession(Door door, std::size_t maxMessageBytes);

    std::string greeting() const;
    void take(std::string_view bytes, std::string& replies);
    bool over() const { return over_; } // QUIT was said, or too much nonsense
    bool midway() const { return state_ != State::Ready; }

  private:
    enum class State { Start, Ready, Mail, Data };
    struct Recipient {
        std::string address, integration;
    };

    void line(std::string_view text, std::string& replies);
    void command(std::string_view text, std::string& replies);
    void mailFrom(std::string_view rest, std::string& replies);
    void rcptTo(std::string_view rest, std::string& replies);
    void dataLine(std::string_view text, std::string& replies);
    void endOfData(std::string& replies);
    void reset();
    void wrong(std::string_view reply, std::string& replies);

    Door door_;
    const std::size_t maxMessageBytes_;
    State state_ = State::Start;
    bool over_ = false, tooLong_ = false, tooLarge_ = false;
    int mistakes_ = 0;
    std::string pending_; // a line that is not complete
    std::string sender_, message_;
    std::vector<Recipient> recipients_;
};

} // namespace trevo::mail
