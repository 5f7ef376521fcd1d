// ./dev bench mail [MAILS]: mails decoded per second of processor time on one core, and a mailbox of so many
// drained from a real dovecot into a journal over IMAP and POP3, with what was read and held for it.
#include "base/hash.hpp"
#include "ingest/mail/mailbox.hpp"
#include "integration/meta.hpp"
#include "ops/metrics.hpp"
#include "pipeline/decode.hpp"
#include "support/dovecot.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>

using namespace trevo;

namespace {

[[noreturn]] void giveUp(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

std::string headOf(long number) {
    return "Return-Path: <leads@portal.example>\r\nReceived: from mx.portal.example by mx.dealer.example; "
           "Wed, 25 Nov 2026 10:00:01 -0300\r\nDKIM-Signature: v=1; a=rsa-sha256; d=portal.example; "
           "s=k1;\r\n\t"
           "h=from:subject:date; bh=4bLNXImK9drULnmePzZNEBleUanJCX5PIsDIFoH4KTQ=\r\nFrom: Portal "
           "<leads@portal.example>\r\nTo: loja@dealer.example\r\nSubject: =?UTF-8?Q?Proposta_para_Fiat_Argo_"
           "=E2=80=93_lead?= " +
           std::to_string(number) + "\r\nDate: Wed, 25 Nov 2026 10:00:00 -0300\r\nMessage-ID: <" +
           std::to_string(number) + "@portal.example>\r\nMIME-Version: 1.0\r\n";
}

std::string lines(long number, const char* before, const char* between, const char* after) {
    std::string out;
    const std::pair<const char*, std::string> labels[] = {
        {"Protocolo", std::to_string(number)},
        {"Nome", "Maria de Souza"},
        {"Telefone", "(11) 9" + std::to_string(10'000'000 + number)},
        {"E-mail", "maria" + std::to_string(number) + "@example.com"},
        {"Ve\xC3\xAD"
         "culo",
         "Fiat Argo 1.3 2022"},
        {"Valor da proposta", "R$ 68.500,00"},
        {"Mensagem", "Aceita troca? Tenho um Onix 2018 com 41.000 km."}};
    for (const auto& [label, value] : labels)
        out += before + std::string(label) + between + value + after;
    return out;
}

std::string plainMail(long number) {
    return headOf(number) +
           "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
           "Novo contato:\r\n\r\n" +
           lines(number, "", ": ", "\r\n") + "\r\nEste e-mail foi enviado automaticamente.\r\n";
}

std::string htmlMail(long number) {
    std::string html = "<html><head><style>td{font-family:sans-serif;color:#333}</style></head><body><table>";
    html +=
        lines(number, "<tr><td style=\"padding:4px\"><b>", "</b></td><td>", "</td></tr>\r\n") + "</table>";
    for (int i = 0; i < 40; ++i) // the portal's decoration
        html += "<div class=\"box\"><a href=\"https://portal.example/a\"><img src=\"x.png\" "
                "alt=\"\"></a></div>\r\n";
    return headOf(number) +
           "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
           base64(html + "</body></html>") + "\r\n";
}

std::shared_ptr<config::Config> configOf(const std::string& url) {
    auto config = std::make_shared<config::Config>();
    config->mappingDirs = {TREVO_SOURCE_DIR "/mappings"};
    config->dealers.emplace_back().id = "centro";
    auto& integration = config->integrations.emplace_back();
    integration.id = "mails";
    integration.dealers = {"centro"};
    integration.mapping = "mail-leads/lead";
    integration.authentication.addresses = {"127.0.0.1"};
    integration.mail.emplace().senders = {"portal.example"};
    auto& box = integration.mail->mailbox.emplace();
    box.url = url;
    box.user = "leads";
    box.password = "segredo";
    box.plaintext = true;
    return config;
}

std::shared_ptr<const IntegrationSet> setOf(const std::shared_ptr<config::Config>& config) {
    auto set = IntegrationSet::build(config, nullptr, nullptr);
    if (!set) giveUp(toml::describe(set.error()));
    return *set;
}

void decoding(const char* name, long mails, std::string (*make)(long)) {
    const auto config = configOf("imap://127.0.0.1");
    const auto set = setOf(config);
    const auto integration = set->find("mails");
    journal::Envelope envelope;
    envelope.integration = "mails";
    envelope.door = "mail";
    envelope.contentType = "message/rfc822";
    envelope.meta = metaOfMail("imap", "INBOX");
    envelope.receivedAt = UtcTime::fromSeconds(1'795'000'000);
    envelope.body = make(1);
    const std::clock_t begin = std::clock();
    for (long i = 0; i < mails; ++i) {
        const auto decoded =
            pipeline::decode(envelope, integration.get(), *config, [] { return std::set<std::string>(); });
        if (!decoded || decoded->records.size() != 1) giveUp("a mail was not decoded");
    }
    const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::printf("%-22s %6ld mails of %5zu bytes %8.0f mails/s %8.1f us/mail\n", name, mails,
                envelope.body.size(), static_cast<double>(mails) / took,
                took * 1e6 / static_cast<double>(mails));
}

// The peak since the last call, from /proc.
long peakKilobytes() {
    std::ifstream status("/proc/self/status");
    long peak = 0;
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) peak = std::strtol(line.c_str() + 6, nullptr, 10);
    }
    std::ofstream("/proc/self/clear_refs") << 5;
    return peak;
}

class Counted final : public net::MailServer {
  public:
    Counted(std::unique_ptr<net::MailServer> inner, long& fetched)
        : inner_(std::move(inner)), fetched_(fetched) {}
    Result<net::MailList> list(const std::string& after, std::size_t most) override {
        return inner_->list(after, most);
    }
    Result<std::string> fetch(const net::MailEntry& mail, std::size_t maxBytes) override {
        ++fetched_;
        return inner_->fetch(mail, maxBytes);
    }
    Result<std::string> head(const net::MailEntry& mail, std::size_t maxBytes) override {
        return inner_->head(mail, maxBytes);
    }
    Result<Done> finish(const std::vector<net::MailEntry>& mails, const net::FinishMails& how) override {
        return inner_->finish(mails, how);
    }
    Result<Done> mayFinish(const net::FinishMails& how) override { return inner_->mayFinish(how); }

