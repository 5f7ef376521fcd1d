#include "match/scorer.hpp"

#include "match/slips.hpp"
#include "match/visits.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace trevo::match {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;

std::string_view core(std::string_view phone) {
    return phone.size() > 8 ? phone.substr(phone.size() - 8) : phone;
}

bool holdsCore(const std::set<std::string>& phones, std::string_view digits) {
    return std::any_of(phones.begin(), phones.end(),
                       [&](const auto& phone) { return core(phone) == digits; });
}

bool hasArea(const std::string& phone) {
    return phone.size() == 10;
}

enum class Areas : std::uint8_t { Unknown, Common, Different };

// Whether two people's phones have an area code in common.
Areas compareAreas(const std::set<std::string>& mine, const std::set<std::string>& theirs) {
    if (std::none_of(theirs.begin(), theirs.end(), hasArea)) return Areas::Unknown;
    bool known = false;
    for (const auto& phone : mine) {
        if (!hasArea(phone)) continue;
        known = true;
        const bool common = std::any_of(theirs.begin(), theirs.end(), [&](const auto& other) {
            return hasArea(other) && other[0] == phone[0] && other[1] == phone[1];
        });
        if (common) return Areas::Common;
    }
    return known ? Areas::Different : Areas::Unknown;
}

class Scorer {
  public:
    Scorer(const Features& features, const Profile& profile, const Lookup& lookup, const Settings& settings,
           CandidateSource& source, NameWeights& names)
        : features_(features),
          profile_(profile),
          lookup_(lookup),
          model_(*settings.model),
          source_(source),
          names_(names) {
        people_ = std::max(model_.limits.population, source.people());
        reliability_ = model_.reliability[static_cast<std::size_t>(features.kind)];
    }

    Scored run() {
        scored_.candidate = {profile_.id, 0, {}, {}};
        scored_.profileNamed = !profile_.names.empty() || !profile_.documents.empty();
        scored_.apart = apart();
        add("people", -std::log(people_), "one of " + std::to_string(static_cast<std::int64_t>(people_)));
        findFirstName();
        values();
        car();
        person();
        settle();
        scored_.hinted = scored_.candidate.evidence.size() > 1;
        name();
        guards();
        contactWithoutName();
        return std::move(scored_);
    }

  private:
    struct Worth {
        const char* feature;
        double weight;
        std::string note;
    };

    void add(std::string_view feature, double weight, std::string note = {}) {
        scored_.candidate.score += weight;
        scored_.candidate.evidence.push_back({std::string(feature), weight, std::move(note)});
    }
    void guard(std::string_view name) { scored_.candidate.guards.emplace_back(name); }

    std::int64_t apart() const {
        if (features_.at == 0 || profile_.visits.empty()) return -1;
        std::int64_t nearest = std::numeric_limits<std::int64_t>::max();
        for (const Visit& visit : profile_.visits)
            nearest = std::min<std::int64_t>(nearest, std::llabs(visit.at - features_.at));
        return nearest;
    }

    void worth(const char* feature, double bonus, std::size_t holders) {
        worthAmong(feature, bonus, static_cast<double>(std::max<std::size_t>(holders, 1)),
                   holders > 1 ? "seen with " + std::to_string(holders) + " people" : "seen with one person");
    }

    void worthAmong(const char* feature, double bonus, double others, std::string note) {
        worths_.push_back({feature, (std::log(people_ / others) + bonus) * reliability_, std::move(note)});
    }

    // The rarest of the values that both have; a second equal phone adds nothing new about who it is.
    const Value* shared(const std::vector<Value>& values, const std::set<std::string>& held,
                        bool generic = false) const {
        const Value* best = nullptr;
        for (const auto& value : values) {
            if (value.generic == generic && held.contains(value.text) &&
                (!best || value.holders < best->holders))
                best = &value;
        }
        return best;
    }

