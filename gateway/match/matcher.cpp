#include "match/lookup.hpp"
#include "match/match.hpp"
#include "match/names.hpp"
#include "match/scorer.hpp"
#include "match/slips.hpp"

#include <algorithm>

namespace trevo::match {
namespace {

constexpr std::size_t kKeptCandidates = 5;

class Decider {
  public:
    Decider(const Matcher& matcher, const Features& features, std::int64_t record, CandidateSource& source)
        : matcher_(matcher),
          model_(*matcher.settings().model),
          features_(features),
          record_(record),
          source_(source),
          names_(model_, source) {}

    Decision run() {
        Lookup lookup = lookUpValues(features_, matcher_.settings(), source_);
        const auto scoreFrom = [&](std::size_t first) {
            for (std::size_t i = first; i < lookup.persons.size(); ++i)
                judge(lookup.persons[i], lookup);
        };
        scoreFrom(0);
        // Hints are looked at when no value names somebody for sure; always for a customer extract, which
        // says so much that it may prove two people one.
        if (features_.kind == model::Kind::Customer ||
            std::none_of(list_.begin(), list_.end(), [&](const Scored& s) { return linkable(s); })) {
            lookUpHints(lookup, features_, matcher_.settings(), source_);
            list_.clear();
            scoreFrom(0);
        }
        order();
        decide();
        finish();
        return std::move(decision_);
    }

  private:
    static bool free(const Scored& one) { return one.candidate.guards.empty(); }
    bool linkable(const Scored& one) const {
        const bool unsaid = nameless(features_) || !one.profileNamed;
        return free(one) &&
               one.candidate.score >= (unsaid ? model_.thresholds.nameless : model_.thresholds.link);
    }

    void judge(PersonId person, const Lookup& lookup) {
        Scored one = score(features_, source_.profile(person), lookup, matcher_.settings(), source_, names_);
        if (source_.cannotLink(person, record_)) one.candidate.guards.emplace_back("cannot_link");
        list_.push_back(std::move(one));
    }

    // Equal scores: those that may be linked first, then the person in touch at the nearest time, then the
    // older one, so that the same log gives the same result.
    void order() {
        std::sort(list_.begin(), list_.end(), [](const Scored& a, const Scored& b) {
            if (free(a) != free(b)) return free(a);
            if (a.candidate.score != b.candidate.score) return a.candidate.score > b.candidate.score;
            return std::tuple(a.apart, a.candidate.person) < std::tuple(b.apart, b.candidate.person);
        });
    }

    void decide() {
        if (list_.empty()) return;
        const Scored& best = list_.front();
        const double doubt =
            saleWithoutName(features_) ? model_.thresholds.reviewSale : model_.thresholds.review;
        if (linkable(best)) {
            link(best);
        } else if (const Scored* owner = disputedOwner()) {
            decision_.zone = Zone::Link;
            decision_.person = owner->candidate.person;
            decision_.disputed = true;
        } else if (keptForNow()) {
            decision_.zone = Zone::Review;
            decision_.person = best.candidate.person;
        } else if (std::any_of(list_.begin(), list_.end(),
                               [&](const Scored& s) { return s.hinted && s.candidate.score >= doubt; })) {
            decision_.zone = Zone::Review;
        }
    }

    void link(const Scored& best) {
        bool conflict = false;
        std::vector<const Scored*> proven;
        for (std::size_t i = 1; i < list_.size() && free(list_[i]); ++i) {
            const Scored& other = list_[i];
            if (bridges(best, other)) {
                proven.push_back(&other);
                continue;
            }
            const bool close = best.candidate.score - other.candidate.score < model_.thresholds.margin;
            // Two who may well be one are no conflict: the record is of either.
            conflict =
                conflict || ((close || nameless(features_)) && linkable(other) && contradict(best, other));
        }
        // Of two who contradict each other neither can be the best one.
        for (const Scored* one : proven) {
            const bool contradicted = std::any_of(proven.begin(), proven.end(), [&](const Scored* other) {
                return other != one && contradict(*one, *other);
            });
            if (!contradicted) decision_.merges.push_back(one->candidate.person);
        }
        decision_.zone = conflict ? Zone::Review : Zone::Link;
        // Somebody known called and did not say who: kept with the likeliest until better evidence comes;
        // with nobody when none of them was in touch about then.
        const bool provisional = nameless(features_) && !(conflict && longAgo(best));
        if (!conflict || provisional) decision_.person = best.candidate.person;
        if (conflict) decision_.merges.clear();
        decision_.disputed = decision_.person != 0 && !best.document && anotherHolds();
    }

    // Somebody called, said no name, and the number came without its area code: kept with the only holder of
    // the number when that one was in touch about then, which proves nothing about who called.
    bool keptForNow() const {
        if (!nameless(features_) || list_.size() != 1) return false;
        const Scored& holder = list_.front();
        return holder.numberOnly && holder.candidate.guards.size() == 1 && holder.apart >= 0 &&
               !longAgo(holder);
    }

