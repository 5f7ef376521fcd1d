// Walks one parsed record along the field table. Private to this module; one Reader reads one record.
#pragma once

#include "canonical/extra.hpp"
#include "canonical/fields.hpp"
#include "canonical/path.hpp"
#include "canonical/read.hpp"

#include <simdjson.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace trevo::identity {
struct PhoneReading;
struct EmailReading;
} // namespace trevo::identity

namespace trevo::canonical {

class Reader {
  public:
    Reader(const Context& context, model::Record& record, Problems& problems)
        : context_(context), record_(record), problems_(problems) {}

    // Fills the record and its body, or reports problems, after which the record is of no use.
    void read(simdjson::dom::object root);

  private:
    using Element = simdjson::dom::element;
    using Members = std::array<std::optional<Element>, kMostFieldsInBlock>;

    enum class NumberText { Shortest, Fixed };

    // Each appends to the body what the element gives and returns whether that is anything.
    bool writeBlock(const Block& block, simdjson::dom::object object, const Path& path);
    bool writeField(const Field& field, Element element, const Path& path);
    bool writeObject(const Field& field, Element element, const Path& path);
    bool writeList(const Field& field, Element element, const Path& path);
    bool writeMap(const Field& field, Element element, const Path& path);
    bool writeScalar(const Field& field, Element element, const Path& path);

    bool takeIntegration(std::string_view name, const Path& path);
    bool writeText(const Field& field, std::string_view text);
    bool writeIdentity(const Field& field, std::string_view text, const Path& path);
    bool writeName(const Field& field, std::string_view text, const Path& path);
    bool writeDocument(const Field& field, std::string_view text, const Path& path);
    bool writeYear(const Field& field, std::string_view text, const Path& path);
    bool writeDate(const Field& field, std::string_view text, const Path& path);
    bool writeDateTime(const Field& field, std::string_view text, const Path& path);
    bool writeMoney(const Field& field, std::string_view text, const Path& path);
    bool writeInteger(const Field& field, std::string_view text, const Path& path);
    bool writeDecimal(const Field& field, std::string_view text, const Path& path);
    bool writeWord(const Field& field, std::string_view text, const Path& path);
    bool writePhone(const Field& field, const identity::PhoneReading& reading, const Path& path);
    bool writeEmail(const identity::EmailReading& reading, const Path& path);

    // One text of a list of phones or e-mails may hold several; returns how many were written.
    std::size_t writePhones(const Field& item, std::string_view text, const Path& list, std::size_t input,
                            std::size_t output);
    std::size_t writeEmails(const Field& item, std::string_view text, const Path& list, std::size_t input,
                            std::size_t output);

    // The trimmed text of a string or number; empty when absent. None, with a problem, for anything else.
    // Valid until the next call.
    std::optional<std::string_view> textOf(const Field& field, Element element, const Path& path,
                                           NumberText numbers);

    Members sort(const Block& block, simdjson::dom::object object, const Path& path);
    void readFlags(Element element);
    void readKind(const std::optional<Element>& element, const Path& path);
    void readDealer(const Field& field, const std::optional<Element>& element, const Path& path);
    void liftTradeIn(Members& members);
    void writeFlags();
    void fill(Slot slot, std::string_view text);
    void fillVehicle(Slot slot, std::string_view text);

    void report(std::string code, const Path& path, std::string detail);
    void flag(const Path& path, std::string_view code);
    bool flagged(const Path& path, std::string_view code) const; // by an earlier reading of this body

    const Context& context_;
    model::Record& record_;
    Problems& problems_;
    Extra extra_;
    bool kindKnown_ = false;
    bool tradeInLifted_ = false; // sale.trade_in is read as the root's trade_in
    std::size_t flagsBefore_ = 0;
    std::string zone_;
    std::string ddd_;
    model::Vehicle* vehicle_ = nullptr; // the one being read
    std::string_view mapKey_;           // of the map value being read
    std::string callDirection_;
    std::optional<model::Phone> callFrom_;
    std::optional<model::Phone> callTo_;
    bool originalGiven_ = false; // source.occurred_at_original came along and was written
    std::string scratch_;
};

} // namespace trevo::canonical
