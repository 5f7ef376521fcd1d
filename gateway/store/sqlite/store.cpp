#include "store/sqlite/reader.hpp"
#include "store/sqlite/writer.hpp"

#include <stdexcept>

namespace trevo::store {
namespace {

class SqliteStore final : public Store {
  public:
    explicit SqliteStore(const Options& options) : writer_(options), reader_(options) {}

    Reader& reader() override { return reader_; }
    Writer& writer() override { return writer_; }
    void configure(const Options& options) override {
        writer_.configure(options);
        reader_.configure(options);
    }
    void onEvents(std::function<void(std::int64_t)> listener) override {
        writer_.onEvents(std::move(listener));
    }

  private:
    sqlite::SqliteWriter writer_; // first: creates the file that the readers open
    sqlite::SqliteReader reader_;
};

} // namespace

std::unique_ptr<Store> openSqlite(const Options& options) {
    try {
        return std::make_unique<SqliteStore>(options);
    } catch (const std::exception& error) {
        throw std::runtime_error("cannot open the store " + options.path + ": " + error.what());
    }
}

std::unique_ptr<Reader> openSqliteReader(const Options& options) {
    try {
        return std::make_unique<sqlite::SqliteReader>(options);
    } catch (const std::exception& error) {
        throw std::runtime_error("cannot open the store " + options.path + ": " + error.what());
    }
}

} // namespace trevo::store
