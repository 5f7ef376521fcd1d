// The weights of matching, all of them. Log-odds, base e: +0.7 doubles the odds that both are the same
// person. Changing a figure means a new kVersion, which every decision stores.
#pragma once

#include <string_view>

namespace trevo::match::weights {

inline constexpr std::string_view kVersion = "strong-keys/1";

// Two people of one dealer group who share a strong value by chance: one pair in seven is not the same
// person.
inline constexpr double kPrior = -2.0;

inline constexpr double kDocumentEqual = 12.0;

// A value that one person holds; each further holder takes kShared times ln(holders).
inline constexpr double kPhoneEqual = 4.5;
inline constexpr double kEmailEqual = 5.0;
inline constexpr double kHandleEqual = 7.0; // an account id of a platform
inline constexpr double kShared = 1.3;

// The area code was assumed on one side or the other: never the only link.
inline constexpr double kWeakPhoneEqual = 1.5;

// One side has no name and the value has one holder: nobody else is in question.
inline constexpr double kOnlyHolder = 1.0;

inline constexpr double kNameEqual = 3.0;
inline constexpr double kNameSubset = 2.0;      // "Maria Souza", "Maria Aparecida de Souza"
inline constexpr double kNameSwapped = 2.0;     // "Souza Maria"
inline constexpr double kNameAbbreviated = 1.5; // "M. Souza"
inline constexpr double kNameFirstOnly = 1.0;   // "Maria"
inline constexpr double kNameMiddleDiffers = 0.5;
inline constexpr double kSurnameDiffers = -2.5;
inline constexpr double kNameDifferent = -4.0;

// Support: two people with compatible names ask for the same car. Links nobody alone.
inline constexpr double kPlateEqual = 1.5;
inline constexpr double kVinEqual = 2.0;
inline constexpr double kAdEqual = 1.0;

// Contradictions that are guards as well; the weight keeps them out of the review list.
inline constexpr double kBirthDateEqual = 2.5;
inline constexpr double kBirthDateDiffers = -4.0;
inline constexpr double kSuffixDiffers = -2.0;
inline constexpr double kCompanyAgainstPerson = -4.0;

} // namespace trevo::match::weights
