#include "config/sections.hpp"

#include <algorithm>

namespace trevo::config {

namespace {

Mailbox readMailbox(toml::Reader& reader, const Secrets& secrets) {
    Mailbox box;
    box.url = reader.text("url").value_or("");
    const bool pop = box.url.starts_with("pop3");
    static constexpr std::string_view kSchemes[] = {"imaps://", "imap://", "pop3s://", "pop3://"};
    const bool known = std::any_of(std::begin(kSchemes), std::end(kSchemes), [&](std::string_view scheme) {
        return box.url.starts_with(scheme) && box.url.size() > scheme.size();
    });
    if (!known || box.url.find_first_of("@ ?#") != std::string::npos ||
        box.url.find('/', box.url.find("//") + 2) != std::string::npos)
        reader.fail("url", "is imaps://HOST or pop3s://HOST, with a port if need be and nothing behind it");
    box.folder = reader.text("folder").value_or(box.folder);
    if (pop && reader.has("folder")) reader.fail("folder", "is for IMAP: POP3 has one mailbox");
    box.user = reader.requireText("user");
    box.password = readSecret(reader, "password", secrets);
    box.accessToken = readSecret(reader, "access_token", secrets);
    if (reader.has("password") == reader.has("access_token"))
        reader.fail("password", "is needed, or access_token for OAuth 2; one of them");
    box.after = reader.word("after", {"delete", "seen", "move"}).value_or(box.after);
    if (pop && box.after != "delete")
        reader.fail("after", "is \"delete\" over POP3, which can do nothing else");
    box.moveTo = reader.text("move_to").value_or("");
    if ((box.after == "move") == box.moveTo.empty())
        reader.fail("move_to", "is the folder that after = \"move\" moves mails to");
    for (const std::string* folder : {&box.folder, &box.moveTo}) {
        if (std::any_of(folder->begin(), folder->end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
            reader.fail(folder == &box.folder ? "folder" : "move_to", "has a control character");
    }
    box.plaintext = reader.word("tls", {"required", "off"}).value_or("required") == "off";
    if (box.plaintext && (box.url.starts_with("imaps") || box.url.starts_with("pop3s")))
        reader.fail("tls", "is off, but the url asks for it");
    box.intervalSeconds = static_cast<int>(reader.integer("interval_seconds", 1, 86'400).value_or(60));
    box.timeoutSeconds = static_cast<int>(reader.integer("timeout_seconds", 1, 3'600).value_or(60));
    box.maxMessageMegabytes = static_cast<int>(reader.integer("max_message_megabytes", 1, 32).value_or(32));
    return box;
}

} // namespace

Mail readMail(toml::Reader& reader, const Secrets& secrets) {
    Mail mail;
    mail.senders = reader.texts("senders");
    if (mail.senders.empty())
        reader.fail("senders", "is missing: addresses and domains whose mails are taken; [\"*\"] takes all");
    mail.authority = reader.text("trust_authentication_results").value_or("");
    if (auto table = reader.table("attachments")) {
        for (const std::string kind : {"adf", "xml", "csv", "json", "ndjson"}) {
            if (auto mapping = table->text(kind)) mail.attachments[kind] = std::move(*mapping);
        }
        table->finish();
    }
    for (auto& entry : reader.tables("read")) {
        MailReading reading;
        reading.senders = entry.texts("senders");
        reading.subject = entry.text("subject").value_or("");
        reading.mapping = entry.requireText("mapping");
        entry.finish();
        mail.readings.push_back(std::move(reading));
    }
    if (auto box = reader.table("mailbox")) {
        mail.mailbox = readMailbox(*box, secrets);
        box->finish();
    }
    reader.finish();
    return mail;
}

} // namespace trevo::config