    void values() {
        const auto& v = model_.values;
        if (shared(lookup_.documents, profile_.documents)) {
            worth("document_equal", v.document, 1);
            scored_.document = own_ = true;
        } else if (const Value* bad = shared(lookup_.badDocuments, profile_.badDocuments)) {
            worth("bad_document_equal", v.badDocument, bad->holders);
            badDocument_ = own_ = true;
        } else if (documentSlip()) {
            const std::string& number =
                features_.document.empty() ? features_.badDocument : features_.document;
            worth("document_one_digit_off", v.documentTypo + (number.size() < 9 ? v.shortDocument : 0), 1);
            own_ = true;
        } else if (!features_.badDocument.empty() && !profile_.badDocuments.empty()) {
            add("bad_document_differs", model_.person.badDocumentDiffers);
        }
        if (const Value* handle = shared(lookup_.handles, profile_.handles)) {
            worth("handle_equal", v.handle, handle->holders);
            personal_ = own_ = scored_.contact = scored_.handle = true;
        }
        if (const Value* email = shared(lookup_.emails, profile_.emails)) {
            worth("email_equal", v.email, email->holders);
            personal_ = scored_.contact = household_ = email_ = true;
        } else if (const Value* mailbox = sharedMailbox()) {
            worth("email_other_provider", fromName(mailbox->text) ? v.emailLocalFromName : v.emailLocal,
                  mailbox->holders);
            email_ = true;
        } else {
            recent(lookup_.emails, profile_.emails, "generic_email_recent");
        }
        if (const Value* phone = shared(lookup_.phones, profile_.phones)) {
            worth("phone_equal", v.phone, phone->holders);
            onlyHolder_ = phone->holders == 1;
            scored_.contact = household_ = phone_ = true;
        } else if (const Value* weak = sharedWeak()) {
            worth("phone_area_assumed", v.phoneAreaAssumed, weak->holders);
            household_ = weakOnly_ = phone_ = true;
        } else {
            recent(lookup_.phones, profile_.phones, "generic_phone_recent");
        }
    }

    // A value of many people has a short memory: within days it links beside the same first name or ad.
    void recent(const std::vector<Value>& values, const std::set<std::string>& held, const char* feature) {
        const Value* value = shared(values, held, true);
        if (!value || scored_.apart < 0 ||
            scored_.apart > static_cast<std::int64_t>(model_.limits.memoryDays * kDaySeconds))
            return;
        const bool ad = !features_.adId.empty() && profile_.adIds.contains(features_.adId);
        const bool named =
            first_ == FirstName::Equal || first_ == FirstName::Alike || first_ == FirstName::Nickname;
        if (!named && !(ad && (features_.nameTokens.empty() || profile_.names.empty()))) return;
        worth(feature, -0.5, static_cast<std::size_t>(model_.limits.recentPeople));
    }

    // maria.souza tells little beside the name that it is made of.
    bool fromName(const std::string& local) const {
        return std::any_of(features_.nameTokens.begin(), features_.nameTokens.end(),
                           [&](const std::string& token) {
                               const auto same = [](char a, char b) { return a == b || a - 'A' + 'a' == b; };
                               return token.size() >= 3 &&
                                      std::search(local.begin(), local.end(), token.begin(), token.end(),
                                                  [&](char a, char b) { return same(b, a); }) != local.end();
                           });
    }

    const Value* sharedMailbox() const {
        for (const auto& value : lookup_.mailboxes) {
            if (value.generic) continue;
            for (const auto& email : profile_.emails) {
                if (email.size() > value.text.size() && email[value.text.size()] == '@' &&
                    email.starts_with(value.text))
                    return &value;
            }
        }
        return nullptr;
    }

    const Value* sharedWeak() const {
        for (const auto& value : lookup_.weakPhones) {
            if (value.generic) continue;
            const std::string_view digits = core(value.text);
            const bool mine = holdsCore(features_.weakPhones, digits);
            // One of both sides must lack the area code: two given codes that differ are two lines.
            if (holdsCore(profile_.weakPhones, digits) || (mine && holdsCore(profile_.phones, digits)))
                return &value;
        }
        return nullptr;
    }

    bool documentSlip() const {
        const auto near = [](const std::string& number, const std::set<std::string>& held) {
            return std::any_of(held.begin(), held.end(),
                               [&](const auto& other) { return oneSlipApart(number, other); });
        };
        if (!features_.badDocument.empty())
            return near(features_.badDocument, profile_.documents) ||
                   near(features_.badDocument, profile_.badDocuments);
        return !features_.document.empty() && near(features_.document, profile_.badDocuments);
    }

    // The same car asked for at about the same time. Beside a compatible name, or of a sale that does not say
    // the name.
    void car() {
        const bool sold = saleWithoutName(features_) && !profile_.names.empty();
        if (!sold && (first_ == FirstName::Different || first_ == FirstName::Near ||
                      features_.nameTokens.empty() || profile_.names.empty()))
            return;
        if (scored_.apart > static_cast<std::int64_t>(model_.time.carExpiresDays * kDaySeconds)) return;
        const auto& v = model_.values;
        const auto both = [](const std::string& mine, const std::set<std::string>& held) {
            return !mine.empty() && held.contains(mine);
        };
        if (both(features_.vin, profile_.vins))
            worth("vin_equal", v.vin, 1);
        else if (both(features_.plate, profile_.plates))
            worth("plate_equal", v.plate, 1);
        else if (both(features_.stockId, profile_.stockIds))
            worth("stock_equal", v.stock, 1);
        else if (both(features_.adId, profile_.adIds))
            worth("ad_equal", v.ad, 1);
        else if (!sold)
            visit();
    }

