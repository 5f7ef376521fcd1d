// A human's edits of people, within the writer's transaction.
#pragma once

#include "store/sqlite/applier.hpp"

namespace trevo::store::sqlite {

class Edits {
  public:
    Edits(Tables& tables, Applier& applier) : tables_(tables), applier_(applier) {}

    Result<std::string> edit(const std::string& person, const Edit& edit, const Actor& actor, UtcTime now);

  private:
    std::optional<Problem> forbidden(std::int64_t person, std::int64_t group,
                                     const match::Features& features);

    Tables& tables_;
    Applier& applier_;
};

} // namespace trevo::store::sqlite
