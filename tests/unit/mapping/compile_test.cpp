#include "support.hpp"

#include <thread>

namespace trevo::mapping {

namespace {

// Line 1 to 3 of every mapping below; the mistake follows.
const std::string kHead = "format = 'json'\n[[record]]\nkind = 'lead'\n";

std::string errorsOf(const std::string& source) {
    const auto mapping = Mapping::compile(source, "m.toml");
    return mapping.ok() ? std::string() : toml::describe(mapping.error());
}

} // namespace

TEST_CASE("a mistake in a mapping is named by place, with the nearest right word") {
    struct Row {
        const char* mistake;
        std::string source;
        const char* error; // how the first error begins, or a part of it
    };
    const auto row = GENERATE(values<Row>({
        {"unknown key", "formt = 'json'\nformat = 'json'\n[[record]]\nkind = 'lead'\nfields.dealer = 'a'\n",
         "m.toml:1:9: formt: unknown key, did you mean 'format'?"},
        {"unknown format", "format = 'jso'\n[[record]]\nkind = 'lead'\nfields.dealer = 'a'\n",
         "m.toml:1:10: format: 'jso' is not one of json, form, csv, xml, mail, did you mean 'json'?"},
        {"no format", "[[record]]\nkind = 'lead'\nfields.dealer = 'a'\n", "format: is missing"},
        {"no record", "format = 'json'\n", "has no [[record]]"},
        {"named items of another format",
         "format = 'csv'\njson.named = { a = 'name' }\n[[record]]\nkind = 'lead'\nfields.dealer = 'a'\n",
         "json: is given, but format does not name json"},
        {"a name of items that is a path", "json.named = { a = 'b/c' }\n" + kHead + "fields.dealer = 'a'\n",
         "m.toml:1:20: json.named.a: expected the one key that holds an item's name"},
        {"named items of no document",
         "json.named = { '@query.a' = 'b' }\n" + kHead + "fields.dealer = 'a'\n",
         "is no path of the document"},
        {"unknown kind", "format = 'json'\n[[record]]\nkind = 'leed'\nfields.dealer = 'a'\n",
         "m.toml:3:8: record[0].kind: 'leed' is not one of lead, call"},
        {"unknown field", kHead + "[record.fields]\ncustomer.nam = 'a'\n",
         "m.toml:5:16: record[0].fields.customer.nam: there is no field 'customer/nam', did you mean "
         "'customer/name'?"},
        {"unknown field, written whole", kHead + "[record.fields]\n\"vehicle/modell\" = 'a'\n",
         "m.toml:5:20: record[0].fields.vehicle/modell: there is no field 'vehicle/modell', did you mean "
         "'vehicle/model'?"},
        {"a block is no field", kHead + "[record.fields]\ncustomer = 'a'\n", "'customer' holds fields"},
        {"the host's own field", kHead + "[record.fields]\nsource.integration = 'a'\n",
         "there is no field 'source/integration'"},
        {"a block of another kind", kHead + "[record.fields]\ncall.from = 'a'\n",
         "a record of kind lead does not carry 'call'"},
        {"unknown reader", kHead + "[record.fields]\nlead.amount = { from = 'a', as = 'money_brl' }\n",
         "'money_brl' is no reader, did you mean 'money_br'?"},
        {"unknown key of a rule", kHead + "[record.fields]\nlead.amount = { from = 'a', requird = true }\n",
         "requird: unknown key, did you mean 'required'?"},
        {"unknown time format",
         kHead + "[record.fields]\nsource.occurred_at = { from = 'a', format = 'bra' }\n",
         "'bra' is not one of iso"},
        {"unknown zone", kHead + "[record.fields]\nsource.occurred_at = { from = 'a', zone = 'Brasilia' }\n",
         "is no time zone"},
        {"a format where none is read",
         kHead + "[record.fields]\nlead.status = { from = 'a', format = 'br' }\n",
         "is for the readers date and datetime"},
        {"a word that the field does not have",
         kHead + "[record.set]\nlead.type = 'finance'\n[record.fields]\n",
         "m.toml:5:13: record[0].set.lead.type: 'finance' is not one of proposal"},
        {"such a word in a value table",
         kHead + "[record.fields]\nlead.type = { from = 'a', values = { x = 'offer' } }\n",
         "record[0].fields.lead.type.values.x: 'offer' is not one of"},
        {"from and value", kHead + "[record.fields]\ndealer = { from = 'a', value = 'b' }\n",
         "needs one of from, all or value"},
        {"an empty path", kHead + "[record.fields]\ndealer = ''\n", "the path '' is empty"},
        {"a broken JSONPath", kHead + "[record.fields]\ndealer = '$.a[b'\n", "has a '[' without ']'"},
        {"a JSONPath that searches", kHead + "[record.fields]\ndealer = '$..a'\n", "name every step"},
        {"a path that is a number", kHead + "[record.fields]\ndealer = 5\n",
         "expected a path, a list of them or a table with from, got a whole number"},
        {"a condition without a test", kHead + "when = { path = 'a' }\n[record.fields]\ndealer = 'a'\n",
         "a condition is"},
        {"a broken XPath", "format = 'xml'\n[[record]]\nkind = 'lead'\n[record.fields]\ndealer = 'a['\n",
         "m.toml:5:10: record[0].fields.dealer: the path 'a[' is not an XPath"},
        {"an upper-case name where names are lower-cased",
         "format = 'xml'\n[xml]\ncase_insensitive = true\n[[record]]\nkind = 'lead'\n[record.fields]\ndealer "
         "= 'Loja'\n",
         "write it in lower case"},
        {"XML beside JSON", "format = ['json', 'xml']\n[[record]]\nkind = 'lead'\nfields.dealer = 'a'\n",
         "xml stands alone"},
        {"options of another format",
         "format = 'json'\n[xml]\n[[record]]\nkind = 'lead'\nfields.dealer = 'a'\n",
         "xml: is given, but format does not name xml"},
        {"require_any of a field that is not mapped",
         kHead + "require_any = ['customer/phones']\n[record.fields]\ndealer = 'a'\n",
         "'customer/phones' is not among the fields of this record"},
        {"a list that does not exist",
         "format = 'json'\n[[record]]\nkind = 'sale'\n[record.fields]\ndealer = 'a'\n[[record.list]]\nto = "
         "'sale/payment'\neach = 'a/*'\nfields.amount = 'b'\n",
         "there is no list of objects 'sale/payment', did you mean 'sale/payments'?"},
        {"unknown charset", "charset = 'klingon'\n" + kHead + "[record.fields]\ndealer = 'a'\n",
         "is not a charset"},
        {"no TOML at all", "format = \n", "m.toml:1:"},
    }));
    const auto errors = errorsOf(row.source);
    INFO(row.mistake << "\n" << errors);
    CHECK(errors.find(row.error) != std::string::npos);
}

TEST_CASE("all mistakes of a mapping are reported at once") {
    const auto mapping = Mapping::compile(
        kHead + "each = ''\n[record.fields]\ncustomer.nam = 'a'\ndealer = { from = 'x', as = 'y' }\n", "m");
    REQUIRE_FALSE(mapping.ok());
    CHECK(mapping.error().size() == 3);
}

TEST_CASE("a mapping knows its name, its version and what it accepts") {
    const auto source = kHead + "[record.fields]\ndealer = 'a'\n";
    const auto one = *Mapping::compile(source, "/etc/trevo/mappings/acme/lead.map.toml");
    const auto other = *Mapping::compile(source + "# changed\n", "/etc/trevo/mappings/acme/lead.map.toml");
    CHECK(one->id() == "acme/lead");
    CHECK(one->version().size() == 12);
    CHECK(one->version() != other->version());
    CHECK(one->contentTypes() == std::vector<std::string>{"application/json"});
}

TEST_CASE("a file that is not there is an error, not a crash") {
    CHECK_FALSE(Mapping::compileFile("/nonexistent/x.map.toml").ok());
}

TEST_CASE("one mapping serves many threads") {
    const auto mapping = compiled(kHead + "[record.fields]\ncustomer.name = 'a'\n");
    const auto expected = outcome(*mapping, R"({"a":"Ana","b":1})");
    std::vector<std::thread> threads;
    std::vector<int> wrong(4, 0);
    for (std::size_t t = 0; t < wrong.size(); ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 300; ++i) {
                const auto mapped = mapping->apply({"", R"({"a":"Ana","b":1})", {}});
                if (!mapped.ok() || mapped->records[0] != expected) ++wrong[t];
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == std::vector<int>{0, 0, 0, 0});
}

} // namespace trevo::mapping
