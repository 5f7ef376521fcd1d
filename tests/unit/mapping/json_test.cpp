#include "support.hpp"

namespace trevo::mapping {

namespace {

const char* const kPlain = R"(
format = "json"
[[record]]
kind = "lead"
[record.fields]
customer.name = "name"
)";

std::string nested(int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i)
        text += "{\"a\":";
    text += '1';
    return text.append(static_cast<std::size_t>(depth), '}');
}

} // namespace

TEST_CASE("a path finds what it names") {
    struct Row {
        const char* rule;
        const char* path;
        const char* body;
        const char* name; // "" when absent
    };
    const auto row = GENERATE(values<Row>({
        {"a name", "nome", R"({"nome":"Ana"})", "Ana"},
        {"deeper", "a/b", R"({"a":{"b":"Ana"}})", "Ana"},
        {"from the document by JSON Pointer", "/a/b", R"({"a":{"b":"Ana"}})", "Ana"},
        {"an item by its position", "a/1", R"({"a":["x","Ana"]})", "Ana"},
        {"beyond the end there is nothing", "a/2", R"({"a":["x","Ana"]})", ""},
        {"a key that is a number", "a/1", R"({"a":{"1":"Ana"}})", "Ana"},
        {"a slash in a key", "a~1b", R"({"a/b":"Ana"})", "Ana"},
        {"a tilde in a key", "a~0b", R"({"a~b":"Ana"})", "Ana"},
        {"JSONPath", "$.a[0].b", R"({"a":[{"b":"Ana"}]})", "Ana"},
        {"JSONPath with a quoted key", "$['a.b'].c", R"({"a.b":{"c":"Ana"}})", "Ana"},
        {"the first of every item that is not blank", "$.a[*].b", R"({"a":[{"b":""},{"b":"Ana"}]})", "Ana"},
        {"null is absent", "nome", R"({"nome":null})", ""},
        {"blank is absent", "nome", R"({"nome":"  "})", ""},
        {"blanks around are cut", "nome", R"({"nome":" Ana\n"})", "Ana"},
        {"a number is a text too", "nome", R"({"nome":12.50})", "12.5"},
        {"a number of any length keeps its digits", "nome", R"({"nome":123456789012345678901234567890})",
         "123456789012345678901234567890"},
        {"a decimal of any length too", "nome", R"({"nome":0.12345678901234567890})",
         "0.12345678901234567890"},
        {"and a negative one", "nome", R"({"nome":-98765432109876543210})", "-98765432109876543210"},
        {"keys are compared exactly", "nome", R"({"Nome":"Ana"})", ""},
        {"escapes are read", "nome", R"({"nome":"Jo\u00e3o \"J\" \\ \ud83d\ude00"})", "João \"J\" \\ 😀"},
    }));
    const auto mapping = compiled("format = 'json'\nkeep_unmapped = false\n[[record]]\nkind = 'lead'\n"
                                  "[record.fields]\ncustomer.name = \"" +
                                  std::string(row.path) + "\"\n");
    INFO(row.rule);
    const auto record = outcome(*mapping, row.body);
    if (std::string(row.name).empty()) {
        CHECK(record == R"({"kind":"lead"})");
    } else {
        std::string quoted;
        for (const char c : std::string(row.name))
            quoted += (c == '"' || c == '\\') ? std::string("\\") + c : std::string(1, c);
        CHECK(record == R"({"kind":"lead","customer":{"name":")" + quoted + R"("}})");
    }
}

TEST_CASE("loose keys are compared without case, accents and signs") {
    const auto mapping = compiled("loose_keys = true\n" + std::string(kPlain));
    for (const char* body : {R"({"NAME":"Ana"})", R"({"na-me":"Ana"})", R"({"N a m é":"Ana"})"}) {
        CHECK(outcome(*mapping, body) == R"({"kind":"lead","customer":{"name":"Ana"}})");
    }
}

