#include "support/labelled/market.hpp"

#include "identity/text.hpp"
#include "match/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace trevo::labelled {
namespace {

using match::JsonObject;
using model::Kind;

constexpr std::int64_t kMarketStart = 1'780'000'000; // seconds
constexpr std::int64_t kMarketSpan = 180 * 86'400;

// A name and how many in a thousand bear it.
struct Share {
    std::string_view text;
    int part;
};
constexpr std::array<Share, 56> kWomenAndMen = {
    {{"Maria", 70},     {"José", 38},     {"Ana", 34},     {"João", 28},    {"Antônio", 20},
     {"Francisco", 15}, {"Carlos", 16},   {"Paulo", 15},   {"Pedro", 12},   {"Lucas", 12},
     {"Luiz", 14},      {"Marcos", 11},   {"Gabriel", 10}, {"Rafael", 10},  {"Daniel", 9},
     {"Marcelo", 9},    {"Bruno", 9},     {"Eduardo", 9},  {"Felipe", 9},   {"Rodrigo", 8},
     {"Adriana", 8},    {"Juliana", 9},   {"Márcia", 8},   {"Fernanda", 9}, {"Patrícia", 9},
     {"Aline", 7},      {"Sandra", 7},    {"Camila", 7},   {"Amanda", 6},   {"Letícia", 6},
     {"Vanessa", 6},    {"Mariana", 6},   {"Gabriela", 6}, {"Simone", 5},   {"Renata", 5},
     {"Cláudia", 5},    {"Tatiane", 4},   {"Roberto", 6},  {"Ricardo", 6},  {"Fernando", 6},
     {"Gustavo", 5},    {"Leandro", 5},   {"Thiago", 6},   {"André", 6},    {"Alexandre", 5},
     {"Sérgio", 5},     {"Jorge", 4},     {"Vinícius", 3}, {"Anderson", 4}, {"Wellington", 2},
     {"Edilson", 1},    {"Rosângela", 3}, {"Beatriz", 4},  {"Larissa", 4},  {"Otávio", 1},
     {"Ivone", 1}}};
constexpr std::array<Share, 48> kFamilies = {
    {{"Silva", 95},    {"Santos", 60},     {"Oliveira", 48},  {"Souza", 42},    {"Pereira", 26},
     {"Ferreira", 24}, {"Costa", 22},      {"Rodrigues", 24}, {"Almeida", 18},  {"Nascimento", 15},
     {"Lima", 20},     {"Alves", 21},      {"Araújo", 14},    {"Ribeiro", 16},  {"Carvalho", 14},
     {"Gomes", 17},    {"Martins", 13},    {"Rocha", 11},     {"Barbosa", 11},  {"Dias", 10},
     {"Moreira", 8},   {"Nunes", 8},       {"Mendes", 7},     {"Cardoso", 7},   {"Teixeira", 7},
     {"Ramos", 6},     {"Castro", 5},      {"Freitas", 6},    {"Moura", 5},     {"Campos", 4},
     {"Correia", 4},   {"Monteiro", 4},    {"Batista", 5},    {"Pinto", 4},     {"Cavalcanti", 3},
     {"Melo", 4},      {"Farias", 3},      {"Machado", 3},    {"Guimarães", 2}, {"Bittencourt", 1},
     {"Zanetti", 1},   {"Kowalski", 1},    {"Yamamoto", 1},   {"Paschoal", 1},  {"Figueiredo", 2},
     {"Sampaio", 2},   {"Vasconcelos", 1}, {"Trindade", 1}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kShortNames = {
    {{"José", "Zé"},
     {"Francisco", "Chico"},
     {"Antônio", "Toninho"},
     {"Fernanda", "Nanda"},
     {"Gabriel", "Biel"},
     {"Gabriela", "Gabi"},
     {"Rafael", "Rafa"},
     {"Eduardo", "Edu"},
     {"Felipe", "Lipe"},
     {"Juliana", "Ju"},
     {"Patrícia", "Pati"},
     {"Roberto", "Beto"},
     {"Camila", "Mila"},
     {"Carlos", "Carlinhos"}}};
struct Town {
    std::string_view city, state, ddd;
};
constexpr std::array<Town, 6> kTowns = {{{"Belo Horizonte", "MG", "31"},
                                         {"Contagem", "MG", "31"},
                                         {"Betim", "MG", "31"},
                                         {"Divinópolis", "MG", "37"},
                                         {"Juiz de Fora", "MG", "32"},
                                         {"Vitória", "ES", "27"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kSold = {{{"Fiat", "Argo"},
                                                                                  {"Fiat", "Toro"},
                                                                                  {"Volkswagen", "T-Cross"},
                                                                                  {"Volkswagen", "Gol"},
                                                                                  {"Chevrolet", "Onix"},
                                                                                  {"Hyundai", "HB20"},
                                                                                  {"Honda", "HR-V"},
                                                                                  {"Toyota", "Corolla"},
                                                                                  {"Renault", "Sandero"},
                                                                                  {"Jeep", "Compass"}}};
constexpr std::array<std::string_view, 4> kVersions = {"1.0", "1.3 Drive", "1.6 Flex", "2.0 Automático"};

std::string count(Dice& dice, int length) {
    std::string text;
    for (int i = 0; i < length; ++i)
        text += static_cast<char>('0' + dice.below(10));
    return text;
}

template <std::size_t N>
std::string_view drawn(const std::array<Share, N>& shares, Dice& dice) {
    int total = 0;
    for (const auto& share : shares)
        total += share.part;
    auto at = static_cast<int>(dice.below(static_cast<std::size_t>(total)));
    for (const auto& share : shares) {
        if (at < share.part) return share.text;
        at -= share.part;
    }
    return shares.front().text;
}

std::string joinedLower(std::string_view text) {
    std::string out;
    for (const char c : identity::folded(text))
        if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    return out;
}

struct Buyer {
    std::string first, suffix, document, birthDate, street, number, postalCode, handle;
    std::vector<std::string> surnames, phones, emails;
    std::size_t town = 0;
    bool company = false, family = false, sharesPhone = false;
    int spouse = -1, employer = -1;
    bool early = false, late = false; // which half of the time the phone was theirs in
};
struct Unit {
    std::string plate, vin, stock, brand, model, version;
    std::array<std::string, 3> ads;
    int year = 0;
    int dealer = 0;
};

class Market {
  public:
    Market(std::uint64_t seed, int persons) : dice_(seed * 1'000'003 + 71) {
        for (std::uint64_t i = 0; i < 4; ++i)
            dealers_.push_back(validCnpj(445'556'660'001 + i));
        populate(persons);
        const int units = persons * 6 / 10 + 12;
        for (int i = 0; i < units; ++i)
            units_.push_back(unit());
        for (int i = 0; i < 6 + persons / 1500; ++i)
            proxies_.push_back(mobile("11"));
    }

    Stream run() {
        for (std::size_t i = 0; i < buyers_.size(); ++i) {
            const std::size_t roll = dice_.below(10);
            const int visits = roll < 7 ? 1 : roll < 9 ? 2 : 3;
            for (int visit = 0; visit < visits; ++visit)
                negotiate(static_cast<int>(i));
        }
        std::stable_sort(out_.begin(), out_.end(),
                         [](const Labelled& a, const Labelled& b) { return a.received < b.received; });
        return {std::move(out_), dealers_};
    }

  private:
    std::string mobile(std::string_view ddd) {
        std::string number(ddd);
        number += "9";
        number += static_cast<char>('6' + dice_.below(4));
        return number + count(dice_, 7);
    }
    std::string landline(std::string_view ddd) {
        std::string number(ddd);
        number += "3";
        return number + count(dice_, 7);
    }
    std::string mailbox(const Buyer& buyer) {
        constexpr std::array<std::string_view, 5> kProviders = {"gmail.com", "gmail.com", "hotmail.com",
                                                                "outlook.com", "yahoo.com.br"};
        std::string local = joinedLower(buyer.first);
        const std::size_t form = dice_.below(3);
        if (form == 0) local += "." + joinedLower(buyer.surnames.back());
        if (form == 1) local += joinedLower(buyer.surnames.back()).substr(0, 1);
        local += count(dice_, form == 0 ? 2 : 4);
        while (!mailboxes_.insert(local).second) // taken: one more digit, as people do
            local += count(dice_, 1);
        local += "@";
        return local + std::string(kProviders[dice_.below(kProviders.size())]);
    }

    Buyer buyer(std::size_t town) {
        Buyer one;
        one.town = town;
        one.first = drawn(kWomenAndMen, dice_);
        if (dice_.chance(0.12)) {
            one.first += " ";
            one.first += drawn(kWomenAndMen, dice_);
        }
        const std::size_t names = dice_.chance(0.3) ? 1 : 2;
        for (std::size_t i = 0; i < names; ++i)
            one.surnames.emplace_back(drawn(kFamilies, dice_));
        if (dice_.chance(0.02)) one.suffix = dice_.chance(0.5) ? "Neto" : "Filho";
        one.document = validCpf(dice_.below(1'000'000'000));
        char date[16];
        const int year = 1950 + static_cast<int>(dice_.below(55));
        const int month = 1 + static_cast<int>(dice_.below(12));
        std::snprintf(date, sizeof date, "%04d-%02d-%02d", year, month,
                      1 + static_cast<int>(dice_.below(28)));
        one.birthDate = date;
        one.phones.push_back(mobile(kTowns[town].ddd));
        if (dice_.chance(0.15)) one.phones.push_back(mobile(kTowns[town].ddd));
        one.emails.push_back(mailbox(one));
        if (dice_.chance(0.10)) one.emails.push_back(mailbox(one));
        one.street = "Rua ";
        one.street += drawn(kFamilies, dice_);
        one.street += " ";
        one.street += drawn(kWomenAndMen, dice_);
        one.number = std::to_string(1 + dice_.below(2500));
        one.postalCode = "3" + count(dice_, 4);
        one.postalCode += "-" + count(dice_, 3);
        if (dice_.chance(0.15)) one.handle = "BR" + count(dice_, 10);
        return one;
    }

    void populate(int persons) {
        while (static_cast<int>(buyers_.size()) < persons) {
            const std::size_t town = std::min<std::size_t>(dice_.skewed(8, 2), kTowns.size() - 1);
            const auto here = static_cast<int>(buyers_.size());
            if (dice_.chance(0.015)) {
                Buyer firm = buyer(town);
                firm.company = true;
                firm.first = "Comercial ";
                firm.first += drawn(kFamilies, dice_);
                firm.first += " ";
                firm.first += drawn(kFamilies, dice_);
                firm.surnames = {"Ltda"};
                firm.suffix.clear();
                firm.document = validCnpj(dice_.below(90'000'000) * 10'000 + 1);
                firm.phones = {landline(kTowns[town].ddd)};
                // A domain is one firm's, however many are called alike.
                firm.emails = {"compras@" + joinedLower(firm.first) + count(dice_, 2) + std::to_string(here) +
                               ".com.br"};
                firm.handle.clear();
                buyers_.push_back(std::move(firm));
                for (std::size_t i = 1 + dice_.below(2); i > 0; --i) {
                    buyers_.push_back(buyer(town));
                    buyers_.back().employer = here;
                    if (dice_.chance(0.5))
                        buyers_.back().phones.push_back(buyers_[static_cast<std::size_t>(here)].phones[0]);
                }
                continue;
            }
            buyers_.push_back(buyer(town));
            if (dice_.chance(0.08)) family(here, town);
        }
        buyers_.resize(static_cast<std::size_t>(persons));
        for (auto& one : buyers_) {
            if (one.spouse >= persons) one.spouse = -1;
            if (one.company || one.family || !dice_.chance(0.02)) continue;
            Buyer& before = buyers_[dice_.below(buyers_.size())];
            if (&before == &one || before.company || before.early || before.late || one.early) continue;
            one.phones = {before.phones[0]};
            one.late = before.early = true;
        }
    }

    void family(int head, std::size_t town) {
        const bool phone = dice_.chance(0.55);
        const bool mail = dice_.chance(0.08);
        for (std::size_t i = 1 + dice_.below(3); i > 0; --i) {
            Buyer other = buyer(town);
            Buyer& first = buyers_[static_cast<std::size_t>(head)];
            first.family = other.family = true;
            other.surnames.back() = first.surnames.back();
            other.street = first.street;
            other.number = first.number;
            other.postalCode = first.postalCode;
            if (phone) {
                other.phones[0] = first.phones[0];
                other.sharesPhone = first.sharesPhone = true;
            }
            if (mail) other.emails[0] = first.emails[0];
            if (first.spouse < 0) {
                other.spouse = head;
                first.spouse = static_cast<int>(buyers_.size());
            } else if (dice_.chance(0.25)) {
                other.first = first.first;
                other.surnames = first.surnames;
                other.suffix = dice_.chance(0.6) ? "Filho" : "Júnior";
            }
            buyers_.push_back(std::move(other));
        }
    }

    Unit unit() {
        Unit one;
        const auto& [brand, model] = kSold[dice_.below(kSold.size())];
        one.brand = brand;
        one.model = model;
        one.version = kVersions[dice_.below(kVersions.size())];
        one.year = 2014 + static_cast<int>(dice_.below(13));
        for (int i = 0; i < 3; ++i)
            one.plate += static_cast<char>('A' + dice_.below(26));
        one.plate += count(dice_, 1);
        one.plate += static_cast<char>('A' + dice_.below(10));
        one.plate += count(dice_, 2);
        constexpr std::string_view kVin = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
        one.vin = "93";
        for (int i = 0; i < 9; ++i)
            one.vin += kVin[dice_.below(kVin.size())];
        one.vin += count(dice_, 6);
        one.stock = "U" + count(dice_, 6);
        for (auto& ad : one.ads)
            ad = count(dice_, 10);
        one.dealer = static_cast<int>(dice_.below(4));
        return one;
    }

    void mark(Trap trap) { traps_ |= static_cast<unsigned>(trap); }

    void negotiate(int index) {
        const Buyer& who = buyers_[static_cast<std::size_t>(index)];
        const Unit* car = &units_[dice_.below(units_.size())];
        ++negotiation_;
        std::int64_t span = kMarketSpan;
        std::int64_t at = kMarketStart;
        if (who.late || who.early) span = kMarketSpan / 2 - 20 * 86'400;
        if (who.late) at += kMarketSpan / 2;
        at += static_cast<std::int64_t>(dice_.below(static_cast<std::size_t>(span)));
        const std::size_t roll = dice_.below(100);
        write(index, *car, roll < 70 ? Kind::Lead : roll < 84 ? Kind::Call : Kind::Message, at);
        const std::size_t more = dice_.skewed(4, 1.9);
        for (std::size_t i = 0; i < more; ++i) {
            at += 900 + static_cast<std::int64_t>(dice_.skewed(7 * 86'400, 2.2));
            const std::size_t next = dice_.below(100);
            const Kind kind = next < 38   ? Kind::Lead
                              : next < 58 ? Kind::Call
                              : next < 80 ? Kind::Message
                              : next < 90 ? Kind::Appointment
                                          : Kind::CreditSimulation;
            write(index, *car, kind, at);
        }
        if (dice_.chance(0.12)) {
            at += 86'400 + static_cast<std::int64_t>(dice_.below(5 * 86'400));
            write(index, *car, dice_.chance(0.7) ? Kind::Sale : Kind::Invoice, at);
        }
        if (dice_.chance(0.06)) write(index, *car, Kind::Customer, at + 3 * 86'400);
    }

    std::string name(const Buyer& who, bool typed) {
        std::string first = who.first;
        std::vector<std::string> rest = who.surnames;
        bool suffix = !who.suffix.empty();
        if (suffix) mark(Trap::Namesake);
        if (typed && !who.company) {
            if (const auto blank = first.find(' '); blank != std::string::npos && dice_.chance(0.4))
                first.resize(blank);
            for (const auto& [whole, nick] : kShortNames) {
                if (first != whole || !dice_.chance(0.06)) continue;
                first = nick;
                mark(Trap::Nickname);
            }
            const std::size_t roll = dice_.below(100);
            if (roll < 8) {
                rest.clear();
                suffix = false;
                mark(Trap::FirstNameOnly);
            } else if (roll < 28) {
                rest = {rest.back()};
            } else if (roll < 33) {
                rest.front() = identity::folded(rest.front()).substr(0, 1) + ".";
            } else if (roll < 35) {
                first = identity::folded(first).substr(0, 2) + ".";
            }
            suffix = suffix && dice_.chance(0.8);
        }
        std::string text = first;
        for (const auto& part : rest) {
            if (!who.company && dice_.chance(0.2)) text += dice_.chance(0.5) ? " de" : " da";
            text += " " + part;
        }
        if (suffix) text += " " + who.suffix;
        if (!typed) return dice_.chance(0.6) ? identity::folded(text) : text;
        if (dice_.chance(0.03)) {
            const std::string wrong = slip(text, dice_);
            if (wrong != text) mark(Trap::NameTypo);
            text = wrong;
        }
        const std::size_t form = dice_.below(20);
        if (form < 5) return identity::folded(text);
        if (form == 5 && !rest.empty() && !who.company) return rest.back() + ", " + first;
        return text;
    }

    std::string phone(const Buyer& who) {
        const std::size_t at = dice_.skewed(who.phones.size(), 2);
        if (at == 0 && who.sharesPhone) mark(Trap::SharedPhone);
        if (at == 0 && (who.early || who.late)) mark(Trap::RecycledPhone);
        if (at > 0 && who.employer >= 0) mark(Trap::SharedPhone);
        return who.phones[at];
    }
    std::string typed(const std::string& national, bool oldForm = false) {
        const std::string ddd = national.substr(0, 2);
        std::string local = national.substr(2);
        if (local.size() == 9 && (oldForm || dice_.chance(0.05))) local.erase(0, 1);
        switch (dice_.below(8)) {
        case 0: return "+55" + ddd + local;
        case 1:
            return "(" + ddd + ") " + local.substr(0, local.size() - 4) + "-" +
                   local.substr(local.size() - 4);
        case 2: return "0" + ddd + local;
        case 3: return "55" + ddd + local;
        case 4:
            if (dice_.chance(0.15)) {
                mark(Trap::MissingDdd);
                return local;
            }
            [[fallthrough]];
        default: return ddd + local;
        }
    }
    void addPhone(JsonObject& customer, const std::string& text) {
        customer.raw("phones", "[\"" + text + "\"]");
    }
    void addEmail(JsonObject& customer, const Buyer& who) {
        std::string email = who.emails[dice_.skewed(who.emails.size(), 2)];
        if (dice_.chance(0.02)) {
            mark(Trap::EmailTypo);
            email = slip(email.substr(0, email.find('@')), dice_) + email.substr(email.find('@'));
        }
        customer.raw("emails", "[\"" + email + "\"]");
    }
    void addDocument(JsonObject& customer, const Buyer& who, bool byHand) {
        std::string document = who.document;
        if (byHand && dice_.chance(0.015)) {
            mark(Trap::Placeholder);
            document = dice_.chance(0.5) ? "11111111111" : "000.000.000-00";
        } else if (byHand && dice_.chance(0.012)) {
            mark(Trap::ForeignDocument);
            document = who.spouse >= 0 ? buyers_[static_cast<std::size_t>(who.spouse)].document
                                       : dealers_[dice_.below(4)];
        } else if (byHand && dice_.chance(0.025)) {
            document = slip(document, dice_);
            if (document != who.document) mark(Trap::DocumentTypo);
        }
        if (document.size() == 11 && dice_.chance(0.4))
            document = document.substr(0, 3) + "." + document.substr(3, 3) + "." + document.substr(6, 3) +
                       "-" + document.substr(9);
        customer.text("document", document);
    }
    void addAddress(JsonObject& customer, const Buyer& who, bool whole) {
        JsonObject address;
        if (whole) address.text("street", who.street).text("number", who.number);
        address.text("city", kTowns[who.town].city).text("state", kTowns[who.town].state);
        if (whole) address.text("postal_code", who.postalCode);
        customer.raw("address", address.str());
    }

    void lead(JsonObject& customer, const Buyer& who) {
        portal_ = static_cast<int>(dice_.below(5)); // 3 and 4 have no ads of their own
        if (dice_.chance(0.02)) {
            mark(Trap::Placeholder);
            customer.text("name", dice_.chance(0.5) ? "Cliente OLX" : "Cliente");
        } else {
            customer.text("name", name(who, true));
        }
        if (portal_ == 0 && dice_.chance(0.45)) {
            mark(Trap::MaskedPhone);
            addPhone(customer, typed(proxies_[dice_.below(proxies_.size())]));
        } else if (dice_.chance(0.93)) {
            addPhone(customer, typed(phone(who)));
        }
        if (portal_ == 1 && dice_.chance(0.4)) {
            mark(Trap::RelayEmail);
            customer.raw("emails", "[\"r" + count(dice_, 8) + "@relay.portal.com.br\"]");
        } else if (dice_.chance(0.65)) {
            addEmail(customer, who);
        }
        if (dice_.chance(0.22)) addDocument(customer, who, true);
        if (dice_.chance(0.3)) addAddress(customer, who, false);
    }

    void customer(JsonObject& out, const Buyer& who, Kind kind) {
        switch (kind) {
        case Kind::Lead: lead(out, who); return;
        case Kind::Call: mark(Trap::NumberOnly); return;
        case Kind::Message:
            if (!who.handle.empty()) out.raw("handles", JsonObject().text("whatsapp", who.handle).str());
            if (who.handle.empty() || dice_.chance(0.7)) addPhone(out, typed(phone(who), dice_.chance(0.4)));
            if (dice_.chance(0.65)) out.text("name", name(who, true));
            return;
        case Kind::Appointment:
            out.text("name", name(who, true));
            addPhone(out, typed(phone(who)));
            if (dice_.chance(0.3)) addEmail(out, who);
            return;
        case Kind::CreditSimulation:
            out.text("name", name(who, true));
            addDocument(out, who, true);
            out.text("birth_date", who.birthDate);
            addPhone(out, typed(phone(who)));
            return;
        case Kind::Sale:
            addDocument(out, who, true);
            if (dice_.chance(0.4)) {
                mark(Trap::DocumentAndCarOnly);
                return;
            }
            out.text("name", name(who, false));
            if (dice_.chance(0.7)) addPhone(out, typed(phone(who)));
            return;
        case Kind::Invoice:
            addDocument(out, who, false);
            out.text("name", name(who, false));
            addAddress(out, who, true);
            if (dice_.chance(0.4)) addPhone(out, typed(phone(who)));
            return;
        default: // a customer of the back office
            out.text("name", name(who, false));
            addDocument(out, who, false);
            addPhone(out, typed(phone(who)));
            addEmail(out, who);
            addAddress(out, who, true);
            out.text("birth_date", who.birthDate);
            return;
        }
    }

    std::string vehicle(const Unit& car, Kind kind) {
        JsonObject out;
        const auto described = [&] {
            if (dice_.chance(0.3)) {
                out.text("text",
                         car.brand + " " + car.model + " " + car.version + " " + std::to_string(car.year));
            } else {
                out.text("brand", car.brand).text("model", car.model);
                if (dice_.chance(0.8)) out.number("model_year", car.year);
            }
        };
        switch (kind) {
        case Kind::Lead:
            described();
            if (portal_ < 3) out.text("ad_id", car.ads[static_cast<std::size_t>(portal_)]);
            if (dice_.chance(0.4)) out.text("plate", car.plate);
            break;
        case Kind::Message:
            if (dice_.chance(0.25)) described();
            break;
        case Kind::Appointment:
        case Kind::CreditSimulation:
            described();
            if (dice_.chance(0.5)) out.text("plate", car.plate);
            break;
        case Kind::Sale:
        case Kind::Invoice:
            out.text("vin", car.vin);
            if (dice_.chance(0.6)) out.text("plate", car.plate);
            if (dice_.chance(0.5)) out.text("stock_id", car.stock);
            break;
        default: break;
        }
        return out.empty() ? std::string() : out.str();
    }

    void write(int index, const Unit& car, Kind kind, std::int64_t at) {
        const Buyer& who = buyers_[static_cast<std::size_t>(index)];
        traps_ = 0;
        portal_ = 4;
        if (who.company) mark(Trap::Company);
        if (who.family) mark(Trap::Family);
        JsonObject person;
        customer(person, who, kind);
        const UtcTime occurred = UtcTime::fromSeconds(at);
        const std::string id = "M" + std::to_string(++number_);
        JsonObject json;
        json.text("kind", model::name(kind));
        json.raw("source",
                 JsonObject()
                     .text("integration", kind == Kind::Lead ? "portal" + std::to_string(portal_) : "loja")
                     .text("external_id", id)
                     .text("occurred_at", formatRfc3339(occurred))
                     .str());
        json.text("dealer", "loja" + std::to_string(car.dealer));
        if (!person.empty()) json.raw("customer", person.str());
        if (const std::string text = vehicle(car, kind); !text.empty()) json.raw("vehicle", text);
        if (kind == Kind::Call)
            json.raw("call", JsonObject().text("direction", "in").text("from", typed(phone(who))).str());
        UtcTime received = occurred + static_cast<std::int64_t>(dice_.below(90)) * kSecond;
        if (dice_.chance(0.05)) {
            mark(Trap::Late);
            received = received + static_cast<std::int64_t>(dice_.below(5 * 86'400)) * kSecond;
        }
        out_.push_back(
            {json.str(), index, kind == Kind::Customer ? -1 : negotiation_, traps_, occurred, received});
        if (!dice_.chance(0.02)) return;
        Labelled again = out_.back();
        again.json.replace(again.json.find(id), id.size(), id + "-2");
        again.received = again.received + static_cast<std::int64_t>(1 + dice_.below(3600)) * kSecond;
        again.traps |= static_cast<unsigned>(Trap::Repeated);
        out_.push_back(std::move(again));
    }

    Dice dice_;
    std::set<std::string> mailboxes_;
    std::vector<Buyer> buyers_;
    std::vector<Unit> units_;
    std::vector<std::string> proxies_, dealers_;
    std::vector<Labelled> out_;
    unsigned traps_ = 0;
    int portal_ = 4, negotiation_ = 0, number_ = 0;
};

} // namespace

Stream marketStream(std::uint64_t seed, int persons) {
    return Market(seed, persons).run();
}

} // namespace trevo::labelled
