// MIME by GMime, and nothing of GMime outside this file.
#include "formats/mail.hpp"

#include "base/utf8.hpp"
#include "formats/html_text.hpp"
#include "formats/mail_text.hpp"

#include <algorithm>
#include <gmime/gmime.h>
#include <memory>
#include <mutex>
#include <set>

namespace trevo::formats {

namespace {

constexpr std::size_t kHeadBytes = std::size_t{256} << 10;
constexpr std::size_t kValueBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxAddresses = 100;

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;
using Text = std::unique_ptr<char, decltype(&g_free)>;

void startOnce() {
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

// What GMime would build objects of, counted before it does: a megabyte of boundaries is a gigabyte of
// objects.
class Census {
  public:
    explicit Census(const MailLimits& limits) : limits_(limits) {}

    std::optional<Problem> take(std::string_view bytes) {
        findBoundaries(bytes);
        bool inHead = true, headFollows = false;
        std::size_t number = 0;
        while (!bytes.empty()) {
            ++number;
            const auto end = bytes.find('\n');
            auto line = bytes.substr(0, end);
            bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (isBoundary(line)) {
                if (++parts_ > limits_.maxParts) return tooMany("parts", limits_.maxParts, number);
                inHead = !line.ends_with("--") || line.size() < 5;
                headFollows = false;
            } else if (inHead && line.empty()) {
                inHead = std::exchange(headFollows, false);
            } else if (inHead) {
                if (++headerLines_ > limits_.maxHeaderLines)
                    return tooMany("header lines", limits_.maxHeaderLines, number);
                if (!headFollows && lowerAscii(line.substr(0, 200)).find("message/") != std::string::npos) {
                    if (++parts_ > limits_.maxParts) return tooMany("parts", limits_.maxParts, number);
                    headFollows = true;
                }
            }
        }
        return std::nullopt;
    }

  private:
    static Problem tooMany(const char* what, std::size_t limit, std::size_t line) {
        return {"mail_too_complex", "", "line " + std::to_string(line),
                "the mail has more than " + std::to_string(limit) + ' ' + what};
    }

    void findBoundaries(std::string_view bytes) {
        constexpr std::string_view kWord = "boundary";
        const auto sameLetter = [](char a, char b) { return (a | 0x20) == b; };
        for (auto at = bytes.begin();;) {
            at = std::search(at, bytes.end(), kWord.begin(), kWord.end(), sameLetter);
            if (at == bytes.end()) return;
            at += kWord.size();
            auto rest = bytes.substr(static_cast<std::size_t>(at - bytes.begin()), 400);
            rest = trimAscii(rest);
            if (rest.starts_with('*')) { // RFC 2231: in pieces or encoded
                any_ = true;
                return;
            }
            if (!rest.starts_with('=')) continue;
            rest = trimAscii(rest.substr(1));
            const bool quoted = rest.starts_with('"');
            if (quoted) rest.remove_prefix(1);
            const auto value = rest.substr(0, rest.find_first_of(quoted ? "\"\r\n" : "; \t\r\n"));
            if (value.empty()) continue;
            if (boundaries_.size() >= 1'000) {
                any_ = true;
                return;
            }
            boundaries_.emplace(value);
        }
    }
    bool isBoundary(std::string_view line) const {
        if (!line.starts_with("--") || line.size() < 3) return false;
        if (any_) return true;
        line.remove_prefix(2);
        while (line.ends_with(' ') || line.ends_with('\t'))
            line.remove_suffix(1);
        if (boundaries_.contains(line)) return true;
        return line.ends_with("--") && boundaries_.contains(line.substr(0, line.size() - 2));
    }

    const MailLimits& limits_;
    std::set<std::string, std::less<>> boundaries_;
    bool any_ = false;
    std::size_t parts_ = 0, headerLines_ = 0;
};

Owned<GMimeMessage> parse(std::string_view bytes) {
    startOnce();
    const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
    return Owned<GMimeMessage>(g_mime_parser_construct_message(parser.get(), nullptr));
}

std::string unfolded(std::string_view value) {
    std::string out;
    out.reserve(value.size());
    for (const char c : value) {
        const bool blank = c == '\r' || c == '\n' || c == '\t' || c == ' ' || c == '\0';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    return out;
}

// RFC 2047 words decoded; raw letters of any charset made UTF-8.
std::string decoded(const char* raw) {
    if (!raw) return {};
    const std::string plain = guessUtf8(unfolded(trimAscii(std::string_view(raw).substr(0, kValueBytes))));
    return plain.find("=?") == std::string::npos ? plain : unfolded(trimAscii(withoutEncodedWords(plain)));
}

MailHeaders headersOf(GMimeMessage* message) {
    MailHeaders headers;
    const auto take = [&](GMimeObject* object) {
        auto* list = g_mime_object_get_header_list(object);
        for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
            auto* header = g_mime_header_list_get_header_at(list, i);
            headers.all.emplace_back(lowerAscii(guessUtf8(g_mime_header_get_name(header))),
                                     decoded(g_mime_header_get_raw_value(header)));
        }
    };
    take(GMIME_OBJECT(message));
    // GMime keeps what speaks of the content with the content.
    if (auto* body = g_mime_message_get_mime_part(message)) take(body);
    return headers;
}

std::string contentOf(GMimePart* part) {
    auto* content = g_mime_part_get_content(part);
    if (!content) return {};
    const Owned<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(content, stream.get());
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

std::string parameter(GMimeContentType* type, const char* name) {
    const char* value = g_mime_content_type_get_parameter(type, name);
    return value ? guessUtf8(std::string_view(value).substr(0, 100)) : std::string();
}

std::string fileNameOf(GMimePart* part) {
    const char* name = g_mime_part_get_filename(part);
    if (!name) return {};
    std::string text = guessUtf8(name);
    text.erase(0, text.find_last_of("/\\") + 1);
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (text.size() > 250) text.erase(0, text.size() - 250);
    return guessUtf8(text);
}

class Walk {
  public:
    Walk(Mail& mail, const MailLimits& limits) : mail_(mail), limits_(limits) {}

    std::optional<Problem> object(GMimeObject* object, int depth) {
        if (depth > limits_.maxDepth) {
            return Problem{"mail_too_deep", "", "",
                           "parts are nested deeper than " + std::to_string(limits_.maxDepth) + " levels"};
        }
        if (GMIME_IS_MULTIPART(object)) {
            auto* multipart = GMIME_MULTIPART(object);
            for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) {
                if (auto problem = this->object(g_mime_multipart_get_part(multipart, i), depth + 1))
                    return problem;
            }
        } else if (GMIME_IS_MESSAGE_PART(object)) {
            return embedded(g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)), depth);
        } else if (GMIME_IS_PART(object)) {
            part(GMIME_PART(object));
        }
        return std::nullopt;
    }

