// People in memory for the matcher, and short ways to write a person and a decision.
#pragma once

#include "match/match.hpp"
#include "match/model.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace trevo::match::testing {

// People in memory; the index is a walk over them.
class Memory final : public CandidateSource {
  public:
    PersonId add(const Features& features) {
        Profile profile;
        profile.id = static_cast<PersonId>(people_.size()) + 1;
        absorb(profile, features);
        people_.push_back({profile, keysOf(features)});
        return profile.id;
    }
    void also(PersonId person, const Features& features) {
        auto& [profile, keys] = people_[static_cast<std::size_t>(person) - 1];
        absorb(profile, features);
        for (const auto& key : keysOf(features))
            keys.push_back(key);
    }
    Holders personsWith(const Key& key, std::size_t limit) override {
        Holders found;
        found.generic = generic.contains(key);
        for (const auto& [profile, keys] : people_) {
            if (found.persons.size() < limit && std::find(keys.begin(), keys.end(), key) != keys.end())
                found.persons.push_back(profile.id);
        }
        found.count = found.persons.size();
        return found;
    }
    const Profile& profile(PersonId id) override {
        looked.insert(id);
        return people_[static_cast<std::size_t>(id) - 1].first;
    }
    bool toldApart(PersonId a, PersonId b) override {
        return apart.contains({a, b}) || apart.contains({b, a});
    }
    double people() override { return size; }
    double peopleNamed(NamePart, std::string_view token) override {
        return token.empty() ? size : named.contains(std::string(token)) ? named[std::string(token)] : 0;
    }
    bool cannotLink(PersonId person, std::int64_t record) override {
        return forbidden.contains({person, record});
    }

    double traffic(const std::string&, const std::string& model, std::int64_t) override {
        return model.empty() ? recordsADay : recordsADay / 20;
    }

    std::vector<std::pair<Profile, std::vector<Key>>> people_;
    std::set<Key> generic;
    std::set<PersonId> looked; // whose profile was asked for
    std::set<std::pair<PersonId, PersonId>> apart;
    std::map<std::string, double> named; // by token, of `size`
    double size = 20'000;
    double recordsADay = 40; // at each dealer; a twentieth about each model
    std::set<std::pair<PersonId, std::int64_t>> forbidden;
};

struct Person {
    const char* name = "";
    const char* phone = "";
    const char* document = "";
    const char* email = "";
    const char* suffix = "";
    const char* birthDate = "";
    const char* plate = "";
    bool weakPhone = false;
};

inline Features features(const Person& person) {
    Features f;
    std::istringstream in(person.name);
    for (std::string token; in >> token;)
        f.nameTokens.push_back(token);
    if (*person.phone) (person.weakPhone ? f.weakPhones : f.phones).insert(person.phone);
    f.document = person.document;
    f.company = f.document.size() == 14;
    if (*person.email) f.emails.insert(person.email);
    f.nameSuffix = person.suffix;
    f.birthDate = person.birthDate;
    f.plate = person.plate;
    return f;
}

inline bool hasGuard(const Decision& decision, const std::string& guard) {
    return std::any_of(decision.candidates.begin(), decision.candidates.end(), [&](const Candidate& c) {
        return std::find(c.guards.begin(), c.guards.end(), guard) != c.guards.end();
    });
}

inline constexpr const char* kA = "1198765432";
inline constexpr const char* kCpf = "52998224725";
inline constexpr const char* kOtherCpf = "39053344705";
inline constexpr const char* kCnpj = "11444777000161";

} // namespace trevo::match::testing
