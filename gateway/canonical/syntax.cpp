#include "canonical/syntax.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::canonical {

namespace {

// Takes every event and remembers only where the parser gave up.
class ErrorSeeker : public nlohmann::json_sax<nlohmann::json> {
  public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return true; }
    bool key(string_t&) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        position_ = position;
        failed_ = true;
        return false;
    }

    bool failed() const { return failed_; }
    std::size_t position() const { return position_; } // counts the bytes read, the offending one included

  private:
    std::size_t position_ = 0;
    bool failed_ = false;
};

} // namespace

std::string placeOfByte(std::string_view text, std::size_t at) {
    const std::string_view before = text.substr(0, at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto lineStart = before.rfind('\n');
    const auto column = lineStart == std::string_view::npos ? before.size() + 1 : before.size() - lineStart;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

std::string placeOfSyntaxError(std::string_view json) {
    ErrorSeeker seeker;
    nlohmann::json::sax_parse(json.begin(), json.end(), &seeker);
    if (!seeker.failed()) return {};
    return placeOfByte(json, seeker.position() == 0 ? 0 : seeker.position() - 1);
}

} // namespace trevo::canonical
