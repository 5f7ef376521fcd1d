// A human's merge and unmerge, within the writer's transaction.
#pragma once

#include "store/sqlite/applier.hpp"

namespace trevo::store::sqlite {

class Corrections {
  public:
    Corrections(Tables& tables, Applier& applier) : tables_(tables), applier_(applier) {}

    // Why the two, both no redirects, can not be one; empty when they can.
    std::optional<Problem> forbidden(std::int64_t keep, std::int64_t lose);
    Result<std::string> merge(const std::string& keep, const std::string& lose, const Actor& actor,
                              UtcTime now);

    // Records that came after the merge go to the side that they match, else stay with the survivor.
    Result<std::vector<std::string>> unmerge(const std::string& person, const Actor& actor, UtcTime now);

  private:
    Tables& tables_;
    Applier& applier_;
};

} // namespace trevo::store::sqlite
