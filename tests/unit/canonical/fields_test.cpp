#include "canonical/fields.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace trevo::canonical;

TEST_CASE("a path of the model finds its field") {
    REQUIRE(findField("customer/name"));
    CHECK(findField("customer/name")->type == Type::Name);
    CHECK(findField("/customer/name") == findField("customer/name"));
    CHECK(findField("vehicle/model_year")->type == Type::Year);
    CHECK(findField("trade_in/plate")->type == Type::Plate);
    CHECK(findField("lead/message")->limit == 20'000);
    CHECK(findField("lead/seller/name")->type == Type::Name);
    CHECK(findField("customer/phones")->type == Type::List);
    CHECK(findField("customer/phones/0")->type == Type::Phone);
    CHECK(findField("customer/phones/-")->type == Type::Phone);
    CHECK(findField("customer/consent/whatsapp")->type == Type::Boolean);
    CHECK(findField("customer/handles/anything")->type == Type::Text);
    CHECK(findField("sale/payments/0/amount")->type == Type::Money);
    CHECK(findField("sale/payments/*/amount")->type == Type::Money);
    CHECK(findField("extra/any/where")->type == Type::Any);
    CHECK(findField("dealer"));
}

TEST_CASE("a path outside the model finds nothing") {
    for (const char* path :
         {"", "/", "customer/", "customer//name", "customer/nmae", "nothing", "customer/name/first",
          "customer/phones/x", "customer/phones/0/1", "name", "kind/x"}) {
        INFO(path);
        CHECK(findField(path) == nullptr);
    }
}

TEST_CASE("every listed path finds a field, and none is listed twice") {
    std::set<std::string> seen;
    for (const std::string& path : allPaths()) {
        INFO(path);
        CHECK(findField(path));
        CHECK(seen.insert(path).second);
    }
    CHECK(seen.count("credit_offer/rate_monthly") == 1);
    CHECK(seen.count("invoice/items/*/vin") == 1);
}

TEST_CASE("every field is described, and what has a size is limited") {
    const auto check = [](const auto& self, const Block& block) -> void {
        CHECK(block.fields.size() <= kMostFieldsInBlock);
        for (const Field& field : block.fields) {
            INFO(field.name);
            CHECK_FALSE(field.description.empty());
            const bool sized = field.type != Type::Object && field.type != Type::Any;
            CHECK((field.limit > 0) == sized);
            CHECK((field.type == Type::Word) == !field.words.empty());
            if (field.block) self(self, *field.block);
        }
    };
    check(check, root());
}
