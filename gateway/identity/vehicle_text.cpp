#include "identity/vehicle_text.hpp"

#include "identity/text.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

namespace trevo::identity {
namespace {

struct Maker {
    std::string_view brand;
    std::string_view spellings; // besides it, words joined
    std::string_view families;  // words joined
};
constexpr std::array<Maker, 31> kMakers = {
    {{"FIAT", "",
      "ARGO MOBI TORO STRADA UNO PALIO SIENA GRANDSIENA CRONOS PULSE FASTBACK FIORINO DOBLO PUNTO "
      "IDEA LINEA BRAVO STILO TITANO DUCATO FREEMONT SCUDO MAREA TEMPRA WEEKEND"},
     {"VOLKSWAGEN", "VW VOLKS",
      "GOL POLO TCROSS NIVUS VOYAGE FOX SAVEIRO VIRTUS UP JETTA TIGUAN AMAROK TAOS "
      "GOLF PASSAT FUSCA KOMBI PARATI SANTANA SPACEFOX CROSSFOX TERA BORA"},
     {"CHEVROLET", "GM CHEV",
      "ONIX ONIXPLUS TRACKER PRISMA S10 SPIN CRUZE COBALT MONTANA CELTA CORSA CLASSIC "
      "EQUINOX TRAILBLAZER AGILE CAPTIVA VECTRA ASTRA MERIVA ZAFIRA CAMARO BLAZER OMEGA"},
     {"FORD", "",
      "KA KAPLUS ECOSPORT FIESTA NEWFIESTA RANGER FOCUS FUSION EDGE TERRITORY MAVERICK BRONCO MUSTANG "
      "COURIER ESCORT F250 TRANSIT"},
     {"HYUNDAI", "",
      "HB20 HB20S HB20X CRETA TUCSON IX35 I30 SANTAFE AZERA ELANTRA SONATA VELOSTER HR PALISADE"},
     {"TOYOTA", "",
      "COROLLA COROLLACROSS HILUX HILUXSW4 SW4 YARIS YARISCROSS ETIOS RAV4 CAMRY PRIUS BANDEIRANTE"},
     {"HONDA", "", "CIVIC HRV CITY FIT CRV WRV ZRV ACCORD"},
     {"JEEP", "", "COMPASS RENEGADE COMMANDER CHEROKEE GRANDCHEROKEE WRANGLER GLADIATOR"},
     {"RENAULT", "",
      "SANDERO SANDEROSTEPWAY KWID DUSTER LOGAN CAPTUR OROCH DUSTEROROCH STEPWAY CLIO MEGANE SCENIC "
      "FLUENCE SYMBOL KANGOO MASTER KARDIAN"},
     {"NISSAN", "", "KICKS VERSA MARCH FRONTIER SENTRA LIVINA TIIDA LEAF"},
     {"PEUGEOT", "", "208 2008 3008 5008 206 207 307 308 408 PARTNER EXPERT HOGGAR"},
     {"CITROEN", "",
      "C3 C3AIRCROSS AIRCROSS BASALT C4 C4CACTUS C4LOUNGE C4PALLAS C5 XSARA JUMPY BERLINGO JUMPER"},
     {"MITSUBISHI", "MMC",
      "L200 L200TRITON TRITON PAJERO PAJEROTR4 TR4 PAJEROSPORT PAJEROFULL ASX OUTLANDER LANCER "
      "ECLIPSECROSS"},
     {"KIA", "", "SPORTAGE SORENTO CERATO PICANTO SOUL BONGO STONIC NIRO CARNIVAL SELTOS"},
     {"CHERY", "CAOACHERY CAOA", "TIGGO TIGGO2 TIGGO3X TIGGO5X TIGGO7 TIGGO8 ARRIZO5 ARRIZO6 QQ CELER ICAR"},
     {"BYD", "", "DOLPHIN DOLPHINMINI SONG SONGPLUS SONGPRO SEAL YUAN YUANPLUS KING HAN TAN SHARK"},
     {"GWM", "HAVAL", "H6 HAVALH6 ORA03 POER TANK300"},
     {"BMW", "", "320I 328I 118I 120I X1 X2 X3 X4 X5 X6 M3 M4"},
     {"MERCEDES", "MERCEDESBENZ MB",
      "C180 C200 C250 C300 A200 A250 GLA GLA200 GLB GLC GLE CLA CLA200 SPRINTER B200"},
     {"AUDI", "", "A3 A4 A5 A6 Q3 Q5 Q7 Q8 TT ETRON"},
     {"VOLVO", "", "XC40 XC60 XC90 C40 EX30 V40 S60"},
     {"LANDROVER", "LAND ROVER",
      "DISCOVERY DISCOVERYSPORT EVOQUE RANGEROVER RANGEROVEREVOQUE VELAR DEFENDER "
      "FREELANDER"},
     {"SUZUKI", "", "JIMNY VITARA GRANDVITARA SX4 SCROSS SWIFT"},
     {"RAM", "", "RAMPAGE 1500 2500 3500"},
     {"DODGE", "", "JOURNEY DAKOTA CHARGER"},
     {"JAC", "", "J2 J3 J5 J6 T40 T50 T60 T80 EJS1"},
     {"LIFAN", "", "X60 X80"},
     {"SUBARU", "", "FORESTER IMPREZA XV OUTBACK"},
     {"PORSCHE", "", "CAYENNE MACAN PANAMERA BOXSTER 911 TAYCAN"},
     {"MINI", "", "COOPER COUNTRYMAN"},
     {"LEXUS", "", "UX250H NX300H ES300H NX350H"}}};

constexpr std::size_t kMostWords = 24;
constexpr std::size_t kMostJoined = 3;
constexpr std::size_t kLongestModel = 60;

struct Known {
    std::unordered_map<std::string_view, std::string_view> brands;   // by spelling
    std::unordered_map<std::string_view, std::string_view> families; // to their brand
};

template <class Each>
void eachWord(std::string_view words, Each each) {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (end > 0) each(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
}

const Known& known() {
    static const Known all = [] {
        Known made;
        for (const auto& maker : kMakers) {
            made.brands.emplace(maker.brand, maker.brand);
            eachWord(maker.spellings, [&](auto word) { made.brands.emplace(word, maker.brand); });
            eachWord(maker.families, [&](auto word) { made.families.emplace(word, maker.brand); });
        }
        return made;
    }();
    return all;
}

// Dashes within a word are left out, everything else that is no letter, digit or decimal point parts words.
std::vector<std::string> wordsOf(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto end = [&] {
        while (!word.empty() && word.back() == '.')
            word.pop_back();
        if (!word.empty() && words.size() < kMostWords) words.push_back(word);
        word.clear();
    };
    for (const char c : folded(text)) {
        if ((c >= 'A' && c <= 'Z') || isDigit(c) || (c == '.' && !word.empty()))
            word += c;
        else if (c != '-' || word.empty())
            end();
    }
    end();
    return words;
}

struct Found {
    std::string_view value; // a brand
    std::size_t at = 0, words = 0;
    std::string joined;
    explicit operator bool() const { return words > 0; }
};

// The longest entry that begins at the word.
template <class Map>
Found entryAt(const std::vector<std::string>& words, std::size_t at, const Map& map) {
    Found found;
    std::string joined;
    for (std::size_t n = 0; n < kMostJoined && at + n < words.size(); ++n) {
        joined += words[at + n];
        if (const auto entry = map.find(joined); entry != map.end())
            found = {entry->second, at, n + 1, joined};
    }
    return found;
}

std::optional<int> yearOf(const std::string& word) {
    if (word.size() != 4 || !allDigits(word)) return std::nullopt;
    const int year = std::stoi(word);
    return year >= 1950 && year <= 2049 ? std::optional(year) : std::nullopt;
}

// "2021 2022", once "2021/2022": built in the first, of the model year of the second.
std::optional<int> modelYearAfter(const std::vector<std::string>& words, std::size_t at) {
    for (; at < words.size(); ++at) {
        const auto year = yearOf(words[at]);
        if (!year) continue;
        const auto next = at + 1 < words.size() ? yearOf(words[at + 1]) : std::nullopt;
        return next && *next >= *year && *next - *year <= 1 ? next : year;
    }
    return std::nullopt;
}

std::string joinedUntilYear(const std::vector<std::string>& words, std::size_t at) {
    std::string text;
    for (std::size_t i = at; i < words.size() && !(i > at && yearOf(words[i])); ++i) {
        if (text.size() + words[i].size() > kLongestModel) break;
        text += (text.empty() ? "" : " ") + words[i];
    }
    return text;
}

// The brand, wherever it stands; what follows it is the model. Without one, a family that can not be taken
// for another word.
void readWords(const std::vector<std::string>& words, bool free, VehicleText& car) {
    Found brand;
    for (std::size_t i = 0; i < words.size() && !brand && (free || i == 0); ++i)
        brand = entryAt(words, i, known().brands);
    const std::size_t begin = brand ? brand.at + brand.words : 0;
    Found family = entryAt(words, begin, known().families);
    if (!family && free) {
        for (std::size_t i = 0; i < words.size() && !family; ++i) {
            const Found one = entryAt(words, i, known().families);
            const bool plain = one && one.joined.size() >= 4 && !allDigits(one.joined);
            if (plain && (!brand || one.value == brand.value)) family = one;
        }
    }
    if (family && !brand && allDigits(family.joined) && car.brand.empty()) family = {};
    if (family && brand && brand.value != family.value) family = {};
    if (car.brand.empty()) car.brand = brand ? brand.value : family ? family.value : std::string_view();
    if (family)
        car.model = family.joined;
    else if (brand || !free)
        car.model = joinedUntilYear(words, begin);
    if (family || brand || !free)
        car.modelYear = modelYearAfter(words, family ? family.at + family.words : begin);
}

} // namespace

VehicleText readVehicleText(std::string_view brand, std::string_view model, std::string_view text) {
    VehicleText car;
    if (!brand.empty()) {
        const auto words = wordsOf(brand);
        const Found entry = entryAt(words, 0, known().brands);
        car.brand = entry ? std::string(entry.value) : joinedUntilYear(words, 0);
    }
    if (!model.empty()) readWords(wordsOf(model), false, car);
    if (text.empty() || (!model.empty() && !car.brand.empty() && car.modelYear)) return car;
    VehicleText told;
    told.brand = car.brand;
    readWords(wordsOf(text), true, told);
    if (car.brand.empty()) car.brand = told.brand;
    if (car.model.empty()) car.model = told.model;
    if (!car.modelYear && car.model == told.model) car.modelYear = told.modelYear;
    return car;
}

} // namespace trevo::identity
