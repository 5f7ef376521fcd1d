#include "match/match.hpp"
#include "match/model.hpp"
#include "match/names.hpp"

#include <algorithm>
#include <cmath>

namespace trevo::match {
namespace {

constexpr std::size_t kMaxCandidates = 64; // scored per record: latency stays flat
constexpr std::size_t kKeptCandidates = 5;

struct Value { // of the record, with those who hold it already
    std::string_view text;
    std::size_t holders = 0;
};

// The values of the record that may find somebody, with their holders. A generic value finds nobody.
struct Lookup {
    std::vector<Value> documents, phones, weakPhones, emails, handles;
    std::vector<PersonId> persons; // in the order found; distinct
};

class Finder {
  public:
    explicit Finder(CandidateSource& source) : source_(source) {}

    void add(std::vector<Value>& values, KeyKind kind, std::string_view text, std::size_t mostHolders) {
        if (text.empty()) return;
        const std::vector<PersonId> holders = source_.personsWith(keyOf(kind, text), mostHolders + 1);
        if (holders.size() > mostHolders) return;
        values.push_back({text, holders.size()});
        for (const PersonId person : holders) {
            if (found.persons.size() >= kMaxCandidates) break;
            if (std::find(found.persons.begin(), found.persons.end(), person) == found.persons.end())
                found.persons.push_back(person);
        }
    }

    Lookup found;

  private:
    CandidateSource& source_;
};

Lookup findCandidates(const Settings& settings, const Features& features, CandidateSource& source) {
    const std::size_t shared = std::min(settings.genericPersons, settings.candidateCap);
    Finder finder(source);
    finder.add(finder.found.documents, KeyKind::Document, features.document, settings.candidateCap);
    for (const auto& handle : features.handles)
        finder.add(finder.found.handles, KeyKind::Handle, handle, settings.candidateCap);
    for (const auto& phone : features.phones)
        finder.add(finder.found.phones, KeyKind::Phone, phone, shared);
    for (const auto& email : features.emails)
        finder.add(finder.found.emails, KeyKind::Email, email, shared);
    for (const auto& phone : features.weakPhones)
        finder.add(finder.found.weakPhones, KeyKind::Phone, phone, shared);
    return std::move(finder.found);
}

// What one candidate scores, with the strongest facts first.
class Scorer {
  public:
    Scorer(const Features& features, const Lookup& lookup) : features_(features), lookup_(lookup) {}

    Candidate score(const Profile& profile) {
        candidate_ = {profile.id, weights::kPrior, {}, {}};
        profile_ = &profile;
        linked_ = documentEqual_ = personalEqual_ = onlyHolder_ = false;
        scoreValues();
        scoreName();
        scoreSupport();
        guardDocuments();
        guardBirthDate();
        guardSuffix();
        guardCompany();
        if (!linked_) guard("no_strong_value");
        return std::move(candidate_);
    }

  private:
    void add(std::string_view feature, double weight, std::string note = {}) {
        candidate_.score += weight;
        candidate_.evidence.push_back({std::string(feature), weight, std::move(note)});
    }
    void guard(std::string_view name) { candidate_.guards.emplace_back(name); }

    // The best of the values that both sides have; a second equal phone adds nothing new about who it is.
    bool addShared(const std::vector<Value>& values, const std::set<std::string>& held,
                   std::string_view feature, double weight) {
        const Value* best = nullptr;
        for (const auto& value : values) {
            if (held.contains(std::string(value.text)) && (!best || value.holders < best->holders))
                best = &value;
        }
        if (!best) return false;
        const auto holders = static_cast<double>(std::max<std::size_t>(best->holders, 1));
        add(feature, weight - weights::kShared * std::log(holders),
            best->holders > 1 ? "seen with " + std::to_string(best->holders) + " people"
                              : "seen with one person");
        onlyHolder_ = onlyHolder_ || best->holders == 1;
        return true;
    }

    void scoreValues() {
        if (!lookup_.documents.empty() && profile_->documents.contains(features_.document)) {
            add("document_equal", weights::kDocumentEqual);
            documentEqual_ = linked_ = true;
        }
        if (addShared(lookup_.handles, profile_->handles, "handle_equal", weights::kHandleEqual))
            linked_ = personalEqual_ = true;
        if (addShared(lookup_.emails, profile_->emails, "email_equal", weights::kEmailEqual))
            linked_ = personalEqual_ = true;
        if (addShared(lookup_.phones, profile_->phones, "phone_equal", weights::kPhoneEqual)) {
            linked_ = true;
            return;
        }
        const bool only = onlyHolder_;
        if (!addShared(lookup_.weakPhones, profile_->phones, "phone_area_assumed",
                       weights::kWeakPhoneEqual) &&
            !addShared(lookup_.weakPhones, profile_->weakPhones, "phone_area_assumed",
                       weights::kWeakPhoneEqual))
            addShared(lookup_.phones, profile_->weakPhones, "phone_area_assumed", weights::kWeakPhoneEqual);
        onlyHolder_ = only;
    }

