// How far the leads of one form have been pulled, kept as text in the gateway's state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trevo::meta {

struct Pull {
    std::int64_t since = 0;   // the pull that runs asks for leads created after it; 0: none yet
    std::int64_t started = 0; // when that pull began: where the next starts, less the overlap
    std::string after;        // cursor of its next page; empty: it is complete

    static Pull from(std::string_view kept); // an unreadable text is none yet
    std::string text() const;
};

} // namespace trevo::meta