    void visit() {
        const auto visit = sameVisit(features_, profile_, model_, source_);
        if (!visit) return;
        if (std::log(people_ / visit->others) + visit->bonus <= 0) return;
        worthAmong(visit->feature, visit->bonus, visit->others,
                   "among " + std::to_string(std::lround(visit->others)) + " contacts there about then");
    }

    void person() {
        const auto& p = model_.person;
        const bool postal =
            !features_.postalCode.empty() && profile_.postalCodes.contains(features_.postalCode);
        const bool street = !features_.street.empty() && profile_.streets.contains(features_.street);
        if (street && !lookup_.addresses.empty() && !lookup_.addresses.front().generic &&
            (features_.postalCode.empty() ? profile_.cities.contains(features_.city) : postal)) {
            worth("address_equal", model_.values.address, lookup_.addresses.front().holders);
        } else {
            if (postal) add("postal_code_equal", p.postalCodeEqual);
            if (street) add("street_equal", p.streetEqual);
        }
        household_ = household_ || postal || street;
        if (!features_.city.empty() && !profile_.cities.empty()) {
            if (profile_.cities.contains(features_.city))
                add("city_equal", p.cityEqual);
            else
                add("city_differs", p.cityDiffers);
        }
        contactsDiffer();
        if (!scored_.contact && !weakOnly_) {
            if (compareAreas(features_.phones, profile_.phones) == Areas::Different)
                add("area_code_differs", p.areaCodeDiffers);
        }
        if (features_.birthDate.empty() || profile_.birthDates.empty()) return;
        if (profile_.birthDates.contains(features_.birthDate)) {
            add("birth_date_equal", p.birthDateEqual);
            birthAgrees_ = own_ = true;
        } else if (std::any_of(profile_.birthDates.begin(), profile_.birthDates.end(),
                               [&](const auto& date) { return alikeDates(date, features_.birthDate); })) {
            add("birth_date_alike", p.birthDateAlike);
            birthAgrees_ = own_ = true;
        } else {
            add("birth_date_differs", scored_.document ? p.birthDateDiffers / 2 : p.birthDateDiffers);
            birthDiffers_ = true;
        }
    }

    // People have a second phone and a second mailbox, but not often.
    void contactsDiffer() {
        if (scored_.document || scored_.handle) return;
        const auto own = [](const std::vector<Value>& values) {
            return std::any_of(values.begin(), values.end(), [](const Value& v) { return !v.generic; });
        };
        if (!phone_ && own(lookup_.phones) && !profile_.phones.empty())
            add("phone_differs", model_.person.phoneDiffers);
        if (!email_ && own(lookup_.emails) && !profile_.emails.empty() && !mailboxSlip())
            add("email_differs", model_.person.emailDiffers);
    }

    bool mailboxSlip() const {
        return std::any_of(features_.emails.begin(), features_.emails.end(), [&](const auto& mine) {
            return std::any_of(profile_.emails.begin(), profile_.emails.end(),
                               [&](const auto& theirs) { return oneSlipApart(mine, theirs); });
        });
    }

    // The strongest value in full, each further one in part: they come from one source and hang together.
    void settle() {
        std::sort(worths_.begin(), worths_.end(),
                  [](const Worth& a, const Worth& b) { return a.weight > b.weight; });
        for (std::size_t i = 0; i < worths_.size(); ++i) {
            const Worth& one = worths_[i];
            const double weight =
                i == 0 ? one.weight
                       : std::min(one.weight * model_.values.furtherPart, model_.values.furtherMost);
            add(one.feature, weight, one.note);
        }
    }

    void findFirstName() {
        first_ = FirstName::Different;
        if (features_.nameTokens.empty()) return;
        for (const auto& name : profile_.names) {
            NameComparison one = compareNames(features_.nameTokens, name, model_);
            const double weight = weightOf(one);
            if (!compared_ || weight > nameWeightFree_) {
                best_ = std::move(one);
                nameWeightFree_ = weight;
                compared_ = true;
            }
        }
        if (compared_) first_ = best_.first;
    }

    double weightOf(const NameComparison& name) const {
        const auto& n = model_.names;
        if (name.level == NameLevel::Unknown) return 0;
        if (otherFirm(name)) return n.firstDiffers;
        if (name.level == NameLevel::Different) return n.firstDiffers;
        if (name.level == NameLevel::LastOnly) return surnamesOf(name);
        double weight = names_.weight(NamePart::First, features_.nameTokens.front(), household_);
        if (name.first == FirstName::Alike || name.first == FirstName::Nickname) weight *= n.alike;
        if (name.first == FirstName::Initial) weight = n.initial;
        if (name.first == FirstName::Near) weight = n.near;
        weight += surnamesOf(name);
        if (name.level == NameLevel::Swapped) weight += n.swapped;
        if (name.level == NameLevel::MiddleDiffers) weight += n.middleDiffers;
        if (name.level == NameLevel::SurnameDiffers)
            weight += household_ ? n.surnameDiffersHousehold : n.surnameDiffers;
        return weight;
    }