    void scoreName() {
        NameLevel best = NameLevel::Unknown;
        for (const auto& name : profile_->names) {
            const NameLevel level = compareNames(features_.nameTokens, name);
            if (best == NameLevel::Unknown || weightOf(level) > weightOf(best)) best = level;
        }
        if (best == NameLevel::Unknown) {
            if (onlyHolder_)
                add("only_holder", weights::kOnlyHolder, "no name to compare; nobody else has the value");
            return;
        }
        add(featureName(best), weightOf(best));
        nameCompatible_ = firstNamesCompatible(best);
        if (!nameCompatible_ && !documentEqual_) guard("incompatible_names");
    }

    void scoreSupport() {
        if (features_.nameTokens.empty() || profile_->names.empty() || !nameCompatible_) return;
        if (!features_.vin.empty() && profile_->vins.contains(features_.vin))
            add("vin_equal", weights::kVinEqual);
        else if (!features_.plate.empty() && profile_->plates.contains(features_.plate))
            add("plate_equal", weights::kPlateEqual);
        else if (!features_.adId.empty() && profile_->adIds.contains(features_.adId))
            add("ad_equal", weights::kAdEqual);
    }

    void guardDocuments() {
        if (!features_.document.empty() && !profile_->documents.empty() &&
            !profile_->documents.contains(features_.document))
            guard("two_valid_documents");
    }

    void guardBirthDate() {
        if (features_.birthDate.empty() || profile_->birthDates.empty()) return;
        if (profile_->birthDates.contains(features_.birthDate)) {
            add("birth_date_equal", weights::kBirthDateEqual);
        } else if (!documentEqual_) {
            add("birth_date_differs", weights::kBirthDateDiffers);
            guard("different_birth_dates");
        }
    }

    // Father and son share the name and the phone at home. A first name alone tells nothing about the suffix.
    void guardSuffix() {
        if (documentEqual_ || personalEqual_ || profile_->suffixes.empty()) return;
        if (features_.nameTokens.size() < 2 && features_.nameSuffix.empty()) return;
        if (profile_->suffixes.contains(features_.nameSuffix)) return;
        add("suffix_differs", weights::kSuffixDiffers);
        guard("generational_suffix");
    }

    void guardCompany() {
        if (documentEqual_ || features_.company == profile_->company) return;
        const bool known = !features_.nameTokens.empty() || !features_.document.empty();
        const bool profileKnown = !profile_->names.empty() || !profile_->documents.empty();
        if (!known || !profileKnown) return;
        add("company_against_person", weights::kCompanyAgainstPerson);
        guard("company_against_person");
    }

    const Features& features_;
    const Lookup& lookup_;
    const Profile* profile_ = nullptr;
    Candidate candidate_;
    bool linked_ = false;        // a strong value agrees
    bool documentEqual_ = false; //
    bool personalEqual_ = false; // a value that a family does not share
    bool onlyHolder_ = false;
    bool nameCompatible_ = true;
};

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

Matcher::Matcher(Settings settings) : settings_(std::move(settings)) {}

Decision Matcher::decide(const Features& features, std::int64_t record, CandidateSource& source) const {
    Decision decision;
    decision.model = weights::kVersion;
    const Lookup lookup = findCandidates(settings_, features, source);
    for (const PersonId person : lookup.persons) {
        Scorer scorer(features, lookup);
        const Profile profile = source.profile(person);
        Candidate candidate = scorer.score(profile);
        if (source.cannotLink(person, record)) candidate.guards.emplace_back("cannot_link");
        decision.candidates.push_back(std::move(candidate));
    }
    // Equal scores: those that may be linked first, then the older person, so that the same log gives the
    // same result.
    std::sort(decision.candidates.begin(), decision.candidates.end(),
              [](const Candidate& a, const Candidate& b) {
                  if (a.guards.empty() != b.guards.empty()) return a.guards.empty();
                  if (a.score != b.score) return a.score > b.score;
                  return a.person < b.person;
              });

    const auto allowed = static_cast<std::size_t>(
        std::count_if(decision.candidates.begin(), decision.candidates.end(),
                      [&](const Candidate& c) { return c.guards.empty() && c.score >= settings_.reviewAt; }));
    const auto& list = decision.candidates;
    const bool conflict = allowed > 1 && list[0].score - list[1].score < settings_.margin;
    if (allowed > 0 && list[0].score >= settings_.linkAt && !conflict) {
        decision.zone = Zone::Link;
        decision.person = list[0].person;
    } else if (std::any_of(list.begin(), list.end(),
                           [&](const Candidate& c) { return c.score >= settings_.reviewAt; })) {
        decision.zone = Zone::Review;
        if (allowed > 0 && features.nameTokens.empty() && features.document.empty()) {
            // Somebody known called and did not say who: kept with the likeliest until better evidence comes.
            std::size_t likeliest = 0;
            Recency best = source.recency(list[0].person);
            for (std::size_t i = 1; i < allowed; ++i) {
                const Recency recency = source.recency(list[i].person);
                if (recency > best) {
                    best = recency;
                    likeliest = i;
                }
            }
            decision.person = list[likeliest].person;
            decision.candidates[likeliest].evidence.push_back(
                {"provisional", 0,
                 best.openNegotiation ? "the holder with an open negotiation seen last"
                                      : "the holder seen last"});
        }
    }
    if (decision.candidates.size() > kKeptCandidates) decision.candidates.resize(kKeptCandidates);
    return decision;
}

} // namespace trevo::match
