#include "ingest/mail/mailbox.hpp"

#include "base/hash.hpp"
#include "ingest/mail/delivery.hpp"
#include "ops/log.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace trevo::mail {

namespace {

using StateJson = nlohmann::json;

constexpr const char* kMailboxState = "mailbox";
constexpr std::size_t kMostHeadBytes = std::size_t{256} << 10;

metrics::Counter mailboxCounter(metrics::Registry& registry, const char* outcome) {
    return registry.counter("trevo_mails_total", "Mails by door and outcome.",
                            {{"door", "mailbox"}, {"outcome", outcome}});
}

bool isAfter(std::string_view id, std::string_view other) { // of numbers
    return id.size() != other.size() ? id.size() > other.size() : id > other;
}

poll::Round failedRound(Problem problem, bool fresh = false) {
    return {true, std::move(problem), 0, fresh};
}

const char* adviceOn(const std::string& code) {
    if (code == "unreachable") return "check url, the firewall, and that the server runs";
    if (code == "login_refused")
        return "check user and password; many providers want an app password or a token";
    if (code == "tls")
        return "use the name that is in the server's certificate, or name its authority in outbound.ca_file";
    if (code == "no_folder") return "check the folder's name, or make it";
    if (code == "permission")
        return "let this user delete, move or mark mails in the folder, or change 'after'";
    return "try again; if it stays, look at the server's log";
}

} // namespace

MailboxSource::MailboxSource(std::shared_ptr<const Integration> integration, journal::Journal& journal,
                             const Clock& clock, metrics::Registry& registry, Open open, MailboxLimits limits)
    : Source(std::move(integration)),
      journal_(journal),
      clock_(clock),
      open_(std::move(open)),
      limits_(limits),
      taken_(mailboxCounter(registry, "taken")),
      repeated_(mailboxCounter(registry, "repeated")) {}

net::FinishMails MailboxSource::finishing() const {
    using How = net::FinishMails::How;
    if (settings().after == "seen") return {How::Seen, {}};
    if (settings().after == "move") return {How::Move, settings().moveTo};
    return {How::Delete, {}};
}

net::MailServerConfig MailboxSource::serverConfig() const {
    net::MailServerConfig config;
    config.url = settings().url;
    config.folder = settings().folder;
    config.user = settings().user;
    config.password = settings().password;
    config.accessToken = settings().accessToken;
    config.requireTls = !settings().plaintext;
    config.caFile = integration().config().caFile;
    config.stallSeconds = settings().timeoutSeconds;
    return config;
}

