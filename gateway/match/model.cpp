#include "match/model.hpp"

#include "toml/reader.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace trevo::match {
namespace {

// A number within bounds; whole numbers count as decimals.
double decimal(toml::Reader& reader, const std::string& key, double least, double most) {
    const toml::Value* value = reader.any(key);
    if (!value) {
        reader.fail(key, "is missing; every figure of the model is needed");
        return 0;
    }
    double number = 0;
    if (const auto* real = std::get_if<double>(&value->data)) {
        number = *real;
    } else if (const auto* whole = std::get_if<std::int64_t>(&value->data)) {
        number = static_cast<double>(*whole);
    } else {
        reader.fail(key, "must be a number, not " + std::string(value->typeName()));
        return 0;
    }
    if (!(number >= least && number <= most))
        reader.fail(key, "must lie between " + std::to_string(least) + " and " + std::to_string(most));
    return number;
}

struct Figure {
    const char* key;
    double* target;
};

template <class Figures>
void readTable(toml::Reader& root, const char* table, double least, double most, const Figures& figures) {
    auto reader = root.table(table);
    if (!reader) {
        root.fail(table, "is missing");
        return;
    }
    for (const Figure& figure : figures)
        *figure.target = decimal(*reader, figure.key, least, most);
    reader->finish();
}

constexpr double kWeight = 30; // no evidence is stronger than e^30

void readWeights(toml::Reader& root, Model& m) {
    auto& t = m.thresholds;
    readTable(root, "thresholds", -kWeight, kWeight,
              std::initializer_list<Figure>{{"link", &t.link},
                                            {"review", &t.review},
                                            {"review_sale", &t.reviewSale},
                                            {"margin", &t.margin},
                                            {"nameless", &t.nameless},
                                            {"merge", &t.merge}});
    auto& l = m.limits;
    readTable(root, "limits", 1, 1e6,
              std::initializer_list<Figure>{{"population", &l.population},
                                            {"key_people", &l.keyPeople},
                                            {"candidates", &l.candidates},
                                            {"recent_people", &l.recentPeople},
                                            {"document_names", &l.documentNames},
                                            {"memory_days", &l.memoryDays},
                                            {"traffic", &l.traffic},
                                            {"dealer_traffic", &l.dealerTraffic},
                                            {"visit_days", &l.visitDays}});
    auto& v = m.values;
    readTable(root, "values", -kWeight, kWeight,
              std::initializer_list<Figure>{{"document", &v.document},
                                            {"handle", &v.handle},
                                            {"email", &v.email},
                                            {"phone", &v.phone},
                                            {"phone_area_assumed", &v.phoneAreaAssumed},
                                            {"document_typo", &v.documentTypo},
                                            {"bad_document", &v.badDocument},
                                            {"short_document", &v.shortDocument},
                                            {"address", &v.address},
                                            {"email_local", &v.emailLocal},
                                            {"email_local_from_name", &v.emailLocalFromName},
                                            {"plate", &v.plate},
                                            {"vin", &v.vin},
                                            {"stock", &v.stock},
                                            {"ad", &v.ad},
                                            {"visit_model", &v.visitModel},
                                            {"visit_dealer", &v.visitDealer},
                                            {"further_most", &v.furtherMost},
                                            {"further_part", &v.furtherPart}});
    auto& p = m.person;
    readTable(root, "person", -kWeight, kWeight,
              std::initializer_list<Figure>{{"birth_date_equal", &p.birthDateEqual},
                                            {"birth_date_alike", &p.birthDateAlike},
                                            {"birth_date_differs", &p.birthDateDiffers},
                                            {"postal_code_equal", &p.postalCodeEqual},
                                            {"street_equal", &p.streetEqual},
                                            {"city_equal", &p.cityEqual},
                                            {"city_differs", &p.cityDiffers},
                                            {"area_code_differs", &p.areaCodeDiffers},
                                            {"phone_differs", &p.phoneDiffers},
                                            {"email_differs", &p.emailDiffers},
                                            {"bad_document_differs", &p.badDocumentDiffers},
                                            {"company_against_person", &p.companyAgainstPerson}});
    auto& w = m.time;
    readTable(root, "time", -kWeight, 3650,
              std::initializer_list<Figure>{{"same_day", &w.sameDay},
                                            {"same_week", &w.sameWeek},
                                            {"same_month", &w.sameMonth},
                                            {"longer", &w.longer},
                                            {"car_expires_days", &w.carExpiresDays},
                                            {"nameless_days", &w.namelessDays},
                                            {"only_holder", &w.onlyHolder},
                                            {"other_dealer", &w.otherDealer},
                                            {"same_car", &w.sameCar},
                                            {"other_car", &w.otherCar}});
}

void readNames(toml::Reader& root, Model& m) {
    auto& n = m.names;
    auto reader = root.table("names");
    if (!reader) {
        root.fail("names", "is missing");
        return;
    }
    const auto probability = [&](const char* key) { return decimal(*reader, key, 1e-9, 1); };
    const auto weight = [&](const char* key) { return decimal(*reader, key, -kWeight, kWeight); };
    n.agree = probability("agree");
    n.householdFirst = probability("household_first");
    n.householdLast = probability("household_last");
    n.rarest = probability("rarest");
    n.seedPeople = decimal(*reader, "seed_people", 1, 1e9);
    n.alike = probability("alike");
    n.initial = weight("initial");
    n.near = weight("near");
    n.lastMost = weight("last_most");
    n.swapped = weight("swapped");
    n.middleDiffers = weight("middle_differs");
    n.surnameDiffers = weight("surname_differs");
    n.surnameDiffersHousehold = weight("surname_differs_household");
    n.firstDiffers = weight("first_differs");
    n.suffixDiffers = weight("suffix_differs");
    reader->finish();

    if (auto common = root.table("common")) {
        for (const auto& [key, shares] :
             {std::pair("first", &m.commonFirst), std::pair("last", &m.commonLast)}) {
            auto table = common->table(key);
            if (!table) continue;
            for (const auto& name : table->keys())
                shares->emplace(name, decimal(*table, name, 0, 100) / 100);
            table->finish();
        }
        common->finish();
    }
    if (auto nicknames = root.table("nicknames")) {
        for (const auto& name : nicknames->keys())
            m.nicknames.emplace(name, nicknames->texts(name));
        nicknames->finish();
    }
}

void readSwitches(toml::Reader& root, Model& m) {
    if (auto reader = root.table("reliability")) {
        for (int i = 0; i < model::kKindCount; ++i)
            m.reliability[static_cast<std::size_t>(i)] =
                decimal(*reader, std::string(model::name(static_cast<model::Kind>(i))), 0, 1);
        reader->finish();
    } else {
        root.fail("reliability", "is missing");
    }
    if (auto reader = root.table("guards")) {
        auto& g = m.guards;
        const std::pair<const char*, bool*> switches[] = {{"two_valid_documents", &g.twoValidDocuments},
                                                          {"incompatible_names", &g.incompatibleNames},
                                                          {"different_birth_dates", &g.differentBirthDates},
                                                          {"generational_suffix", &g.generationalSuffix},
                                                          {"company_against_person", &g.companyAgainstPerson},
                                                          {"generic_values", &g.genericValues},
                                                          {"bridging_merges", &g.bridgingMerges},
                                                          {"disputed_documents", &g.disputedDocuments}};
        for (const auto& [key, target] : switches)
            *target = reader->boolean(key).value_or(true);
        reader->finish();
    }
}

} // namespace

Result<std::shared_ptr<const Model>, toml::Errors> readModel(std::string_view source,
                                                             const std::string& file) {
    auto root = toml::parse(source, file);
    if (!root) return root.error();
    toml::Errors errors;
    auto model = std::make_shared<Model>();
    toml::Reader reader(*root, "", errors);
    model->version = reader.requireText("version");
    readWeights(reader, *model);
    readNames(reader, *model);
    readSwitches(reader, *model);
    reader.finish();
    if (!errors.empty()) return errors;
    return std::shared_ptr<const Model>(std::move(model));
}

Result<std::shared_ptr<const Model>, toml::Errors> readModelFile(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in && text.empty())
        return toml::Errors{{{path, 0, 0}, "", "cannot be read; check the path and its permissions"}};
    return readModel(text, path);
}

std::shared_ptr<const Model> defaultModel() {
    static const std::shared_ptr<const Model> model = [] {
        auto read = readModel(modelText(), "matching.toml");
        if (!read) throw std::logic_error("the compiled-in model is broken: " + toml::describe(read.error()));
        return *read;
    }();
    return model;
}

} // namespace trevo::match
