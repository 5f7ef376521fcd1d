// Who is this? Matches one record to a person, and its negotiation, over a source of candidates. Pure: no
// SQL, no clock; the same candidates and the same record give the same decision. Single-threaded use per
// Matcher.
//
// A decision carries everything needed to explain it later: each piece of evidence with its weight, the
// guards consulted, the runner-up, the model version.
#pragma once

#include "model/record.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace trevo::match {

// Kinds of values that find and link people. Stored as 64-bit hashes; the kind is part of the hash.
enum class KeyKind : std::uint8_t {
    Document = 1,
    Phone = 2,
    PhoneNoArea = 3,
    Email = 4,
    Handle = 5,
    Plate = 6,
    Vin = 7,
    AdId = 8,
    NameToken = 9,
    FullName = 10,
    ExternalId = 11,
    Company = 12,
};

struct Key {
    KeyKind kind;
    std::uint64_t hash;
    auto operator<=>(const Key&) const = default;
};

// What matching looks at, derived once per record.
struct Features {
    std::string document; // valid ones only
    bool company = false;
    std::set<std::string> phones;     // match keys, DDD + 8 digits; area code sent by the source
    std::set<std::string> weakPhones; // area code assumed
    std::set<std::string> emails;     // match form, relays and placeholders left out
    std::set<std::string> handles;
    std::vector<std::string> nameTokens; // folded, without particles and suffix
    std::string nameSuffix;              // "FILHO", "NETO", "JUNIOR" … or empty
    std::string birthDate;
    std::string plate, vin, adId, brand, model;
    std::optional<int> modelYear;
    std::vector<Key> keys; // of everything above that is indexed
};
Features featuresOf(const model::Record& record);

using PersonId = std::int64_t;
using NegotiationId = std::int64_t;

// A person as matching sees it: the union of its records' features.
struct Profile {
    PersonId id = 0;
    std::set<std::string> documents, phones, emails, handles, birthDates, suffixes;
    std::vector<std::vector<std::string>> names; // distinct token lists
    bool company = false;
};

struct ValueUse {             // of one key within the dealer group
    std::int64_t persons = 0; // distinct, counted up to the cap
    std::int64_t records = 0;
};

// Where candidates come from. Implemented by the store inside the writer's transaction: it sees the records
// just written.
class CandidateSource {
  public:
    virtual ~CandidateSource() = default;
    virtual std::vector<PersonId> personsWith(const Key& key, std::size_t cap) = 0; // redirects resolved
    virtual ValueUse use(const Key& key) = 0;
    virtual Profile profile(PersonId id) = 0;
    virtual bool cannotLink(PersonId person, std::int64_t record) = 0; // a human's word
};

enum class Zone : std::uint8_t { Link, Review, New };

struct Evidence {
    std::string feature; // "document_equal", "phone_equal", "name_compatible" …
    double weight = 0;   // log-odds, base e
    std::string note;    // why this much: "phone seen with 3 people"; no personal data
};

struct Candidate {
    PersonId person = 0;
    double score = 0; // prior plus the sum of the weights
    std::vector<Evidence> evidence;
    std::vector<std::string> guards; // that forbid the link: "two_valid_documents", "incompatible_names" …
};

struct Decision {
    Zone zone = Zone::New;
    PersonId person = 0;               // Link: to whom; otherwise 0 and the store opens a new person
    std::vector<Candidate> candidates; // best first, at most 5; the second is the runner-up
    std::string model;                 // version of the weights
};

struct Settings {
    double linkAt = 3.0;             // score at or above: link
    double reviewAt = 0.0;           // at or above: possible match
    double margin = 1.0;             // two candidates within it conflict: review
    std::size_t candidateCap = 64;   // persons behind one key; a longer list is generic
    std::int64_t genericPersons = 5; // a phone or e-mail seen with more distinct people stops linking
    std::set<std::string> genericDocuments, genericPhones, genericEmails; // static seeds: the group's own
};

class Matcher {
  public:
    explicit Matcher(Settings settings);
    Decision decide(const Features& features, std::int64_t record, CandidateSource& source) const;

  private:
    Settings settings_;
};

// Negotiation grouping: person + vehicle + time.
struct OpenNegotiation {
    NegotiationId id = 0;
    UtcTime lastEvent;
    bool closed = false;
    std::string plate, vin, adId, brand, model;
    std::optional<int> modelYear;
};
struct Grouping {
    std::optional<NegotiationId> join; // empty: open a new one
    std::string why; // "same_plate", "same_ad", "same_model", "no_vehicle_latest_open", "new_vehicle",
                     // "window_passed"
};
Grouping group(const model::Record& record, UtcTime at, const std::vector<OpenNegotiation>& open,
               std::int64_t windowMicros);

// Survivorship: the golden record of a person from its member records, in record order. Canonical JSON of a
// customer with "sources" per field. Pure.
struct Member {
    std::int64_t record = 0;
    const model::Record* content = nullptr;
    UtcTime at; // source time, else receipt
};
std::string goldenRecord(const std::vector<Member>& members);

} // namespace trevo::match