TEST_CASE("broken JSON says where") {
    const auto mapping = compiled(kPlain);
    CHECK(outcome(*mapping, "") == "bad_json (line 1, column 1): the document ends too early");
    CHECK(outcome(*mapping, "{\n \"name\": \"Ana\",,}") ==
          "bad_json (line 2, column 16): this is not valid JSON");
    CHECK(outcome(*mapping, "{\"name\":\"Ana\"").starts_with("bad_json (line 1, column 14)"));
    CHECK(outcome(*mapping, "{\"name\":\"Maria\x01 Segredo\"}").find("Segredo") == std::string::npos);
    CHECK(outcome(*mapping, "{\"name\":\"\xE3\"}") == "bad_charset (byte 10): JSON must be UTF-8");
}

TEST_CASE("a declared charset is believed") {
    const auto mapping = compiled(kPlain);
    CHECK(outcome(*mapping, "{\"name\":\"Jo\xE3o\"}", "application/json; charset=ISO-8859-1") ==
          R"({"kind":"lead","customer":{"name":"João"}})");
    CHECK(outcome(*mapping, "\xEF\xBB\xBF{\"name\":\"Ana\"}") ==
          R"({"kind":"lead","customer":{"name":"Ana"}})");
    CHECK(outcome(*mapping, "{}", "application/json; charset=klingon").starts_with("bad_charset"));
}

TEST_CASE("limits hold and say so") {
    Limits limits;
    limits.maxDepth = 32;
    limits.maxNodes = 100;
    limits.maxRecords = 5;
    limits.maxBytes = 5000;
    const auto mapping = compiled("format = 'json'\n[[record]]\nkind = 'lead'\neach = ['*', "
                                  "'.']\n[record.fields]\nlead.message = 'a'\n",
                                  limits);
    CHECK(outcome(*mapping, nested(32)).starts_with("{"));
    CHECK(outcome(*mapping, nested(33)) == "too_deep (line 1, column 161): nested deeper than 32 levels");
    CHECK(outcome(*mapping, std::string(2000, '[')).starts_with("too_deep"));
    std::string many = "[1";
    for (int i = 0; i < 200; ++i)
        many += ",1";
    CHECK(outcome(*mapping, many + ']').starts_with("too_many_values"));
    CHECK(outcome(*mapping, R"([{"a":1},{"a":1},{"a":1},{"a":1},{"a":1},{"a":1}])")
              .starts_with("too_many_records"));
    CHECK(outcome(*mapping, std::string(5001, ' ')).starts_with("document_too_large"));
}

TEST_CASE("what no rule read is kept under extra and reported once") {
    const auto mapping = compiled(R"(
format = "json"
ignore = "noise"
[[record]]
kind = "lead"
each = "items/*"
[record.fields]
customer.name = "name"
vehicle.km = "km"
extra.tags = { from = "tags", split = "|" }
)");
    const auto mapped = mapping->apply(
        {"",
         R"({"top":1,"items":[{"name":"Ana","km":"muito","x":{"y":[true,null,"z"]},"tags":"a||b","noise":1},
                                 {"name":"Bia","km":"?","x":{"y":[false]},"noise":2}]})",
         {}});
    REQUIRE(mapped.ok());
    CHECK(
        mapped->records ==
        std::vector<std::string>{
            R"({"kind":"lead","customer":{"name":"Ana"},"extra":{"tags":["a","b"],"km":"muito","x/y/0":true,"x/y/2":"z"}})",
            R"({"kind":"lead","customer":{"name":"Bia"},"extra":{"km":"?","x/y/0":false}})"});
    CHECK(mapped->unmapped == std::vector<std::string>{"/top", "/items/*/km", "/items/*/x/y/*"});
}

