// The model file of matching: all weights, levels, thresholds and word lists, with a version that every
// decision stores. The gateway's own is compiled in from etc/matching.toml, which also says what each figure
// means.
#pragma once

#include "match/match.hpp"
#include "toml/value.hpp"

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace trevo::match {

// Log-odds, base e, unless said otherwise.
struct Model {
    std::string version;

    struct Thresholds {
        double link = 0, review = 0, reviewSale = 0, margin = 0, nameless = 0, merge = 0;
    } thresholds;
    struct Limits {
        double population = 0;                                  // people
        double keyPeople = 0, candidates = 0, recentPeople = 0; // people
        double documentNames = 0;                               // first names
        double memoryDays = 0;
        double traffic = 0, dealerTraffic = 0; // records a day
        double visitDays = 0;
    } limits;
    struct Values {
        double document = 0, handle = 0, email = 0, phone = 0, phoneAreaAssumed = 0, documentTypo = 0,
               badDocument = 0, shortDocument = 0, address = 0, emailLocal = 0, emailLocalFromName = 0,
               plate = 0, vin = 0, stock = 0, ad = 0, visitModel = 0, visitDealer = 0, furtherMost = 0,
               furtherPart = 0;
    } values;
    struct Names {
        double agree = 0, householdFirst = 0, householdLast = 0, rarest = 0; // probabilities
        double seedPeople = 0;                                               // people
        double alike = 0;                                                    // part of a weight
        double initial = 0, near = 0, lastMost = 0, swapped = 0, middleDiffers = 0, surnameDiffers = 0,
               surnameDiffersHousehold = 0, firstDiffers = 0, suffixDiffers = 0;
    } names;
    struct Person {
        double birthDateEqual = 0, birthDateAlike = 0, birthDateDiffers = 0, postalCodeEqual = 0,
               streetEqual = 0, cityEqual = 0, cityDiffers = 0, areaCodeDiffers = 0, phoneDiffers = 0,
               emailDiffers = 0, badDocumentDiffers = 0, companyAgainstPerson = 0;
    } person;
    struct Time {
        double sameDay = 0, sameWeek = 0, sameMonth = 0, longer = 0, carExpiresDays = 0, namelessDays = 0,
               onlyHolder = 0, otherDealer = 0, sameCar = 0, otherCar = 0;
    } time;
    std::array<double, model::kKindCount> reliability{}; // by kind of record
    struct Guards {
        bool twoValidDocuments = true, incompatibleNames = true, differentBirthDates = true,
             generationalSuffix = true, companyAgainstPerson = true, genericValues = true,
             bridgingMerges = true, disputedDocuments = true;
    } guards;
    std::unordered_map<std::string, double> commonFirst, commonLast;     // shares of all people
    std::unordered_map<std::string, std::vector<std::string>> nicknames; // to the names that they stand for
};

// Every key is required; errors carry line and column.
Result<std::shared_ptr<const Model>, toml::Errors> readModel(std::string_view source,
                                                             const std::string& file);
Result<std::shared_ptr<const Model>, toml::Errors> readModelFile(const std::string& path);

std::string_view modelText(); // of the compiled-in model

} // namespace trevo::match
