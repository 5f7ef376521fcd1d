#include "integration/integration.hpp"
#include "support/folder.hpp"

#include <catch2/catch.hpp>

using namespace trevo;

namespace {

std::string errorsOf(const test::Folder& folder, const std::string& integrations) {
    folder.write("plugins/acme/plugin.toml", R"(
id = "acme"
version = "1.0.0"
title = "Acme"
description = "For a test."
abi = 1
capabilities = []
authentication = "optional"
success_status = 200
[mappings]
inbound = "site/form"
[[settings]]
name = "user"
type = "text"
scope = "dealer"
required = true
help = "The store's user."
)");
    const auto file =
        folder.write("trevo.toml", "plugin_dirs = ['plugins']\nmapping_dirs = ['" TREVO_SOURCE_DIR
                                   "/mappings']\n[dealers.centro]\n[dealers.sul]\n" +
                                       integrations);
    auto config = config::load(file);
    if (!config) return toml::describe(config.error());
    const auto set =
        IntegrationSet::build(std::make_shared<config::Config>(std::move(*config)), nullptr, nullptr);
    return set ? "" : toml::describe(set.error());
}

} // namespace

TEST_CASE("what takes files alone needs no sender to be declared; whoever is pushed to does") {
    const test::Folder folder;
    const std::string drop = "[integrations.drop]\nmapping = 'drop/leads'\ndealer = 'centro'\n";
    CHECK(errorsOf(folder, drop).find("without it anyone could push") != std::string::npos);
    CHECK(errorsOf(folder, drop + "files.folder = '/srv/drop'\n") == "");
    CHECK(errorsOf(folder, drop + "remote = { url = 'ftp://host', after = 'keep' }\n") == "");
}

TEST_CASE("what a plugin requires of each dealer is required of a dealer without settings too") {
    const test::Folder folder;
    const std::string acme = "[integrations.acme]\nplugin = 'acme'\ndealers = ['centro', 'sul']\n";
    CHECK(errorsOf(folder,
                   acme + "[integrations.acme.dealer_settings]\ncentro.user = 'a'\nsul.user = 'b'\n") == "");
    const auto half = errorsOf(folder, acme + "[integrations.acme.dealer_settings.centro]\nuser = 'a'\n");
    INFO(half);
    CHECK(half.find("integrations.acme.dealer_settings.sul.user: is missing") != std::string::npos);
    CHECK(half.find("trevo.toml:5") != std::string::npos);
    CHECK(half.find("dealer_settings.centro") == std::string::npos);
    CHECK(errorsOf(folder, acme).find("dealer_settings.centro.user") != std::string::npos);
}