  private:
    // The first mail within a mail is what was forwarded: the words around it are the forwarder's.
    std::optional<Problem> embedded(GMimeMessage* message, int depth) {
        auto* body = message ? g_mime_message_get_mime_part(message) : nullptr;
        if (!body) return std::nullopt;
        if (within_ == 0 && mail_.forwarded) {
            const Text whole(g_mime_object_to_string(GMIME_OBJECT(message), nullptr), &g_free);
            mail_.attachments.push_back({decoded(g_mime_message_get_subject(message)), "message/rfc822",
                                         whole ? std::string(whole.get()) : std::string(), false});
            return std::nullopt;
        }
        mail_.forwarded = headersOf(message); // of one forwarded again, the innermost
        mail_.texts.clear();
        ++within_;
        auto problem = object(body, depth + 1);
        --within_;
        done_ = true;
        return problem;
    }

    void part(GMimePart* part) {
        auto* type = g_mime_object_get_content_type(GMIME_OBJECT(part));
        const char* media = g_mime_content_type_get_media_type(type);
        const char* sub = g_mime_content_type_get_media_subtype(type);
        const std::string name =
            lowerAscii(guessUtf8(std::string(media ? media : "text") + '/' + (sub ? sub : "plain")));
        const std::string charset = lowerAscii(parameter(type, "charset"));
        const char* disposition = g_mime_object_get_disposition(GMIME_OBJECT(part));
        const bool attached = disposition && equalsIgnoreCase(disposition, "attachment");
        const bool readable = name == "text/plain" || name == "text/html";
        if (readable && !attached) {
            if (within_ > 0 || !done_) text(part, type, charset, name == "text/html");
            return;
        }
        MailAttachment attachment;
        attachment.fileName = fileNameOf(part);
        attachment.contentType = name;
        if (!charset.empty()) attachment.contentType += "; charset=" + charset;
        attachment.shown = name.starts_with("image/") && !attached;
        if (!attachment.shown) attachment.content = contentOf(part);
        mail_.attachments.push_back(std::move(attachment));
    }

