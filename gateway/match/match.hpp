// Who is this? Matches one record to a person, and its negotiation, over a source of candidates. Pure: no
// SQL, no clock; the same candidates and the same record give the same decision. Single-threaded use per
// Matcher.
//
// A decision carries everything needed to explain it later: each piece of evidence with its weight, the
// guards consulted, the runner-up, the model version.
#pragma once

#include "model/record.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::match {

// Kinds of values that find and link people. Stored as 64-bit hashes; the kind is part of the hash.
enum class KeyKind : std::uint8_t {
    Document = 1,
    Phone = 2,
    PhoneNoArea = 3, // the last eight digits
    Email = 4,
    Handle = 5,
    Plate = 6,
    Vin = 7,
    AdFirst = 8, // ad, plate, VIN or stock unit with a first name
    NameToken = 9,
    NamePlace = 10, // sound of first and last name with an area code or city
    DocumentHalf = 13,
    BadDocument = 14,
    EmailLocal = 15,
    BirthFirst = 16, // birth date with a first or last name
    Address = 17,    // street with number, and postal code or city
    AdLast = 18,     // the car with a last name
    Visit = 19,      // sound of first and last name with the dealer and the period
};

struct Key {
    KeyKind kind;
    std::uint64_t hash;
    auto operator<=>(const Key&) const = default;
};

// What matching looks at, derived once per record.
struct Features {
    std::string document;         // valid ones only
    std::string badDocument;      // check digits do not hold, or the group's own: never links by itself
    std::string disputedDocument; // valid, but not believed: its person has another one
    bool company = false;
    std::set<std::string> phones;     // match keys, DDD + 8 digits; area code sent by the source
    std::set<std::string> weakPhones; // area code assumed, or none: 8 digits
    std::set<std::string> emails;     // match form, relays and placeholders left out
    std::set<std::string> handles;
    std::vector<std::string> nameTokens; // folded, without particles and suffix
    std::string nameSuffix;              // "FILHO", "NETO", "JUNIOR" … or empty
    std::string birthDate;
    std::string city, postalCode, street;                // match forms
    std::string plate, vin, adId, stockId, brand, model; // brand and model folded
    std::optional<int> modelYear;
    model::Kind kind = model::Kind::Lead;
    std::int64_t at = 0; // seconds: when it happened, as far as known
    std::string dealer;  // its id

    bool operator==(const Features&) const = default;
};
Features featuresOf(const model::Record& record);
bool nameless(const Features& features);        // says neither a name nor a document
bool saleWithoutName(const Features& features); // a sale that names the car and a document, not who bought it
std::string addressOf(const Features& features); // the house; empty when not all of it is known

// Of everything above that is indexed. Matching looks up all kinds but single name tokens, which serve the
// search.
std::vector<Key> keysOf(const Features& features);
Key keyOf(KeyKind kind, std::string_view value);

// Where and when somebody was in touch, and about what. A record that is no contact (a customer extract) or
// does not say where has only its time. Time is cut into periods of kPeriodSeconds, so that who was in touch
// lately is found by two keys: of its own period and of the nearer of its neighbours.
struct Visit {
    std::int64_t at = 0; // seconds
    std::string dealer, model;
    int modelYear = 0; // 0: unknown

    auto operator<=>(const Visit&) const = default;
};
inline constexpr std::int64_t kPeriodSeconds = 20 * 86'400;
bool isVisit(const Features& features);
Visit visitOf(const Features& features);
std::vector<Key> visitKeys(const Features& features); // its own first; empty when it does not say enough

using PersonId = std::int64_t;
using NegotiationId = std::int64_t;

// A person as matching sees it: the union of its records' features, each list cut to its smallest
// kProfileValues values so that one person can not grow without bound. The union does not depend on the order
// of the records.
struct Profile {
    PersonId id = 0;
    std::set<std::string> documents, badDocuments, phones, weakPhones, emails, handles, birthDates;
    std::set<std::string> cities, postalCodes, streets;
    std::set<std::string> suffixes;           // "" stands for a full name without one
    std::set<std::vector<std::string>> names; // distinct token lists
    std::set<std::string> plates, vins, adIds, stockIds;
    std::set<Visit> visits; // the latest
    bool company = false;

    bool operator==(const Profile&) const = default;
};
inline constexpr std::size_t kProfileValues = 64;
inline constexpr std::size_t kProfileVisits = 16;
void absorb(Profile& profile, const Features& features);

// The people behind one value.
struct Holders {
    std::vector<PersonId> persons; // at most the limit asked for, oldest first; of a generic value the newest
    std::size_t count = 0;         // at least so many
    bool generic = false;          // learnt: too many people share it
};

enum class NamePart : std::uint8_t { First = 1, Last = 2 };

// Where candidates come from. Implemented by the store inside the writer's transaction: it sees the records
// just written.
class CandidateSource {
  public:
    virtual ~CandidateSource() = default;
    // Distinct persons of the dealer group, redirects resolved, at most `limit`.
    virtual Holders personsWith(const Key& key, std::size_t limit) = 0;
    virtual const Profile& profile(PersonId id) = 0;                       // lives as long as the source
    virtual bool cannotLink(PersonId person, std::int64_t record) = 0;     // a human's word
    virtual bool toldApart(PersonId a, PersonId b) = 0;                    // a human's word
    virtual double people() = 0;                                           // in the dealer group
    virtual double peopleNamed(NamePart part, std::string_view token) = 0; // of those, about
    // Records a day about then, at a dealer, about one model (empty: about anything).
    virtual double traffic(const std::string& dealer, const std::string& model, std::int64_t at) = 0;
};

