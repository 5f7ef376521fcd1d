// How much it tells that two people agree on a part of a name: the rarer, the more. Within one decision the
// same few names are asked for again and again, so each is looked up and weighed once.
#pragma once

#include "match/model.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace trevo::match {

class NameWeights {
  public:
    NameWeights(const Model& model, CandidateSource& source) : model_(model), source_(source) {}

    // Log-odds. `household` widens the chance that another person has the name too. The token must outlive
    // this object.
    double weight(NamePart part, std::string_view token, bool household);

  private:
    struct Known {
        NamePart part;
        std::string_view token;
        double share;
        std::array<std::optional<double>, 2> weights; // outside, inside a household
    };

    Known& find(NamePart part, std::string_view token);
    double share(NamePart part, std::string_view token) const;

    const Model& model_;
    CandidateSource& source_;
    std::vector<Known> known_; // a handful: what agrees with one record's name
};

} // namespace trevo::match
