// Mails to the gateway's LMTP door, as a mail server delivers them.
#include "simulators/wire.hpp"

#include <Poco/Net/DialogSocket.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>

#include <optional>
#include <stdexcept>

namespace trevo::sim {

namespace {

constexpr long kReplySeconds = 30;

class LmtpSender final : public Sender {
  public:
    explicit LmtpSender(const std::string& url) {
        const std::string rest = url.substr(5);
        const auto end = rest.starts_with("//") ? rest.find('/', 2) : rest.find('?');
        if (end == std::string::npos || end + 1 == rest.size())
            throw std::invalid_argument("'" + url +
                                        "' is no lmtp://ADDRESS:PORT/RECIPIENT or lmtp:PATH?RECIPIENT");
        recipient_ = rest.substr(end + 1);
        address_ = rest.starts_with("//")
                       ? Poco::Net::SocketAddress(rest.substr(2, end - 2))
                       : Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, rest.substr(0, end));
    }

    int post(const Push& push) override {
        // A connection that was kept may be one of a gateway that is gone.
        for (int attempt = socket_ ? 0 : 1; attempt < 2; ++attempt) {
            try {
                if (!socket_) socket_ = greeted();
                if (const int refused = envelope(*socket_); refused != 0) return refused;
                const std::string data = stuffed(push.body) + ".\r\n";
                socket_->sendBytes(data.data(), static_cast<int>(data.size()));
                return status(*socket_);
            } catch (const Poco::Exception&) {
                socket_.reset();
            }
        }
        return 0;
    }

    bool reachable() const override {
        try {
            greeted();
            return true;
        } catch (const Poco::Exception&) {
            return false;
        }
    }

    void postHalf(const Push& push) const override {
        try {
            auto socket = greeted();
            envelope(socket);
            const std::string half = stuffed(push.body.substr(0, push.body.size() / 2));
            socket.sendBytes(half.data(), static_cast<int>(half.size()));
        } catch (const Poco::Exception&) {
            return; // cut even earlier than meant
        }
    }

  private:
    static int status(Poco::Net::DialogSocket& socket) {
        std::string message;
        return socket.receiveStatusMessage(message);
    }
    static int ask(Poco::Net::DialogSocket& socket, const std::string& command) {
        socket.sendMessage(command);
        return status(socket);
    }
    static void expect(int got, int wanted) {
        if (got != wanted) throw Poco::Net::NetException("unexpected reply", got);
    }

    Poco::Net::DialogSocket greeted() const {
        Poco::Net::DialogSocket socket;
        socket.connect(address_, Poco::Timespan(kReplySeconds, 0));
        socket.setReceiveTimeout(Poco::Timespan(kReplySeconds, 0));
        expect(status(socket), 220);
        expect(ask(socket, "LHLO mx.dealer.example"), 250);
        return socket;
    }

    // Up to where the mail itself is sent; what refused it, or 0.
    int envelope(Poco::Net::DialogSocket& socket) const {
        expect(ask(socket, "MAIL FROM:<leads@portal.example>"), 250);
        if (const int answer = ask(socket, "RCPT TO:<" + recipient_ + '>'); answer != 250) {
            ask(socket, "RSET");
            return answer;
        }
        expect(ask(socket, "DATA"), 354);
        return 0;
    }

    static std::string stuffed(const std::string& mail) { // lines end with CRLF
        std::string out;
        for (std::size_t at = 0; at < mail.size();) {
            const auto end = mail.find('\n', at);
            const auto next = end == std::string::npos ? mail.size() : end + 1;
            if (mail[at] == '.') out += '.';
            out.append(mail, at, next - at);
            at = next;
        }
        return out;
    }

    Poco::Net::SocketAddress address_;
    std::string recipient_;
    std::optional<Poco::Net::DialogSocket> socket_;
};

} // namespace

std::unique_ptr<Sender> openMailSender(const std::string& url) {
    return std::make_unique<LmtpSender>(url);
}

} // namespace trevo::sim