enum class Zone : std::uint8_t { Link, Review, New };

struct Evidence {
    std::string feature; // "document_equal", "phone_equal", "name_compatible" …
    double weight = 0;   // log-odds, base e
    std::string note;    // why this much: "seen with 3 people"; no personal data
};

struct Candidate {
    PersonId person = 0;
    double score = 0; // prior plus the sum of the weights
    std::vector<Evidence> evidence;
    std::vector<std::string> guards; // that forbid the link: "two_valid_documents", "incompatible_names" …
};

struct Decision {
    Zone zone = Zone::New;
    PersonId person = 0; // Link: to whom. Review: 0, or the person that a nameless contact is attached to for
                         // the time being. When 0 the store opens a new person
    std::vector<PersonId> merges;      // people that the record proves to be `person` too
    bool disputed = false;             // linked in spite of its document, which is not believed
    std::vector<Candidate> candidates; // best first, at most 5; the second is the runner-up
    std::string model;                 // version of the weights
};

struct Model; // weights, levels, thresholds, word lists: model.hpp
std::shared_ptr<const Model> defaultModel();

std::vector<model::Kind> usualTrust();

// What a golden record shows where the person's records differ.
struct Survivorship {
    // Fiscal: of an invoice or sale that has a valid document, else as Frequent. Trusted: of the kind of
    // record that is trusted most. Frequent: what most records say. Fullest: the most complete. Contact: of a
    // record by which somebody got in touch, before those that a DMS or an office wrote. Of equals the
    // latest.
    enum class Rule : std::uint8_t { Fiscal, Trusted, Frequent, Latest, Fullest, Contact };
    Rule name = Rule::Fiscal, document = Rule::Trusted, birthDate = Rule::Trusted, address = Rule::Fullest;
    Rule phones = Rule::Contact, emails = Rule::Contact; // all are kept: which comes first
    // Who is trusted with who somebody is, most first: what the tax office saw, then what a seller checked,
    // then what somebody typed. Kinds that are not there come last.
    std::vector<model::Kind> trust = usualTrust();
};

struct Settings {
    std::shared_ptr<const Model> model = defaultModel();
    Survivorship survivorship;
    std::size_t genericPersons = 5; // a phone or e-mail seen with more distinct people stops linking
    std::set<std::string> genericDocuments, genericPhones, genericEmails; // static seeds: the group's own
};

// Takes away what the settings know to be nobody's: the group's own documents, phones and e-mails. Before
// features are matched, stored or indexed.
void dropGeneric(Features& features, const Settings& settings);

// The document is kept as what came, and counts for nothing: its person has another, or it is nobody's.
void dispute(Features& features);

class Matcher {
  public:
    explicit Matcher(Settings settings);
    // Counts the persons behind each value: a record that is already indexed must be taken out first.
    Decision decide(const Features& features, std::int64_t record, CandidateSource& source) const;
    // Nothing speaks against both being one person: documents, names (unless a record has both), birth dates,
    // suffix, kind.
    bool compatible(const Profile& a, const Profile& b, bool namesAgree = false) const;
    // Its records came by one document under more different names than a person or a household has.
    bool heldByMany(const Profile& profile) const;
    const Settings& settings() const { return settings_; }

  private:
    Settings settings_;
};

// Whether two records speak of one car, as far as they say.
enum class SameCar : std::uint8_t { Unknown, Yes, No };
SameCar sameCar(const Features& a, const Features& b);

// Negotiation grouping: person + vehicle + time.
struct OpenNegotiation {
    NegotiationId id = 0;
    std::int64_t dealer = 0; // of the record that opened it
    UtcTime lastEvent;
    bool closed = false;
    std::string plate, vin, adId, stockId, brand, model;
    std::optional<int> modelYear;

    bool operator==(const OpenNegotiation&) const = default;
};
struct Grouping {
    std::optional<NegotiationId> join; // empty: open a new one
    std::string why; // "same_plate", "same_vin", "same_stock", "same_ad", "same_model", "first_vehicle",
                     // "sale_of_latest", "latest_open", "no_vehicle_latest_open"; opened: "first_contact",
                     // "new_vehicle", "window_passed"
};
// `open` are the person's negotiations. A closed one is joined only by a sale or an invoice of its vehicle.
// Where the vehicle does not tell, one at the record's own dealer comes first.
Grouping group(model::Kind kind, const Features& features, UtcTime at, std::int64_t dealer,
               const std::vector<OpenNegotiation>& open, std::int64_t windowMicros);
// Takes the record into the negotiation: last event, vehicle facts that were missing, closed by a sale or
// invoice.
void join(OpenNegotiation& negotiation, model::Kind kind, const Features& features, UtcTime at);
// A customer extract tells who somebody is, not that they want a car.
inline bool negotiates(model::Kind kind) {
    return kind != model::Kind::Customer;
}

// Survivorship: the golden record of a person from its member records, in record order. Canonical JSON of a
// customer with "sources" per field. Pure.
struct Member {
    std::int64_t record = 0;
    const model::Record* content = nullptr;
    UtcTime at;              // source time, else receipt
    std::int64_t source = 0; // the integration that told it
};
// Consent, per channel: of one source the latest word counts, of several sources the strictest. Phones and
// e-mails that tell nothing (generic ones) come last.
using TellsNothing = std::function<bool(const Key&)>;
std::string goldenRecord(const std::vector<Member>& members, const Survivorship& rules = {},
                         const TellsNothing& tellsNothing = {});

} // namespace trevo::match
