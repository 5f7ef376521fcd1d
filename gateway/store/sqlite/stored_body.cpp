#include "store/sqlite/stored_body.hpp"

#include "identity/email.hpp"
#include "identity/phone.hpp"

#include <simdjson.h>

namespace trevo::store::sqlite {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// The parser is kept per thread; the element lives until its next use.
bool parse(std::string_view body, element& root) {
    static thread_local simdjson::dom::parser parser;
    return parser.parse(body.data(), body.size()).get(root) == simdjson::SUCCESS;
}

std::string text(const object& from, std::string_view name) {
    std::string_view value;
    if (from[name].get(value) != simdjson::SUCCESS) return {};
    return std::string(value);
}

template <class Take>
void eachText(const object& from, std::string_view name, Take take) {
    simdjson::dom::array list;
    if (from[name].get(list) != simdjson::SUCCESS) return;
    for (const element item : list) {
        std::string_view value;
        if (item.get(value) == simdjson::SUCCESS) take(value);
    }
}

model::Phone phone(std::string_view number, const match::Features& features) {
    model::Phone phone;
    phone.number = number;
    const std::string key = identity::phoneMatchKey(number);
    phone.dddAssumed = features.weakPhones.contains(key);
    phone.valid = phone.dddAssumed || features.phones.contains(key);
    return phone;
}

void readAddress(const object& customer, model::Customer& out) {
    object from;
    if (customer["address"].get(from) != simdjson::SUCCESS) return;
    model::Address address;
    address.street = text(from, "street");
    address.number = text(from, "number");
    address.complement = text(from, "complement");
    address.district = text(from, "district");
    address.city = text(from, "city");
    address.state = text(from, "state");
    address.postalCode = text(from, "postal_code");
    out.address = std::move(address);
}

void readMaps(const object& customer, model::Customer& out) {
    object map;
    if (customer["consent"].get(map) == simdjson::SUCCESS) {
        for (const auto [key, value] : map) {
            bool granted = false;
            if (value.get(granted) == simdjson::SUCCESS) out.consent[std::string(key)] = granted;
        }
    }
    if (customer["handles"].get(map) == simdjson::SUCCESS) {
        for (const auto [key, value] : map) {
            std::string_view id;
            if (value.get(id) == simdjson::SUCCESS) out.handles[std::string(key)] = std::string(id);
        }
    }
}

// Of the car that was asked for, sold or given in exchange, wherever the body names one.
void collectVehicles(const element& node, std::vector<std::string>& vehicles) {
    object members;
    simdjson::dom::array list;
    if (node.get(members) == simdjson::SUCCESS) {
        for (const auto [name, value] : members) {
            std::string_view said;
            if ((name == "plate" || name == "vin") && value.get(said) == simdjson::SUCCESS && !said.empty())
                vehicles.emplace_back(said);
            else
                collectVehicles(value, vehicles);
        }
    } else if (node.get(list) == simdjson::SUCCESS) {
        for (const element item : list)
            collectVehicles(item, vehicles);
    }
}

} // namespace

model::Record readCustomer(model::Kind kind, std::string_view body, const match::Features& features) {
    model::Record record;
    record.kind = kind;
    element root;
    if (!parse(body, root)) return record;
    object customer;
    if (root["customer"].get(customer) == simdjson::SUCCESS) {
        model::Customer& out = record.customer;
        out.name = text(customer, "name");
        out.birthDate = features.birthDate; // of those that came, one that exists
        if (!features.document.empty())
            out.document = model::Document{features.document, features.company, true};
        eachText(customer, "phones",
                 [&](std::string_view number) { out.phones.push_back(phone(number, features)); });
        eachText(customer, "emails", [&](std::string_view address) {
            out.emails.push_back(
                {std::string(address), features.emails.contains(identity::emailMatchKey(address))});
        });
        readAddress(customer, out);
        readMaps(customer, out);
    }
    object call;
    if (root["call"].get(call) == simdjson::SUCCESS) {
        // Of the two ends of the line, the customer's is the one that matching took.
        for (const char* end : {"from", "to"}) {
            const model::Phone line = phone(text(call, end), features);
            if (line.valid && !record.callPhone) record.callPhone = line;
        }
    }
    return record;
}

privacy::Values personalValues(std::string_view body, const match::Features& features) {
    privacy::Values values;
    element root;
    if (!parse(body, root)) return values;
    object customer;
    if (root["customer"].get(customer) == simdjson::SUCCESS) {
        if (auto name = text(customer, "name"); !name.empty()) values.names.push_back(std::move(name));
        if (auto number = text(customer, "document"); !number.empty())
            values.documents.push_back(std::move(number));
        eachText(customer, "phones", [&](std::string_view number) { values.phones.emplace_back(number); });
        eachText(customer, "emails", [&](std::string_view email) { values.emails.emplace_back(email); });
        object handles;
        if (customer["handles"].get(handles) == simdjson::SUCCESS) {
            for (const auto [platform, value] : handles) {
                std::string_view id;
                if (value.get(id) != simdjson::SUCCESS) continue;
                const bool number = id.find_first_not_of("+0123456789") == std::string_view::npos;
                (number ? values.phones : values.emails).emplace_back(id);
            }
        }
    }
    collectVehicles(root, values.vehicles);
    object call;
    if (root["call"].get(call) == simdjson::SUCCESS) {
        for (const char* end : {"from", "to"}) {
            const model::Phone line = phone(text(call, end), features);
            if (line.valid) values.phones.push_back(line.number);
        }
    }
    return values;
}

VehicleText readVehicle(std::string_view body) {
    element root;
    object vehicle;
    if (!parse(body, root) || root["vehicle"].get(vehicle) != simdjson::SUCCESS) return {};
    return {simdjson::minify(vehicle), vehicle.size()};
}

} // namespace trevo::store::sqlite