    void text(GMimePart* part, GMimeContentType* type, const std::string& charset, bool html) {
        std::string bytes = contentOf(part);
        if (!html && bytes.size() > limits_.maxTextBytes) bytes.resize(limits_.maxTextBytes);
        std::string text = readableText(bytes, charset);
        if (html)
            text = htmlToText(text, LineEnds::Blank, limits_.maxTextBytes);
        else if (equalsIgnoreCase(parameter(type, "format"), "flowed"))
            text = unflowed(text, equalsIgnoreCase(parameter(type, "delsp"), "yes"));
        mail_.texts.push_back({std::move(text), html});
    }

    Mail& mail_;
    const MailLimits& limits_;
    int within_ = 0;    // an embedded mail
    bool done_ = false; // the forwarded mail was read: what follows are footers
};

} // namespace

const std::string& MailHeaders::first(std::string_view name) const {
    static const std::string kNone;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& header) { return header.first == name; });
    return found == all.end() ? kNone : found->second;
}

std::size_t MailHeaders::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& header) { return header.first == name; }));
}

const std::string& Mail::header(std::string_view name) const {
    if (forwarded) {
        if (const auto& value = forwarded->first(name); !value.empty()) return value;
        // Whom to answer is said by the mail itself or by nobody.
        if (name == "reply-to" || name == "sender" || name == "message-id") return forwarded->first(name);
    }
    return headers.first(name);
}

Result<Mail, Problem> readMail(std::string_view bytes, const MailLimits& limits) {
    if (bytes.size() > limits.maxBytes) {
        return Problem{"mail_too_large", "", "",
                       std::to_string(bytes.size()) + " bytes came, at most " +
                           std::to_string(limits.maxBytes) + " are read"};
    }
    if (auto problem = Census(limits).take(bytes)) return *problem;
    const auto message = parse(bytes);
    if (!message) return Problem{"bad_mail", "", "line 1", "the bytes are no mail: they have no header"};
    Mail mail;
    mail.headers = headersOf(message.get());
    if (auto* body = g_mime_message_get_mime_part(message.get())) {
        if (auto problem = Walk(mail, limits).object(body, 0)) return *problem;
    }
    if (!mail.forwarded) readQuotedForward(mail);
    return mail;
}

MailHeaders readMailHeaders(std::string_view bytes) {
    bytes = bytes.substr(0, kHeadBytes);
    auto end = bytes.find("\n\n");
    end = std::min(end, bytes.find("\n\r\n"));
    std::string head(bytes.substr(0, end));
    // One line more than is read would be cut off in the middle.
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = head.find('\n', at)) != std::string::npos; ++at) {
        if (++lines < MailLimits().maxHeaderLines) continue;
        head.resize(at);
        break;
    }
    const auto message = parse(head + "\n\n");
    return message ? headersOf(message.get()) : MailHeaders();
}

std::optional<UtcTime> readMailDate(std::string_view header) {
    startOnce();
    const std::string text(header.substr(0, 100));
    // GMime guesses at anything, and takes a time without a zone for UTC.
    const auto colon = text.find(':');
    if (colon == std::string::npos) return std::nullopt;
    const auto zone = text.find_first_of("+-GUZ", colon);
    if (zone == std::string::npos) return std::nullopt;
    GDateTime* date = g_mime_utils_header_decode_date(text.c_str());
    if (!date) return std::nullopt;
    const auto seconds = g_date_time_to_unix(date);
    g_date_time_unref(date);
    constexpr std::int64_t kFirst = 631'152'000, kLast = 4'102'444'800; // the years 1990 to 2099
    if (seconds < kFirst || seconds >= kLast) return std::nullopt;
    return UtcTime::fromSeconds(seconds);
}

std::vector<MailAddress> readAddresses(std::string_view header) {
    startOnce();
    std::vector<MailAddress> out;
    const std::string text = guessUtf8(header.substr(0, kValueBytes));
    const Owned<InternetAddressList> list(internet_address_list_parse(nullptr, text.c_str()));
    if (!list) return out;
    const auto add = [&](InternetAddress* address) {
        if (!INTERNET_ADDRESS_IS_MAILBOX(address) || out.size() >= kMaxAddresses) return;
        const char* name = internet_address_get_name(address);
        const char* mailbox = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
        out.push_back({name ? guessUtf8(name) : "", mailbox ? guessUtf8(mailbox) : ""});
    };
    for (int i = 0; i < internet_address_list_length(list.get()); ++i) {
        auto* address = internet_address_list_get_address(list.get(), i);
        if (!INTERNET_ADDRESS_IS_GROUP(address)) {
            add(address);
            continue;
        }
        auto* members = internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address));
        for (int j = 0; members && j < internet_address_list_length(members); ++j)
            add(internet_address_list_get_address(members, j));
    }
    return out;
}

} // namespace trevo::formats
