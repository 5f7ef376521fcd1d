#include "match/names.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace trevo;
using namespace trevo::match;

namespace {
std::vector<std::string> tokens(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> list;
    for (std::string token; in >> token;)
        list.push_back(token);
    return list;
}
} // namespace

TEST_CASE("a name of its own is not another one cut short", "[features]") {
    CHECK(compareNames(tokens("RIC LIMA"), tokens("RICARDO LIMA"), *defaultModel()).first ==
          FirstName::Nickname);
    CHECK(compareNames(tokens("MARIA LIMA"), tokens("MARIANA LIMA"), *defaultModel()).first ==
          FirstName::Near);
}

TEST_CASE("two names are compared by levels", "[features]") {
    struct Row {
        const char* rule;
        const char* a;
        const char* b;
        NameLevel level;
    };
    const Row rows[] = {
        {"no name on one side", "", "MARIA", NameLevel::Unknown},
        {"equal", "MARIA SOUZA", "MARIA SOUZA", NameLevel::Equal},
        {"Luiz and Luis are one", "LUIZ SILVA", "LUIS SILVA", NameLevel::Equal},
        {"Thiago and Tiago are one", "THIAGO SILVA", "TIAGO SILVA", NameLevel::Equal},
        {"a doubled letter", "MATTEUS SILVA", "MATEUS SILVA", NameLevel::Equal},
        {"middle names left out", "MARIA SOUZA", "MARIA APARECIDA SOUZA", NameLevel::Subset},
        {"surnames left out", "MARIA APARECIDA", "MARIA APARECIDA SOUZA", NameLevel::Subset},
        {"initial of the first name", "M SOUZA", "MARIA SOUZA", NameLevel::Abbreviated},
        {"short form of the first name", "MA SOUZA", "MARIA SOUZA", NameLevel::Abbreviated},
        {"initial of a middle name", "MARIA A SOUZA", "MARIA APARECIDA SOUZA", NameLevel::Abbreviated},
        {"surname first", "SOUZA MARIA", "MARIA SOUZA", NameLevel::Swapped},
        {"surname first, one left out", "SOUZA MARIA", "MARIA APARECIDA SOUZA", NameLevel::Swapped},
        {"first name only", "MARIA", "MARIA SOUZA", NameLevel::FirstOnly},
        {"first names only", "MARIA", "MARIA", NameLevel::FirstOnly},
        {"another middle name", "MARIA HELENA SOUZA", "MARIA APARECIDA SOUZA", NameLevel::MiddleDiffers},
        {"another surname", "MARIA LIMA", "MARIA SOUZA", NameLevel::SurnameDiffers},
        {"another first name", "JOAO SOUZA", "MARIA SOUZA", NameLevel::Different},
        {"another first name that is near", "PAULO SOUZA", "PEDRO SOUZA", NameLevel::Different},
        {"initial of another name", "J SOUZA", "MARIA SOUZA", NameLevel::Different},
        {"a nickname", "ZE SILVA", "JOSE SILVA", NameLevel::Equal},
        {"a nickname of several names", "BETO LIMA", "ROBERTO LIMA", NameLevel::Equal},
        {"a name cut short", "RIC LIMA", "RICARDO LIMA", NameLevel::Equal},
        {"the end of a name", "CELO LIMA", "MARCELO LIMA", NameLevel::Equal},
        {"a nickname of another name", "CHICO LIMA", "JOSE LIMA", NameLevel::Different},
        {"Souza and Sousa are one", "ANA SOUZA", "ANA SOUSA", NameLevel::Equal},
        {"a slip in a surname", "LIVIA SUSA", "LIVIA SOUZA", NameLevel::Equal},
        {"two of three surnames", "ANA DIAS LIMA ROCHA", "ANA DIAS LIMA REIS", NameLevel::MiddleDiffers},
        {"a typing slip in a long name", "FERNADA LIMA", "FERNANDA LIMA", NameLevel::Equal},
    };
    for (const auto& row : rows) {
        CAPTURE(row.rule);
        CHECK(featureName(compareNames(tokens(row.a), tokens(row.b), *defaultModel()).level) ==
              featureName(row.level));
        CHECK(featureName(compareNames(tokens(row.b), tokens(row.a), *defaultModel()).level) ==
              featureName(row.level));
    }
}

TEST_CASE("first names a letter apart are near, and no more than that", "[features]") {
    struct Row {
        const char* rule;
        const char* a;
        const char* b;
        FirstName first;
    };
    const Row rows[] = {
        {"the gender of a name", "PAULO SOUZA", "PAULA SOUZA", FirstName::Near},
        {"short names one letter apart", "ANA LIMA", "ANE LIMA", FirstName::Near},
        {"a letter more makes another short name", "JOSE LIMA", "JOSUE LIMA", FirstName::Near},
        {"a typing slip in a long name", "FERNADA LIMA", "FERNANDA LIMA", FirstName::Alike},
        {"the order of the names", "LIMA JOSE", "JOSE LIMA", FirstName::Equal},
    };
    for (const auto& row : rows) {
        CAPTURE(row.rule);
        CHECK(compareNames(tokens(row.a), tokens(row.b), *defaultModel()).first == row.first);
        CHECK(compareNames(tokens(row.b), tokens(row.a), *defaultModel()).first == row.first);
    }
}
