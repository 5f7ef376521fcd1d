#include "canonical/fields.hpp"

#include <algorithm>
#include <array>

namespace trevo::canonical {

namespace {

using model::Kind;
using Words = std::string_view;

constexpr std::uint32_t kShort = 100;
constexpr std::uint32_t kLine = 200;
constexpr std::uint32_t kUrl = 2000;
constexpr std::uint32_t kLong = 20'000;
constexpr std::uint32_t kPhones = 20;
constexpr std::uint32_t kItems = 500;

constexpr Words kLeadTypes[] = {"proposal",    "message", "financing",   "whatsapp_click",
                                "phone_click", "visit",   "reservation", "test_drive",
                                "simulation",  "chat",    "other"};
constexpr Words kTemperatures[] = {"hot", "warm", "cold"};
constexpr Words kDirections[] = {"in", "out"};
constexpr Words kCallResults[] = {"answered", "missed", "busy", "failed", "voicemail", "other"};

constexpr Field scalar(std::string_view name, Type type, std::string_view description,
                       Slot slot = Slot::None) {
    return {name, type, kLine, description, {}, nullptr, slot};
}
constexpr Field text(std::string_view name, std::uint32_t limit, std::string_view description,
                     Slot slot = Slot::None) {
    return {name, Type::Text, limit, description, {}, nullptr, slot};
}
constexpr Field word(std::string_view name, std::span<const Words> words, std::string_view description,
                     Slot slot = Slot::None) {
    return {name, Type::Word, kLine, description, words, nullptr, slot};
}
constexpr Field object(std::string_view name, const Block& block, std::string_view description,
                       KindSet kinds = kAllKinds) {
    return {name, Type::Object, 0, description, {}, &block, Slot::None, kinds};
}
constexpr Field many(std::string_view name, Type type, std::uint32_t most, const Block& item,
                     std::string_view description) {
    return {name, type, most, description, {}, &item};
}

constexpr Field kSourceFields[] = {
    text("integration", kShort, "Id of the integration that brought the record; filled in when left out",
         Slot::Integration),
    text("external_id", kLine, "The partner's own id of this fact; the same id again is an update",
         Slot::ExternalId),
    text("channel", kShort, "Where the contact began: webmotors, site, phone", Slot::Channel),
    scalar("occurred_at", Type::DateTime, "When it happened, in the source's view", Slot::OccurredAt),
    text("occurred_at_original", kLine, "The text that occurred_at was read from", Slot::OccurredAtOriginal),
};
constexpr Block kSource{kSourceFields};

constexpr Field kPhoneFields[] = {scalar("*", Type::Phone, "One number", Slot::CustomerPhone)};
constexpr Block kPhoneItem{kPhoneFields};
constexpr Field kEmailFields[] = {{"*", Type::Email, 1000, "One address", {}, nullptr, Slot::CustomerEmail}};
constexpr Block kEmailItem{kEmailFields};
constexpr Field kConsentFields[] = {
    scalar("*", Type::Boolean, "Whether contact by this channel is agreed to", Slot::Consent)};
constexpr Block kConsentValue{kConsentFields};
constexpr Field kHandleFields[] = {text("*", kLine, "The user id in that service", Slot::Handle)};
constexpr Block kHandleValue{kHandleFields};

constexpr Field kAddressFields[] = {
    text("street", kLine, "Street without the number", Slot::Street),
    text("number", kShort, "House number, or S/N", Slot::Number),
    text("complement", kLine, "Flat, block, floor", Slot::Complement),
    text("district", kLine, "Bairro", Slot::District),
    text("city", kLine, "City", Slot::City),
    scalar("state", Type::State, "UF, two letters", Slot::State),
    scalar("postal_code", Type::PostalCode, "CEP", Slot::PostalCode),
};
constexpr Block kAddress{kAddressFields};

constexpr Field kCustomerFields[] = {
    scalar("name", Type::Name, "Name of the person or company", Slot::CustomerName),
    scalar("document", Type::Document, "CPF or CNPJ, with or without mask", Slot::CustomerDocument),
    many("phones", Type::List, kPhones, kPhoneItem, "Phones, in any mask"),
    many("emails", Type::List, kPhones, kEmailItem, "E-mail addresses"),
    object("address", kAddress, "Postal address"),
    scalar("birth_date", Type::Date, "YYYY-MM-DD", Slot::BirthDate),
    many("consent", Type::Map, 50, kConsentValue, "Channel to agreement: {\"whatsapp\": true}"),
    many("handles", Type::Map, 50, kHandleValue, "Service to user id: {\"whatsapp\": \"...\"}"),
};
constexpr Block kCustomer{kCustomerFields};

constexpr Field kVehicleFields[] = {
    scalar("plate", Type::Plate, "Number plate, old or Mercosul form", Slot::Plate),
    scalar("vin", Type::Vin, "Chassis number, 17 characters", Slot::Vin),
    scalar("fipe", Type::Fipe, "Code of the FIPE table: 001004-9", Slot::Fipe),
    text("brand", kLine, "Make", Slot::Brand),
    text("model", kLine, "Model", Slot::Model),
    text("version", kLine, "Version or trim", Slot::Version),
    scalar("model_year", Type::Year, "Model year", Slot::ModelYear),
    scalar("build_year", Type::Year, "Year of manufacture", Slot::BuildYear),
    scalar("km", Type::Integer, "Kilometres run", Slot::Km),
    text("color", kLine, "Colour", Slot::Color),
    scalar("price", Type::Money, "Advertised price", Slot::Price),
    text("ad_id", kLine, "The portal's id of the advertisement", Slot::AdId),
    text("stock_id", kLine, "The dealer's id of the unit", Slot::StockId),
    text("text", 2000, "The vehicle as the source described it", Slot::VehicleText),
};
constexpr Block kVehicle{kVehicleFields};

constexpr Field kSellerFields[] = {
    text("id", kLine, "The seller's id in the source"),
    scalar("name", Type::Name, "The seller's name"),
};
constexpr Block kSeller{kSellerFields};

constexpr Field kLeadFields[] = {
    word("type", kLeadTypes, "What the buyer did"),
    text("message", kLong, "What the buyer wrote"),
    scalar("amount", Type::Money, "Amount offered"),
    text("campaign", kLine, "Campaign"),
    word("temperature", kTemperatures, "How warm the lead is"),
    text("status", kShort, "State of the lead in the source"),
    object("seller", kSeller, "Who attends the lead in the source"),
    text("utm_source", kLine, "utm_source of the visit"),
    text("utm_medium", kLine, "utm_medium of the visit"),
    text("utm_campaign", kLine, "utm_campaign of the visit"),
    text("utm_content", kLine, "utm_content of the visit"),
    text("utm_term", kLine, "utm_term of the visit"),
    scalar("url", Type::Url, "Page that the lead came from"),
};
constexpr Block kLead{kLeadFields};

constexpr Field kCallFields[] = {
    word("direction", kDirections, "in: the customer called", Slot::CallDirection),
    scalar("from", Type::Phone, "Calling number", Slot::CallFrom),
    scalar("to", Type::Phone, "Called number", Slot::CallTo),
    scalar("tracked_number", Type::Phone, "The advertised number that was dialled"),
    scalar("started_at", Type::DateTime, "Start of ringing"),
    scalar("answered_at", Type::DateTime, "When it was answered"),
    scalar("ended_at", Type::DateTime, "End of the call"),
    scalar("talk_seconds", Type::Integer, "Seconds of conversation"),
    word("result", kCallResults, "How the call ended"),
    scalar("recording", Type::Url, "Address of the recording"),
};
constexpr Block kCall{kCallFields};

constexpr Field kAttachmentFields[] = {
    scalar("url", Type::Url, "Where it is"),
    text("type", kShort, "Media type"),
    text("name", kLine, "File name"),
    scalar("size", Type::Integer, "Bytes"),
};
constexpr Block kAttachment{kAttachmentFields};
constexpr Field kAttachmentItems[] = {object("*", kAttachment, "One attachment")};
constexpr Block kAttachmentItem{kAttachmentItems};

constexpr Field kMessageFields[] = {
    text("conversation_id", kLine, "The source's id of the conversation"),
    word("direction", kDirections, "in: from the customer"),
    text("channel", kShort, "whatsapp, chat, sms"),
    text("text", kLong, "The message"),
    scalar("sent_at", Type::DateTime, "When it was sent"),
    many("attachments", Type::List, 100, kAttachmentItem, "Files that came with it"),
};
constexpr Block kMessage{kMessageFields};

constexpr Field kPaymentFields[] = {
    text("method", kShort, "cash, financing, consortium, used_car"),
    scalar("amount", Type::Money, "Amount"),
    text("bank", kLine, "Bank or financier"),
    scalar("installments", Type::Integer, "Number of instalments"),
    scalar("installment_amount", Type::Money, "Amount of each"),
    scalar("due_date", Type::Date, "Due on"),
    text("description", kUrl, "As the source describes it"),
};
constexpr Block kPayment{kPaymentFields};
constexpr Field kPaymentItems[] = {object("*", kPayment, "One payment")};
constexpr Block kPaymentItem{kPaymentItems};

constexpr Field kAmountFields[] = {
    text("description", kUrl, "What it is for"),
    scalar("amount", Type::Money, "Amount"),
};
constexpr Block kAmount{kAmountFields};
constexpr Field kAmountItems[] = {object("*", kAmount, "One item")};
constexpr Block kAmountItem{kAmountItems};

constexpr Field kSaleFields[] = {
    text("declared_by", kLine, "Who declared the sale"),
    scalar("sold_at", Type::DateTime, "When it was sold"),
    scalar("amount", Type::Money, "Total"),
    many("payments", Type::List, kItems, kPaymentItem, "How it is paid"),
    many("discounts", Type::List, kItems, kAmountItem, "Discounts"),
    many("options", Type::List, kItems, kAmountItem, "Optional items sold with the vehicle"),
};
constexpr Block kSale{kSaleFields};

constexpr Field kIssuerFields[] = {
    scalar("document", Type::Document, "CNPJ of the issuer"),
    scalar("name", Type::Name, "Name of the issuer"),
};
constexpr Block kIssuer{kIssuerFields};
constexpr Field kInvoiceItemFields[] = {
    text("code", kLine, "The issuer's code"),
    text("description", kUrl, "Description"),
    text("ncm", kShort, "NCM code"),
    text("cfop", kShort, "CFOP code"),
    scalar("quantity", Type::Decimal, "Quantity"),
    scalar("unit_price", Type::Decimal, "Price of one"),
    scalar("amount", Type::Money, "Total of the item"),
    scalar("vin", Type::Vin, "Chassis number of the vehicle sold"),
};
constexpr Block kInvoiceLine{kInvoiceItemFields};
constexpr Field kInvoiceItems[] = {object("*", kInvoiceLine, "One item")};
constexpr Block kInvoiceItem{kInvoiceItems};
constexpr Field kInvoiceFields[] = {
    scalar("access_key", Type::AccessKey, "Access key of the NF-e, 44 characters"),
    text("operation", kLine, "Nature of the operation"),
    object("issuer", kIssuer, "Who issued it"),
    scalar("issued_at", Type::DateTime, "When it was issued"),
    scalar("amount", Type::Money, "Total of the invoice"),
    many("items", Type::List, 1000, kInvoiceItem, "Items"),
};
constexpr Block kInvoice{kInvoiceFields};

constexpr Field kAppointmentFields[] = {
    text("type", kShort, "visit, test_drive, delivery, service"),
    scalar("at", Type::DateTime, "When"),
    text("status", kShort, "booked, confirmed, done, cancelled, no_show"),
    text("notes", kLong, "Notes"),
};
constexpr Block kAppointment{kAppointmentFields};

constexpr Field kWorkOrderFields[] = {
    text("number", kLine, "Number of the order"),       scalar("opened_at", Type::DateTime, "Opened"),
    scalar("closed_at", Type::DateTime, "Closed"),      scalar("amount", Type::Money, "Total"),
    scalar("km", Type::Integer, "Kilometres at entry"), text("description", kLong, "What is to be done"),
};
constexpr Block kWorkOrder{kWorkOrderFields};

constexpr Field kCreditFields[] = {
    text("bank", kLine, "Bank or financier"),
    scalar("amount", Type::Money, "Amount financed"),
    scalar("down_payment", Type::Money, "Down payment"),
    scalar("installments", Type::Integer, "Number of instalments"),
    scalar("installment_amount", Type::Money, "Amount of each"),
    scalar("rate_monthly", Type::Decimal, "Monthly interest in percent, as decimal text"),
    scalar("valid_until", Type::DateTime, "Until when it holds"),
    text("status", kShort, "approved, refused, pending"),
};
constexpr Block kCredit{kCreditFields};

constexpr Field kProspectFields[] = {
    text("campaign", kLine, "Campaign"),
    scalar("valid_until", Type::DateTime, "Until when it holds"),
    text("reason", kUrl, "Why this customer"),
};
constexpr Block kProspect{kProspectFields};

constexpr Field kFlagFields[] = {
    text("field", 500, "JSON Pointer of the value"),
    text("code", kShort, "What is the matter with it"),
};
constexpr Block kFlag{kFlagFields};
constexpr Field kFlagItems[] = {object("*", kFlag, "One flag")};
constexpr Block kFlagItem{kFlagItems};

constexpr KindSet kTradeInKinds =
    kAllKinds & static_cast<KindSet>(~(only(Kind::Call) | only(Kind::Customer) | only(Kind::WorkOrder)));

constexpr Field kRootFields[] = {
    scalar("kind", Type::Text, "Kind of record", Slot::Kind),
    object("source", kSource, "Where the record comes from"),
    {"dealer",
     Type::Text,
     kLine,
     "Dealer: its id, its CNPJ, or the partner's code of it",
     {},
     nullptr,
     Slot::Dealer},
    object("customer", kCustomer, "The person or company"),
    object("vehicle", kVehicle, "The vehicle that this is about"),
    object("trade_in", kVehicle, "The customer's own vehicle", kTradeInKinds),
    object("lead", kLead, "An expression of interest", only(Kind::Lead)),
    object("call", kCall, "A phone call", only(Kind::Call)),
    object("message", kMessage, "One message of a conversation", only(Kind::Message)),
    object("sale", kSale, "A sale as declared", only(Kind::Sale)),
    object("invoice", kInvoice, "An invoice", only(Kind::Invoice)),
    object("appointment", kAppointment, "An appointment", only(Kind::Appointment)),
    object("work_order", kWorkOrder, "A work order of the workshop", only(Kind::WorkOrder)),
    object("credit_offer", kCredit, "A pre-approved offer", only(Kind::CreditOffer)),
    object("credit_simulation", kCredit, "A simulation of credit", only(Kind::CreditSimulation)),
    object("prospect", kProspect, "A prospect of a campaign", only(Kind::Prospect)),
    {"extra",
     Type::Any,
     0,
     "Whatever else the source sent, at the path where it stood",
     {},
     nullptr,
     Slot::Extra},
    {"flags", Type::List, 200, "Values that could not be taken as they were", {}, &kFlagItem, Slot::Flags},
};
constexpr Block kRoot{kRootFields};

static_assert(std::size(kRootFields) <= kMostFieldsInBlock);

bool isIndex(std::string_view segment) {
    return segment == "*" || segment == "-" ||
           (!segment.empty() &&
            std::all_of(segment.begin(), segment.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

void collect(const Block& block, const std::string& prefix, std::vector<std::string>& out) {
    for (const Field& field : block.fields) {
        out.push_back(prefix + std::string(field.name));
        if (field.block) collect(*field.block, out.back() + '/', out);
    }
}

} // namespace

const Block& root() {
    return kRoot;
}

const Field* findField(std::string_view path) {
    if (!path.empty() && path.front() == '/') path.remove_prefix(1);
    const Field* field = nullptr;
    const Block* block = &kRoot;
    while (true) {
        const auto slash = path.find('/');
        const std::string_view segment = path.substr(0, slash);
        if (segment.empty()) return nullptr;
        if (field && field->type == Type::Any) return field;
        if (field && field->type == Type::List && !isIndex(segment)) return nullptr;
        if (!block) return nullptr;
        if (field && (field->type == Type::List || field->type == Type::Map)) {
            field = &block->fields.front();
        } else {
            const auto found =
                std::find_if(block->fields.begin(), block->fields.end(),
                             [&](const Field& candidate) { return candidate.name == segment; });
            if (found == block->fields.end()) return nullptr;
            field = &*found;
        }
        block = field->block;
        if (slash == std::string_view::npos) return field;
        path.remove_prefix(slash + 1);
    }
}

const std::vector<std::string>& allPaths() {
    static const std::vector<std::string> paths = [] {
        std::vector<std::string> out;
        collect(kRoot, "", out);
        return out;
    }();
    return paths;
}

} // namespace trevo::canonical