TEST_CASE("extra is capped, the record goes on") {
    const auto mapping = compiled(kPlain);
    std::string body = R"({"name":"Ana")";
    for (int i = 0; i < 500; ++i)
        body += ",\"k" + std::to_string(i) + "\":\"" + std::string(100, 'x') + '"';
    const auto mapped = mapping->apply({"", body + '}', {}});
    REQUIRE(mapped.ok());
    CHECK(mapped->records[0].size() < 24'000);
    CHECK(mapped->unmapped.size() == 200);
}

TEST_CASE("a required value that is missing or unreadable is named, never quoted") {
    const auto mapping = compiled(R"(
format = "json"
[[record]]
kind = "lead"
[record.fields]
customer.name = { from = ["name", "nome"], required = true }
lead.amount = { from = "amount", as = "money_br", required = true }
)");
    const auto mapped = mapping->apply({"", R"({"amount":"segredo"})", {}});
    REQUIRE_FALSE(mapped.ok());
    REQUIRE(mapped.error().size() == 2);
    CHECK(describe(mapped.error()[0]) == "missing_field at /name: a value is required here");
    CHECK(describe(mapped.error()[1]) ==
          "unreadable_field at /amount: expected an amount such as R$ 68.500,00");
    CHECK(mapping->check({"", R"({"amount":"segredo"})", {}}).error() == mapped.error());
}

TEST_CASE("rules are tried in order, under their conditions") {
    const auto mapping = compiled(R"(
format = "json"
[[record]]
kind = "lead"
[record.fields]
lead.type = [
  { value = "financing", when = [{ path = "a", equals = "F" }, { present = "b" }] },
  { value = "chat", when = { path = "a", in = ["c", "d"] } },
  { from = "a", values = { w = "whatsapp_click" }, otherwise = "other" },
]
lead.status = { from = "s", default = "new", prefix = "st-" }
)");
    CHECK(outcome(*mapping, R"({"a":"f","b":1})").find(R"("type":"financing")") != std::string::npos);
    CHECK(outcome(*mapping, R"({"a":"D"})").find(R"("type":"chat")") != std::string::npos);
    CHECK(outcome(*mapping, R"({"a":"W"})").find(R"("type":"whatsapp_click")") != std::string::npos);
    CHECK(outcome(*mapping, R"({"a":"?"})").find(R"("extra":{"a":"?"})") != std::string::npos);
    CHECK(outcome(*mapping, R"({"s":1})") == R"({"kind":"lead","lead":{"status":"st-1"}})");
    CHECK(outcome(*mapping, "{}") == R"({"kind":"lead","lead":{"status":"new"}})");
}

TEST_CASE("objects of a list are mapped one by one") {
    const auto mapping = compiled(R"(
format = "json"
[[record]]
kind = "sale"
[record.fields]
sale.amount = "total"
[[record.list]]
to = "sale/payments"
each = "pagamentos/*"
[record.list.fields]
method = "tipo"
amount = { from = "valor", as = "money_br" }
)");
    CHECK(
        outcome(
            *mapping,
            R"({"total":100,"pagamentos":[{"tipo":"PIX","valor":"R$ 60,00"},{},{"tipo":"TED","valor":40}]})") ==
        R"({"kind":"sale","sale":{"amount":100.00,"payments":[{"amount":60.00,"method":"PIX"},{"amount":40.00,"method":"TED"}]}})");
}

TEST_CASE("the delivery key is the sender's id, and only of a single record") {
    const auto mapping = compiled(R"(
format = "json"
delivery_key = [["id", "@header.x-id"], "tipo"]
[[record]]
kind = "lead"
each = ["*", "."]
[record.fields]
customer.name = "name"
)");
    const auto key = [&](std::string_view body) {
        const auto checked = mapping->check({"", body, {{"header.X-Id", "h1"}}});
        return checked.ok() ? checked->deliveryKey.value_or("none") : describe(checked.error().front());
    };
    CHECK(key(R"({"id":7,"tipo":2})") == "7:2");
    CHECK(key(R"({"tipo":2})") == "h1:2");
    CHECK(key(R"({"id":7})") == "none");
    CHECK(key(R"([{"id":7,"tipo":2},{"id":8,"tipo":2}])") == "none");
}

TEST_CASE("the same bytes give the same records") {
    const auto mapping = compiled(kPlain);
    const auto once = mapping->apply({"", R"({"name":"Ana","x":1})", {}});
    static_cast<void>(mapping->apply({"", R"([)", {}}));
    static_cast<void>(mapping->apply({"", R"({"other":{"deep":[1,2,3]}})", {}}));
    const auto again = mapping->apply({"", R"({"name":"Ana","x":1})", {}});
    REQUIRE((once.ok() && again.ok()));
    CHECK(once->records == again->records);
    CHECK(once->unmapped == again->unmapped);
}

TEST_CASE("a content type that the mapping does not accept is refused") {
    const auto mapping = compiled(kPlain);
    CHECK(outcome(*mapping, "{}", "text/html").starts_with("unsupported_media_type"));
    CHECK(outcome(*mapping, "{}", "Application/JSON ; charset=\"utf-8\"").starts_with("{"));
}

TEST_CASE("a number that no reader keeps exactly is text where nothing says what it is") {
    const auto mapping =
        compiled("format = 'json'\n[[record]]\nkind = 'lead'\n[record.fields]\ncustomer.name = 'n'\n");
    CHECK(outcome(*mapping,
                  R"({"a":18446744073709551615,"b":18446744073709551616,"c":1.5,"d":1.2345678901234567})") ==
          R"({"kind":"lead","extra":{"a":18446744073709551615,"b":"18446744073709551616","c":1.5,)"
          R"("d":"1.2345678901234567"}})");
}

TEST_CASE("a list whose items hold their own name is read as a table") {
    const auto mapping = compiled(R"(
format = 'json'
json.named = { field_data = 'name', "legal/bases" = 'category' }
[[record]]
kind = 'lead'
[record.fields]
customer.name = 'field_data/full_name/values/*'
customer.phones = { all = 'field_data/phone/values' }
customer.consent.contact = { from = 'legal/bases/communications/status', values = { granted = true } }
)");
    struct Row {
        const char* rule;
        const char* body;
        const char* record;
    };
    const auto row = GENERATE(values<Row>({
        {"items are found by name, in any order; what no rule reads keeps its name",
         R"({"field_data":[{"name":"qual carro?","values":["Argo"]},{"name":"phone","values":["1","2"]},{"name":"full_name","values":["Ana"]}],"legal":{"bases":[{"category":"communications","status":"granted"}]}})",
         R"({"kind":"lead","customer":{"consent":{"contact":true},"name":"Ana","phones":["1","2"]},"extra":{"field_data/qual carro?/values/0":"Argo"}})"},
        {"a second item of one name is kept beside the first",
         R"({"field_data":[{"name":"full_name","values":["Ana"]},{"name":"full_name","values":["Bia"]}]})",
         R"({"kind":"lead","customer":{"name":"Ana"},"extra":{"field_data/full_name#2/values/0":"Bia"}})"},
        {"an item without a name, or no object, is kept at its position",
         R"({"field_data":[{"values":["x"]},7,{"name":["a"],"values":"y"},{"name":12,"values":"z"},{"name":""}]})",
         R"({"kind":"lead","extra":{"field_data/0/values/0":"x","field_data/1":7,"field_data/2/name/0":"a","field_data/2/values":"y","field_data/12/values":"z"}})"},
        {"a table stays what it is", R"({"field_data":{"full_name":{"values":["Ana"]}}})",
         R"({"kind":"lead","customer":{"name":"Ana"}})"},
        {"what is neither stays where it is", R"({"field_data":"x","legal":[]})",
         R"({"kind":"lead","extra":{"field_data":"x"}})"},
        {"an empty list", R"({"field_data":[]})", R"({"kind":"lead"})"},
        {"a name with a slash", R"({"field_data":[{"name":"a/b","v":1}]})",
         R"({"kind":"lead","extra":{"field_data/a~1b/v":1}})"},
    }));
    INFO(row.rule);
    CHECK(outcome(*mapping, row.body) == row.record);
}

TEST_CASE("loose keys hold for named items too") {
    const auto mapping =
        compiled("format = 'json'\nloose_keys = true\njson.named = { '*/fields' = 'label' }\n"
                 "[[record]]\nkind = 'lead'\neach = '*'\n[record.fields]\n"
                 "customer.name = 'fields/nome completo/value'\n");
    CHECK(outcome(*mapping, R"([{"fields":[{"Label":"Nome-Completo","value":"Ana"}]}])") ==
          R"({"kind":"lead","customer":{"name":"Ana"}})");
}

} // namespace trevo::mapping
