// The configuration of one integration, as the manifest describes it.
#pragma once

#include "trevo/abi/plugin.h"
#include "trevo/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo {

// Values that the host checked against the manifest. Asking for a required setting or one with a default
// always succeeds; asking for a name that the manifest does not have is a mistake of the plugin and throws.
class Settings {
  public:
    using Values = std::map<std::string, std::string, std::less<>>;

    Settings() = default;
    explicit Settings(Values values) : values_(std::move(values)) {}
    Settings(std::initializer_list<Values::value_type> values) : values_(values) {}

    bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
    const std::string& text(std::string_view name) const {
        const auto found = values_.find(name);
        if (found == values_.end()) throw std::out_of_range("no setting '" + std::string(name) + "'");
        return found->second;
    }
    std::string text(std::string_view name, std::string_view otherwise) const {
        return has(name) ? text(name) : std::string(otherwise);
    }
    std::int64_t integer(std::string_view name) const {
        const std::string& value = text(name);
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error != std::errc{} || end != value.data() + value.size()) {
            throw std::invalid_argument("setting '" + std::string(name) + "' is no whole number");
        }
        return number;
    }
    bool boolean(std::string_view name) const { return text(name) == "true"; }
    std::vector<std::string> texts(std::string_view name) const {
        std::vector<std::string> all;
        const std::string& value = text(name);
        for (std::size_t at = 0; at < value.size();) {
            const std::size_t end = std::min(value.find('\n', at), value.size());
            all.push_back(value.substr(at, end - at));
            at = end + 1;
        }
        return all;
    }

  private:
    Values values_;
};

struct Dealer {
    std::string id;
    Settings settings; // of dealer scope, and "cnpj" when the dealer has one
};

struct Config {
    std::string integration;
    Settings settings;
    std::vector<Dealer> dealers;

    static Config from(const trevo_config& raw) {
        Config config{std::string(abi::view(raw.integration)), from(raw.settings, raw.setting_count), {}};
        for (std::size_t i = 0; i < raw.dealer_count; ++i) {
            const trevo_dealer& dealer = raw.dealers[i];
            config.dealers.push_back(
                {std::string(abi::view(dealer.id)), from(dealer.settings, dealer.setting_count)});
        }
        return config;
    }

  private:
    static Settings from(const trevo_pair* pairs, std::size_t count) {
        Settings::Values values;
        for (std::size_t i = 0; i < count; ++i)
            values.emplace(abi::view(pairs[i].name), abi::view(pairs[i].value));
        return Settings(std::move(values));
    }
};

} // namespace trevo
