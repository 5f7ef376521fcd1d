// Outcomes that a partner or a payload can cause. Exceptions are for our own mistakes and for start-up.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace trevo {

// What is wrong with an input, told so that the sender can mend it.
struct Problem {
    std::string code;   // stable, snake_case: "wrong_type", "unknown_dealer"; metrics and tests key on it
    std::string field;  // JSON Pointer, XPath, column or setting; empty when the whole input is meant
    std::string place;  // "line 3, column 14", "byte 812"; empty when unknown
    std::string detail; // one sentence: what came, what was expected. Never holds personal data.

    bool operator==(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

// "code at /field (line 3, column 1): detail", for a log or a terminal.
std::string describe(const Problem& problem);

// A value or the reason why there is none. Asking for the one that is not there throws
// std::bad_variant_access.
template <class T, class E = Problem>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }
    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T* operator->() { return &std::get<0>(state_); }
    const T* operator->() const { return &std::get<0>(state_); }
    T& operator*() & { return std::get<0>(state_); }
    const T& operator*() const& { return std::get<0>(state_); }
    T&& operator*() && { return std::get<0>(std::move(state_)); }
    const E& error() const { return std::get<1>(state_); }

  private:
    std::variant<T, E> state_;
};

struct Done {}; // the value of an operation that has none: Result<Done>

} // namespace trevo