    // A firm is called by its whole name.
    bool otherFirm(const NameComparison& name) const {
        return features_.company && profile_.company &&
               (name.level == NameLevel::MiddleDiffers || name.level == NameLevel::SurnameDiffers);
    }

    double surnamesOf(const NameComparison& name) const {
        double weight = 0;
        for (const auto& surname : name.surnames)
            weight += std::max(names_.weight(NamePart::Last, surname, household_), 0.0);
        return std::min(weight, model_.names.lastMost);
    }

    void name() {
        if (!compared_) return;
        scored_.name = best_.level;
        double weight = weightOf(best_);
        if (best_.level == NameLevel::Different && scored_.document) weight /= 2;
        add(featureName(best_.level), weight);
    }

    void guards() {
        const auto& g = model_.guards;
        if (compared_ && !scored_.document && g.incompatibleNames && !oneName()) guard("incompatible_names");
        if (!features_.document.empty() && !profile_.documents.empty() && !scored_.document &&
            g.twoValidDocuments)
            guard("two_valid_documents");
        if (birthDiffers_ && !scored_.document && !badDocument_ && g.differentBirthDates)
            guard("different_birth_dates");
        suffix();
        company();
        scored_.numberOnly = weakOnly_ && !scored_.document && !scored_.contact &&
                             (nameless(features_) || profile_.names.empty()) &&
                             !sameDealerLately(features_, profile_);
        if (scored_.numberOnly) guard("no_strong_value");
    }

    // A family shares what a household has, and its members' names may differ by a letter or two; what is
    // one's own tells a slip of the pen from another person.
    bool oneName() const {
        if (otherFirm(best_)) return false;
        if (best_.level == NameLevel::Different) return badDocument_ && birthAgrees_;
        return own_ || (best_.first != FirstName::Near && best_.level != NameLevel::LastOnly);
    }

    // Father and son share the name and the phone at home. A first name alone tells nothing about the suffix.
    void suffix() {
        if (scored_.document || personal_ || profile_.suffixes.empty()) return;
        if (features_.nameTokens.size() < 2 && features_.nameSuffix.empty()) return;
        if (profile_.suffixes.contains(features_.nameSuffix)) return;
        add("suffix_differs", model_.names.suffixDiffers);
        if (model_.guards.generationalSuffix) guard("generational_suffix");
    }

    void company() {
        if (scored_.document || features_.company == profile_.company) return;
        const bool known = !features_.nameTokens.empty() || !features_.document.empty();
        if (!known || !scored_.profileNamed) return;
        add("company_against_person", model_.person.companyAgainstPerson);
        if (model_.guards.companyAgainstPerson) guard("company_against_person");
    }

    // No name to compare: what is left is who else has the value, and who was in touch about then.
    void contactWithoutName() {
        if (!features_.nameTokens.empty() && scored_.profileNamed) return;
        if (onlyHolder_) add("only_holder", model_.time.onlyHolder);
        if (scored_.apart < 0) return;
        const auto& t = model_.time;
        const std::int64_t days = scored_.apart / kDaySeconds;
        add("time", days < 1 ? t.sameDay : days < 7 ? t.sameWeek : days < 31 ? t.sameMonth : t.longer);
        const bool ad = !features_.adId.empty() && profile_.adIds.contains(features_.adId);
        if (ad) add("ad_equal", model_.values.furtherMost);
    }

    const Features& features_;
    const Profile& profile_;
    const Lookup& lookup_;
    const Model& model_;
    CandidateSource& source_;
    NameWeights& names_;
    Scored scored_;
    std::vector<Worth> worths_;
    NameComparison best_;
    FirstName first_ = FirstName::Different;
    double people_ = 1, reliability_ = 1, nameWeightFree_ = 0;
    bool compared_ = false;
    bool badDocument_ = false, birthAgrees_ = false;
    bool own_ = false;       // they share what is one person's alone, whatever the name
    bool household_ = false; // they share what a family shares
    bool personal_ = false;  // they share what a family does not
    bool weakOnly_ = false;
    bool email_ = false, phone_ = false; // equal, as far as both have one
    bool onlyHolder_ = false;
    bool birthDiffers_ = false;
};

} // namespace

Scored score(const Features& features, const Profile& profile, const Lookup& lookup, const Settings& settings,
             CandidateSource& source, NameWeights& names) {
    return Scorer(features, profile, lookup, settings, source, names).run();
}

} // namespace trevo::match
