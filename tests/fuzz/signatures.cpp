// Whatever a sender writes into the headers that say who it is: nobody passes without the secret, and nobody
// who has it is refused. The input is a letter that chooses the check, then headers a line, an empty line and
// the body; for the checks in the address the first line is the path or the query.
#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "integration/authentication.hpp"
#include "integration/handshake.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using trevo::Authenticator;
using Auth = trevo::config::Authentication;
using Type = Auth::Type;

constexpr std::string_view kSecret = "s3cret-of-the-portal";
constexpr std::string_view kKey = "0123456789abcdef01234567"; // of whsec_…
const trevo::UtcTime kNow = trevo::UtcTime::fromSeconds(1'700'000'000);

void require(bool promise) {
    if (!promise) std::abort();
}

Auth make(Type type, const char* name = "") {
    Auth auth;
    auth.type = type;
    auth.secrets = {std::string(kSecret)};
    auth.name = name;
    auth.user = "portal";
    auth.accept = {"raw", "bearer", "base64", "basic"};
    return auth;
}

Auth hub(bool hexEncoding) {
    Auth auth = make(Type::Hmac, "X-Hub-Signature-256");
    auth.prefix = hexEncoding ? "sha256=" : "";
    auth.hexEncoding = hexEncoding;
    return auth;
}

Auth webhooks() {
    Auth auth = make(Type::StandardWebhooks);
    auth.secrets = {"whsec_" + trevo::base64(kKey)};
    return auth;
}

trevo::http::Head headOf(std::string_view& text) {
    trevo::http::Head head;
    head.method = "POST";
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.empty()) break;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        head.headers.emplace_back(line.substr(0, colon), trevo::trimAscii(line.substr(colon + 1)));
    }
    return head;
}

bool holdsSecret(std::string_view value) {
    if (value.find(kSecret) != std::string_view::npos) return true;
    for (std::size_t from = 0; from < value.size(); ++from) { // a scheme stands before it
        const auto plain = trevo::fromBase64(trevo::trimAscii(value.substr(from)));
        if (plain && plain->find(kSecret) != std::string::npos) return true;
    }
    return false;
}

bool passes(const Authenticator& check, const trevo::http::Head& head, std::string_view subPath,
            std::string_view body) {
    return check.checkHead(head, subPath) && check.checkBody(head, body, kNow);
}

void tokens(const Auth& auth, const trevo::http::Head& head) {
    if (!passes(Authenticator(auth), head, "", "")) return;
    require(holdsSecret(trevo::http::find(head.headers, "Authorization")));
}

void signatureOfBytes(bool hexEncoding, trevo::http::Head head, std::string_view body) {
    const Auth auth = hub(hexEncoding);
    const Authenticator check(auth);
    const auto digest = trevo::hmacSha256(kSecret, body);
    const std::string right =
        hexEncoding ? "sha256=" + trevo::hex(trevo::asView(digest)) : trevo::base64(trevo::asView(digest));
    if (passes(check, head, "", body)) {
        const std::string given(trevo::http::find(head.headers, auth.name));
        require(hexEncoding ? trevo::equalsIgnoreCase(given, right) : given == right);
    }
    head.headers.insert(head.headers.begin(), {auth.name, right});
    require(passes(check, head, "", body));
    require(!passes(check, head, "", std::string(body) + ' '));
}

void standardWebhooks(trevo::http::Head head, std::string_view body) {
    const Auth auth = webhooks();
    const Authenticator check(auth);
    const auto signedAs = [&](std::string_view id, std::string_view stamp) {
        const std::string content = std::string(id).append(".").append(stamp).append(".").append(body);
        return "v1," + trevo::base64(trevo::asView(trevo::hmacSha256(kKey, content)));
    };
    const std::string id(trevo::http::find(head.headers, "webhook-id"));
    if (passes(check, head, "", body)) {
        const std::string stamp(trevo::http::find(head.headers, "webhook-timestamp"));
        const std::string list(trevo::http::find(head.headers, "webhook-signature"));
        require(list.find(signedAs(id, stamp)) != std::string::npos);
        require(std::llabs(std::atoll(stamp.c_str()) - kNow.seconds()) <= auth.toleranceSeconds);
        require(Authenticator::deliveryId(head) == id && id.find('.') == std::string::npos);
    }
    if (id.empty() || id.find('.') != std::string::npos) return;
    head.headers.insert(head.headers.begin(), {{"webhook-timestamp", "1700000000"},
                                               {"webhook-signature", "v1a,x " + signedAs(id, "1700000000")}});
    require(passes(check, head, "", body));
    require(!passes(check, head, "", std::string(body) + ' '));
}

void address(Type type, std::string_view text) {
    trevo::http::Head head;
    head.query = text;
    if (!passes(Authenticator(make(type, "token")), head, text, "")) return;
    require(text.find(kSecret) != std::string_view::npos);
}

void handshake(std::string_view query) {
    trevo::config::Handshake ours;
    ours.verifyTokens = {std::string(kSecret)};
    const auto challenge = trevo::answerHandshake(ours, query);
    if (!challenge) return;
    require(!challenge->empty() && challenge->size() <= 256 &&
            challenge->find_first_of("<>&\"'\r\n\t %") == std::string::npos);
    require(query.size() >= kSecret.size() + challenge->size());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    const char choice = static_cast<char>(data[0]);
    if (choice == 'p') address(Type::PathToken, text.substr(0, text.find('\n')));
    if (choice == 'q') address(Type::Query, text.substr(0, text.find('\n')));
    if (choice == 'g') handshake(text.substr(0, text.find('\n')));
    const trevo::http::Head head = headOf(text);
    if (choice == 'b') tokens(make(Type::Basic), head);
    if (choice == 't') tokens(make(Type::Bearer), head);
    if (choice == 'h') tokens(make(Type::Header, "Authorization"), head);
    if (choice == 's') signatureOfBytes(true, head, text);
    if (choice == 'S') signatureOfBytes(false, head, text);
    if (choice == 'w') standardWebhooks(head, text);
    return 0;
}
