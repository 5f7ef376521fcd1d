#include "store/sqlite/schema.hpp"

#include <stdexcept>
#include <string>

namespace trevo::store::sqlite {

void migrate(Database& database) {
    const auto all = migrations();
    const std::int64_t version = database.number("PRAGMA user_version");
    if (version < 0 || static_cast<std::size_t>(version) > all.size()) {
        throw std::runtime_error("its schema is version " + std::to_string(version) +
                                 ", this program knows " + std::to_string(all.size()) +
                                 ": start the newer program again, or restore a backup");
    }
    for (auto next = static_cast<std::size_t>(version); next < all.size(); ++next) {
        database.run("BEGIN IMMEDIATE");
        try {
            database.run(all[next]);
            database.run("PRAGMA user_version=" + std::to_string(next + 1));
            database.run("COMMIT");
        } catch (...) {
            database.rollback();
            throw;
        }
    }
}

} // namespace trevo::store::sqlite