// Of another mailbox than it was written for it says nothing.
MailboxSource::Kept MailboxSource::readState() const {
    const auto state =
        StateJson::parse(journal_.state(integration().id(), kMailboxState).value_or(""), nullptr, false);
    Kept kept;
    const auto text = [&](const char* key) {
        const auto found = state.find(key);
        return found != state.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    if (!state.is_object() || text("mailbox") != settings().url + ' ' + settings().folder) return kept;
    kept.validity = text("validity");
    kept.last = text("last");
    kept.begun = text("begun");
    if (const auto ids = state.find("unfinished"); ids != state.end() && ids->is_array()) {
        for (const auto& id : *ids) {
            if (id.is_string()) kept.unfinished.push_back({id.get<std::string>(), -1, false});
        }
    }
    return kept;
}

journal::StateChange MailboxSource::stateOf(const Kept& kept) const {
    StateJson state = {{"mailbox", settings().url + ' ' + settings().folder},
                       {"validity", kept.validity},
                       {"last", kept.last},
                       {"begun", kept.begun},
                       {"unfinished", StateJson::array()}};
    for (const auto& mail : kept.unfinished)
        state["unfinished"].push_back(mail.id);
    // A server's ids may be of any charset.
    return {integration().id(), kMailboxState,
            state.dump(-1, ' ', true, StateJson::error_handler_t::replace)};
}

poll::Round MailboxSource::round() {
    if (interrupted_) return {};
    if (!server_) server_ = open_(serverConfig(), [this] { return interrupted_.load(); });
    auto round = drain(*server_);
    if (!round.more || round.failed) server_.reset();
    return round;
}

poll::Round MailboxSource::drain(net::MailServer& server) {
    Kept kept = readState();
    auto list = server.list(kept.last, limits_.mailsOfRound);
    if (list && list->validity != kept.validity) { // the first time, or the ids name other mails now
        const bool first = kept.last.empty();
        kept = Kept{list->validity, {}, {}, {}};
        if (!first) list = server.list({}, limits_.mailsOfRound);
    }
    if (!list) return interrupted_ ? poll::Round{} : failedRound(list.error());

    if (!kept.unfinished.empty()) { // by what was cut off between a commit and this
        if (auto done = server.finish(kept.unfinished, finishing()); !done) return failedRound(done.error());
        kept.unfinished.clear();
        bool fresh = false;
        if (!commit({}, kept, fresh)) return failedRound({"storage", "", "", "the cursor could not be kept"});
        list = server.list(kept.last, limits_.mailsOfRound);
        if (!list) return interrupted_ ? poll::Round{} : failedRound(list.error());
    }
    // What was read by people before the gateway came is theirs.
    std::string end = list->mails.empty() ? "0" : list->mails.back().id;
    if (kept.last.empty()) kept.begun = list->newest;
    if (finishing().how == net::FinishMails::How::Seen)
        std::erase_if(list->mails,
                      [&](const auto& mail) { return mail.seen && !isAfter(mail.id, kept.begun); });

    poll::Round round;
    bool any = false;
    for (std::size_t at = 0; at < list->mails.size() && !interrupted_;) {
        std::vector<journal::Delivery> deliveries;
        std::vector<net::MailEntry> brought;
        const auto trouble = bring(server, list->mails, at, deliveries, brought);
        if (at > 0 && !list->validity.empty()) kept.last = list->mails[at - 1].id;
        kept.unfinished = brought;
        const bool something = !deliveries.empty();
        if (something) {
            if (!commit(std::move(deliveries), kept, any))
                return failedRound({"storage", "", "", "the mails could not be kept in the journal"}, any);
            integration().health().delivered(clock_.now());
        }
        if (trouble) return interrupted_ ? poll::Round{} : failedRound(*trouble, any);
        if (brought.empty()) continue;
        if (auto done = server.finish(brought, finishing()); !done)
            return interrupted_ ? poll::Round{} : failedRound(done.error(), any);
        kept.unfinished.clear();
        if (list->validity.empty()) { // POP3: the numbers ended with the session
            round.more = list->more || at < list->mails.size();
            break;
        }
    }
    round.more = round.more || list->more;
    if (!list->validity.empty() && !interrupted_ && (kept.last.empty() || end != "0"))
        kept.last = std::move(end);
    bool fresh = false;
    const Kept before = readState();
    if ((before.unfinished.size() != kept.unfinished.size() || before.validity != kept.validity ||
         before.last != kept.last) &&
        !commit({}, kept, fresh))
        return failedRound({"storage", "", "", "the cursor could not be kept"}, any);
    return round;
}

std::optional<Problem> MailboxSource::bring(net::MailServer& server, const std::vector<net::MailEntry>& mails,
                                            std::size_t& at, std::vector<journal::Delivery>& deliveries,
                                            std::vector<net::MailEntry>& brought) {
    const std::string via(settings().url.substr(0, 4) == "imap" ? "imap" : "pop3");
    std::size_t bytes = 0;
    for (; at < mails.size() && deliveries.size() < limits_.mailsOfBatch && bytes < limits_.bytesOfBatch;
         ++at) {
        if (interrupted_) return Problem{"stopped", "", "", "the gateway stops"};
        const auto& mail = mails[at];
        const bool fits = mail.size <= static_cast<std::int64_t>(maxBytes()) && !tooLarge_.contains(mail.id);
        auto whole = fits ? server.fetch(mail, maxBytes()) : server.head(mail, kMostHeadBytes);
        if (!whole) {
            if (whole.error().code == "no_mail") continue;                            // somebody was faster
            if (whole.error().code == "too_large" && fits) tooLarge_.insert(mail.id); // the server told less
            return whole.error();
        }
        bytes += whole->size();
        if (fits) {
            deliveries.push_back(
                deliveryOf(integration(), std::move(*whole), via, settings().folder, clock_.now()));
            brought.push_back(mail);
        } else {
            deliveries.push_back(headOf(std::move(*whole)));
        }
    }
    return std::nullopt;
}

journal::Delivery MailboxSource::headOf(std::string head) const {
    log::warning("mail.too_large", "A mail is too large to be taken; it stays in the mailbox.",
                 {{"integration", integration().id()}});
    auto delivery = deliveryOf(integration(), std::move(head), "mailbox", settings().folder, clock_.now());
    delivery.key.insert(0, "head:");
    delivery.dead = journal::Reason{
        {"mail_too_large", "", "",
         "the mail is larger than max_message_megabytes; this is its head, the mail is in the mailbox"},
        "ingest"};
    return delivery;
}

bool MailboxSource::commit(std::vector<journal::Delivery> deliveries, const Kept& kept, bool& fresh) {
    std::vector<journal::StateChange> changes;
    changes.push_back(stateOf(kept));
    const auto receipts = journal_.commit(std::move(deliveries), std::move(changes));
    if (!receipts) return false;
    for (const auto& receipt : *receipts) {
        (receipt.repeated ? repeated_ : taken_).add();
        fresh = fresh || !receipt.repeated;
    }
    return true;
}

std::vector<poll::Check> MailboxSource::examine() {
    using State = poll::Check::State;
    std::vector<poll::Check> checks;
    const auto add = [&](const char* name, const std::optional<Problem>& problem, const std::string& good) {
        checks.push_back({name, "", problem ? State::Failed : State::Good, problem ? problem->detail : good,
                          problem ? adviceOn(problem->code) : ""});
    };
    const auto server = open_(serverConfig(), [this] { return interrupted_.load(); });
    const Kept kept = readState();
    const auto list = server->list(kept.last, limits_.mailsOfRound);
    const bool inside = list || list.error().code == "no_folder" || list.error().code == "permission";
    add("log_in", inside ? std::nullopt : std::optional(list.error()), "the server lets this user in");
    if (!inside) return checks;
    add("list", list ? std::nullopt : std::optional(list.error()),
        list ? "mails that are not taken yet: " + std::to_string(list->mails.size()) +
                   (list->more ? " or more" : "")
             : "");
    if (!list) return checks;
    const auto may = server->mayFinish(finishing());
    add("permission", may ? std::nullopt : std::optional(may.error()),
        "mails can be finished with (after = \"" + settings().after + "\")");
    return checks;
}

poll::Factory mailboxSources(journal::Journal& journal, const Clock& clock, metrics::Registry& registry) {
    return [&journal, &clock, &registry](std::shared_ptr<const Integration> integration) {
        std::unique_ptr<poll::Source> source;
        if (integration->settings().mail && integration->settings().mail->mailbox)
            source = std::make_unique<MailboxSource>(std::move(integration), journal, clock, registry,
                                                     &net::openMailServer);
        return source;
    };
}

} // namespace trevo::mail