    bool longAgo(const Scored& one) const {
        return one.apart > static_cast<std::int64_t>(model_.time.namelessDays * 86'400);
    }

    bool contradict(const Scored& a, const Scored& b) {
        const Profile& first = source_.profile(a.candidate.person);
        return source_.toldApart(a.candidate.person, b.candidate.person) ||
               !matcher_.compatible(first, source_.profile(b.candidate.person),
                                    coveredNames(a) && coveredNames(b));
    }

    // "Ana Lima" and "Ana Dias" are one when "Ana Lima Dias" comes.
    bool coveredNames(const Scored& one) const {
        return features_.nameTokens.size() >= 3 &&
               (one.name == NameLevel::Equal || one.name == NameLevel::Subset);
    }

    // The record proves that two people are one: high scores with both and nothing against it. Who never said
    // a name joins whoever turns out to have the value.
    bool bridges(const Scored& best, const Scored& other) {
        if (!model_.guards.bridgingMerges) return false;
        const double both = model_.thresholds.merge;
        const bool named = best.profileNamed && other.profileNamed;
        // Who wrote from an account and then told a phone is whoever has that phone, without a name, too.
        if (nameless(features_) && (named || best.handle == other.handle)) return false;
        const double weaker = named ? both : model_.thresholds.nameless;
        if (std::max(best.candidate.score, other.candidate.score) < both) return false;
        if (std::min(best.candidate.score, other.candidate.score) < weaker) return false;
        if (!named && !(other.contact || other.document)) return false;
        return !contradict(best, other);
    }

    // Whom name and contact identify although the record brings another valid document that nobody has.
    const Scored* disputedOwner() const {
        if (!model_.guards.disputedDocuments || features_.document.empty()) return nullptr;
        if (std::any_of(list_.begin(), list_.end(),
                        [](const Scored& s) { return s.document && s.name != NameLevel::Different; }))
            return nullptr;
        for (const Scored& one : list_) {
            const auto& guards = one.candidate.guards;
            const bool only = guards.size() == 1 && guards[0] == "two_valid_documents";
            if (only && one.contact && one.name == NameLevel::Equal && features_.nameTokens.size() >= 2 &&
                one.candidate.score >= model_.thresholds.merge)
                return &one;
        }
        return nullptr;
    }

    // The document belongs to somebody else, whom name or contact rule out.
    bool anotherHolds() const {
        return model_.guards.disputedDocuments && !features_.document.empty() &&
               std::any_of(list_.begin(), list_.end(), [&](const Scored& s) {
                   return s.document && s.candidate.person != decision_.person &&
                          std::find(decision_.merges.begin(), decision_.merges.end(), s.candidate.person) ==
                              decision_.merges.end();
               });
    }

    void finish() {
        decision_.model = model_.version;
        if (list_.size() > kKeptCandidates) list_.resize(kKeptCandidates);
        for (auto& one : list_)
            decision_.candidates.push_back(std::move(one.candidate));
        if (decision_.zone == Zone::Review && decision_.person != 0 && !decision_.candidates.empty())
            decision_.candidates.front().evidence.push_back(
                {"provisional", 0, "the likeliest holder of the number"});
    }

    const Matcher& matcher_;
    const Model& model_;
    const Features& features_;
    std::int64_t record_;
    CandidateSource& source_;
    NameWeights names_;
    std::vector<Scored> list_;
    Decision decision_;
};

bool disjoint(const std::set<std::string>& a, const std::set<std::string>& b) {
    return !a.empty() && !b.empty() &&
           std::none_of(a.begin(), a.end(), [&](const auto& value) { return b.contains(value); });
}

} // namespace

void dropGeneric(Features& features, const Settings& settings) {
    if (settings.genericDocuments.contains(features.document)) {
        features.document.clear();
        features.company = false;
    }
    const auto drop = [](std::set<std::string>& values, const std::set<std::string>& generic) {
        std::erase_if(values, [&](const std::string& value) { return generic.contains(value); });
    };
    drop(features.phones, settings.genericPhones);
    drop(features.weakPhones, settings.genericPhones);
    drop(features.emails, settings.genericEmails);
}

void dispute(Features& features) {
    features.disputedDocument = std::move(features.document);
    features.document.clear();
    features.company = false;
}

Matcher::Matcher(Settings settings) : settings_(std::move(settings)) {}

Decision Matcher::decide(const Features& features, std::int64_t record, CandidateSource& source) const {
    return Decider(*this, features, record, source).run();
}

bool Matcher::heldByMany(const Profile& profile) const {
    const auto most = static_cast<std::size_t>(settings_.model->limits.documentNames);
    if (!settings_.model->guards.genericValues || profile.names.size() <= most) return false;
    std::vector<const std::vector<std::string>*> different;
    for (const auto& name : profile.names) {
        const bool another = std::all_of(different.begin(), different.end(), [&](const auto* known) {
            const NameComparison one = compareNames(name, *known, *settings_.model);
            return one.first == FirstName::Different || one.level == NameLevel::SurnameDiffers;
        });
        if (another) different.push_back(&name);
        if (different.size() > most) return true;
    }
    return false;
}

bool Matcher::compatible(const Profile& a, const Profile& b, bool namesAgree) const {
    const Model& model = *settings_.model;
    if (!a.documents.empty() && !b.documents.empty() && a.documents != b.documents) return false;
    const bool aKnown = !a.names.empty() || !a.documents.empty();
    const bool bKnown = !b.names.empty() || !b.documents.empty();
    if (aKnown && bKnown && a.company != b.company) return false;
    if (disjoint(a.suffixes, b.suffixes)) return false;
    if (disjoint(a.birthDates, b.birthDates) &&
        std::none_of(a.birthDates.begin(), a.birthDates.end(), [&](const auto& date) {
            return std::any_of(b.birthDates.begin(), b.birthDates.end(),
                               [&](const auto& other) { return alikeDates(date, other); });
        }))
        return false;
    if (namesAgree) return true;
    int supports = 0, contradictions = 0;
    for (const auto& name : a.names) {
        for (const auto& other : b.names) {
            const NameComparison one = compareNames(name, other, model);
            if (one.level == NameLevel::Different || one.level == NameLevel::SurnameDiffers)
                ++contradictions;
            else if (one.level != NameLevel::LastOnly && one.first != FirstName::Near)
                ++supports;
        }
    }
    return contradictions <= supports && (supports > 0 || a.names.empty() || b.names.empty());
}

} // namespace trevo::match
