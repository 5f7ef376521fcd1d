// What the API answered, for the end-to-end tests.
#pragma once

#include "support/daemon.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace trevo::test {

inline nlohmann::json items(const Answer& answer) {
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return nlohmann::json::parse(answer.body)["items"];
}

} // namespace trevo::test