  private:
    std::unique_ptr<net::MailServer> inner_;
    long& fetched_;
};

void draining(const char* name, long mails, bool imap) {
    test::Dovecot server;
    for (long i = 0; i < mails; ++i)
        server.deliver(plainMail(i));
    const auto set = setOf(configOf(imap ? server.imap() : server.pop3()));
    test::Folder folder;
    SystemClock clock;
    UuidSource ids(clock);
    metrics::Registry registry;
    journal::Options options;
    options.path = (folder.path() / "journal.db").string();
    journal::Journal journal(options, clock, ids);
    long fetched = 0;
    mail::MailboxSource source(set->find("mails"), journal, clock, registry,
                               [&](net::MailServerConfig config, std::function<bool()> stopping) {
                                   return std::make_unique<Counted>(
                                       net::openMailServer(std::move(config), std::move(stopping)), fetched);
                               });
    static_cast<void>(peakKilobytes());
    const auto begin = std::chrono::steady_clock::now();
    int rounds = 0;
    poll::Round round;
    do {
        round = source.round();
        if (round.failed) giveUp(describe(round.problem));
        ++rounds;
    } while (round.more);
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (server.inbox() != 0) giveUp("the mailbox is not empty");
    std::printf("%-22s %6ld mails, %ld read, %d rounds, %6.1f s %6.0f mails/s, peak memory %ld MB\n", name,
                mails, fetched, rounds, took, static_cast<double>(mails) / took, peakKilobytes() / 1024);
}

} // namespace

int main(int argc, char** argv) {
    const long mails = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 10'000;
    if (mails <= 0 || mails > 1'000'000) {
        std::fputs("usage: bench_mail [mails]\n", stderr);
        return 2;
    }
    decoding("labelled lines", mails, plainMail);
    decoding("HTML table, base64", mails, htmlMail);
    draining("drained over IMAP", mails, true);
    draining("drained over POP3", mails, false);
    return 0;
}
