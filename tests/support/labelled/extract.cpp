#include "support/labelled/extract.hpp"

#include "match/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace trevo::labelled {
namespace {

using match::JsonObject;

constexpr std::array<std::string_view, 72> kGiven = {
    "emily",     "joshua",  "jack",    "thomas",  "lachlan",  "benjamin", "james",     "matthew",   "jessica",
    "samuel",    "daniel",  "sophie",  "william", "olivia",   "isabella", "nicholas",  "chloe",     "ella",
    "ethan",     "liam",    "georgia", "hannah",  "mitchell", "caitlin",  "alexander", "charlotte", "joseph",
    "sarah",     "ruby",    "luke",    "dylan",   "grace",    "ryan",     "lucy",      "jacob",     "mia",
    "harrison",  "zachary", "amy",     "brianna", "adam",     "kyle",     "holly",     "imogen",    "abbey",
    "bailey",    "connor",  "madison", "tahlia",  "jasmine",  "oliver",   "taylah",    "xavier",    "angus",
    "stephanie", "hayley",  "tyler",   "cooper",  "jayden",   "phoebe",   "eliza",     "alana",     "declan",
    "keely",     "blake",   "noah",    "lara",    "hugo",     "flynn",    "kirra",     "zali",      "isaac"};
constexpr std::array<std::string_view, 64> kSurname = {
    "white",     "clarke",   "campbell", "ryan",      "webb",       "green",       "nguyen",   "smith",
    "martin",    "matthews", "dixon",    "morrison",  "reid",       "coleman",     "goode",    "browne",
    "simmonds",  "lowe",     "thorpe",   "mcneill",   "stephenson", "rankine",     "burford",  "chandler",
    "george",    "neumann",  "dolan",    "petersen",  "beams",      "kozak",       "hahn",     "rollins",
    "donaldson", "marsh",    "wilkins",  "paine",     "bishop",     "fitzpatrick", "jolly",    "musolino",
    "swales",    "ebert",    "hanna",    "tremellen", "crook",      "weller",      "duffy",    "leong",
    "vincent",   "bullock",  "zwart",    "glass",     "carbone",    "dent",        "eglinton", "howie",
    "stubbs",    "quilliam", "brock",    "carter",    "wallace",    "lock",        "pascoe",   "longo"};
constexpr std::array<std::string_view, 24> kRoad = {
    "hawkesbury", "barrallier", "knox",       "moyes",  "carruthers", "burkitt",     "antill",   "fullwood",
    "learmonth",  "heagney",    "mainwaring", "noake",  "bossence",   "chippindall", "dumas",    "ewers",
    "jardine",    "halford",    "kootara",    "lycett", "torrens",    "vosper",      "wybalena", "prell"};
constexpr std::array<std::string_view, 5> kRoadKind = {"street", "place", "crescent", "circuit", "avenue"};
constexpr std::array<std::string_view, 28> kSuburb = {
    "toorak",    "bondi",      "richmond",     "northcote",   "ashgrove",    "leeming",   "moonah",
    "belmont",   "croydon",    "reservoir",    "tamworth",    "dubbo",       "mildura",   "geelong west",
    "bayswater", "kingscliff", "canning vale", "port kembla", "wodonga",     "nowra",     "gladstone",
    "pakenham",  "sunbury",    "kallangur",    "st ives",     "umina beach", "redcliffe", "mount waverley"};
constexpr std::array<std::string_view, 6> kTerritory = {"nsw", "vic", "qld", "wa", "sa", "tas"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kScanned = {{{"l", "1"},
                                                                                     {"o", "0"},
                                                                                     {"s", "5"},
                                                                                     {"m", "rn"},
                                                                                     {"g", "9"},
                                                                                     {"h", "b"},
                                                                                     {"e", "c"},
                                                                                     {"i", "l"},
                                                                                     {"u", "v"},
                                                                                     {"2", "z"},
                                                                                     {"5", "s"},
                                                                                     {"0", "o"},
                                                                                     {"w", "vv"},
                                                                                     {"q", "g"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kSounds = {{{"ph", "f"},
                                                                                    {"ck", "k"},
                                                                                    {"c", "k"},
                                                                                    {"z", "s"},
                                                                                    {"ie", "y"},
                                                                                    {"mac", "mc"},
                                                                                    {"gh", "g"},
                                                                                    {"y", "i"},
                                                                                    {"x", "ks"},
                                                                                    {"v", "w"},
                                                                                    {"ou", "o"},
                                                                                    {"th", "t"},
                                                                                    {"ee", "ea"},
                                                                                    {"ll", "l"}}};

enum Field : std::size_t {
    kGivenName,
    kLastName,
    kNumber,
    kStreetName,
    kBuilding,
    kCity,
    kCode,
    kRegion,
    kBirth,
    kId,
    kFields
};
using Entry = std::array<std::string, kFields>;

class Extract {
  public:
    explicit Extract(std::uint64_t seed) : dice_(seed * 6'700'417 + 29) {}

    Stream run(int originals) {
        std::vector<Entry> people;
        for (int i = 0; i < originals; ++i)
            people.push_back(original());
        for (std::size_t i = 0; i < people.size(); ++i)
            write(people[i], static_cast<int>(i));
        for (int left = originals; left > 0;) {
            const std::size_t of = dice_.below(people.size());
            if (!used_.insert(of).second) continue;
            for (std::size_t n = 1 + dice_.skewed(5, 2.5); n > 0 && left > 0; --n, --left) {
                Entry copy = people[of];
                damage(copy);
                write(copy, static_cast<int>(of));
            }
        }
        shuffle(out_, dice_.next());
        for (std::size_t i = 0; i < out_.size(); ++i)
            out_[i].received = UtcTime::fromSeconds(1'785'000'000 + static_cast<std::int64_t>(i));
        return {std::move(out_), {}};
    }

  private:
    std::string letters() { // a rare name
        constexpr std::string_view kConsonants = "bcdfghklmnprstvw";
        constexpr std::string_view kVowels = "aeiou";
        std::string text;
        for (std::size_t i = 2 + dice_.below(2); i > 0; --i) {
            text += kConsonants[dice_.below(kConsonants.size())];
            text += kVowels[dice_.below(kVowels.size())];
        }
        return text + (dice_.chance(0.5) ? "n" : "");
    }
    std::string numbers(int length) {
        std::string text;
        for (int i = 0; i < length; ++i)
            text += static_cast<char>('0' + dice_.below(10));
        return text;
    }

    Entry original() {
        Entry one;
        one[kGivenName] =
            dice_.chance(0.15) ? letters() : std::string(kGiven[dice_.skewed(kGiven.size(), 1.4)]);
        one[kLastName] = dice_.chance(0.45) ? letters() + std::string(dice_.chance(0.5) ? "er" : "s")
                                            : std::string(kSurname[dice_.skewed(kSurname.size(), 1.4)]);
        one[kNumber] = std::to_string(1 + dice_.skewed(400, 2));
        one[kStreetName] = std::string(kRoad[dice_.below(kRoad.size())]) + letters() + " ";
        one[kStreetName] += kRoadKind[dice_.below(kRoadKind.size())];
        one[kCity] =
            dice_.chance(0.5) ? std::string(kSuburb[dice_.below(kSuburb.size())]) : letters() + "ville";
        one[kCode] = std::to_string(2000 + dice_.below(6000));
        one[kRegion] = kTerritory[dice_.skewed(kTerritory.size(), 1.5)];
        char date[16];
        const int year = 1900 + static_cast<int>(dice_.below(100));
        const int month = 1 + static_cast<int>(dice_.below(12));
        std::snprintf(date, sizeof date, "%04d-%02d-%02d", year, month,
                      1 + static_cast<int>(dice_.below(28)));
        one[kBirth] = date;
        one[kId] = numbers(7);
        if (dice_.chance(0.35)) one[kBuilding] = letters() + " " + letters();
        constexpr std::array<std::pair<std::size_t, double>, 6> kUnknown = {{{kGivenName, 0.02},
                                                                             {kLastName, 0.01},
                                                                             {kNumber, 0.04},
                                                                             {kStreetName, 0.02},
                                                                             {kRegion, 0.01},
                                                                             {kBirth, 0.02}}};
        for (const auto& [field, part] : kUnknown) {
            if (dice_.chance(part)) one[field].clear();
        }
        return one;
    }

    void edit(std::string& text, bool number) {
        const char fresh = static_cast<char>(number ? '0' + dice_.below(10) : 'a' + dice_.below(26));
        const std::size_t at = dice_.below(text.size());
        switch (dice_.below(4)) {
        case 0: text.insert(at, 1, fresh); break;
        case 1:
            if (text.size() > 2) text.erase(at, 1);
            break;
        case 2: text[at] = fresh; break;
        default:
            if (at + 1 < text.size()) std::swap(text[at], text[at + 1]);
            break;
        }
    }

    template <class Pairs>
    void replace(std::string& text, const Pairs& pairs) {
        const std::size_t begin = dice_.below(pairs.size());
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto& [from, to] = pairs[(begin + i) % pairs.size()];
            const auto at = text.find(from);
            if (at == std::string::npos) continue;
            text.replace(at, from.size(), to);
            return;
        }
    }

    void damage(Entry& entry) {
        std::array<int, kFields> changes{};
        for (std::size_t n = 1 + dice_.below(5); n > 0; --n) {
            const std::size_t roll = dice_.below(100);
            if (roll < 6) {
                std::swap(entry[kGivenName], entry[kLastName]);
                continue;
            }
            if (roll < 10) {
                std::swap(entry[kStreetName], entry[kBuilding]);
                continue;
            }
            constexpr std::array<std::size_t, 10> kOften = {kGivenName, kLastName,   kLastName, kGivenName,
                                                            kNumber,    kStreetName, kCity,     kCode,
                                                            kBirth,     kId};
            const std::size_t field = kOften[dice_.below(kOften.size())];
            std::string& text = entry[field];
            if (text.empty() || ++changes[field] > 2) continue;
            const bool number = field == kNumber || field == kCode || field == kBirth || field == kId;
            const std::size_t how = dice_.below(100);
            if (how < 12)
                text.clear();
            else if (field == kBirth)
                date(text);
            else if (how < 65)
                edit(text, number);
            else if (how < 80)
                replace(text, kScanned);
            else if (number)
                edit(text, true);
            else
                replace(text, kSounds);
        }
    }

    void date(std::string& text) { // stays ten characters; may be no day of the calendar
        constexpr std::array<std::size_t, 8> kDigits = {0, 1, 2, 3, 5, 6, 8, 9};
        const std::size_t at = kDigits[2 + dice_.below(6)];
        if (dice_.chance(0.3) && at != 3 && at != 6 && at != 9)
            std::swap(text[at], text[at + 1 == 4 || at + 1 == 7 ? at + 2 : at + 1]);
        else
            text[at] = static_cast<char>('0' + dice_.below(10));
    }

    void write(const Entry& entry, int person) {
        std::string name = entry[kGivenName];
        if (!name.empty() && !entry[kLastName].empty()) name += ' ';
        name += entry[kLastName];
        JsonObject address;
        address.textIfAny("street", entry[kStreetName])
            .textIfAny("number", entry[kNumber])
            .textIfAny("complement", entry[kBuilding])
            .textIfAny("city", entry[kCity])
            .textIfAny("state", entry[kRegion])
            .textIfAny("postal_code", entry[kCode]);
        JsonObject customer;
        customer.textIfAny("name", name)
            .textIfAny("document", entry[kId])
            .textIfAny("birth_date", entry[kBirth]);
        if (!address.empty()) customer.raw("address", address.str());
        JsonObject json;
        json.text("kind", "customer");
        json.raw("source", JsonObject()
                               .text("integration", "extract")
                               .text("external_id", "E" + std::to_string(out_.size()))
                               .str());
        json.text("dealer", "loja0").raw("customer", customer.str());
        out_.push_back({json.str(), person, -1, 0, UtcTime{}, UtcTime{}});
    }

    Dice dice_;
    std::set<std::size_t> used_;
    std::vector<Labelled> out_;
};

} // namespace

Stream extractStream(std::uint64_t seed, int originals) {
    return Extract(seed).run(originals);
}

} // namespace trevo::labelled
