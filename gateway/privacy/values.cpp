#include "privacy/values.hpp"

#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "identity/name_key.hpp"
#include "identity/plate.hpp"
#include "identity/text.hpp"
#include "privacy/view.hpp"

#include <algorithm>

namespace trevo::privacy {
namespace {

constexpr std::size_t kGap = 8;              // words between two words of a name: field names, particles
constexpr std::size_t kLongestSeparator = 3; // bytes between two digits of one number
constexpr std::size_t kShortestBase64 = 16;

bool isSeparator(unsigned char c) {
    return std::string_view(" ()-./+\\").find(static_cast<char>(c)) != std::string_view::npos;
}

bool isBase64(char c) {
    return identity::isDigit(c) || identity::isAsciiLetter(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

template <class T>
void addUnique(std::vector<T>& list, T value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
}

// A document that everybody types is nobody's.
bool tells(const std::string& digits) {
    return digits.size() >= 8 && !identity::allEqual(digits);
}

// The ways in which the digits of a Brazilian phone are written: with and without country, area code and
// ninth digit.
std::vector<std::string> phoneForms(const std::string& phone) {
    std::string digits = identity::digitsOf(phone);
    if (digits.size() >= 12 && digits.starts_with("55")) digits.erase(0, 2);
    std::vector<std::string> forms{digits};
    if (digits.size() == 11 && digits[2] == '9') forms.push_back(digits.substr(0, 2) + digits.substr(3));
    if (digits.size() == 10) forms.push_back(digits.substr(0, 2) + "9" + digits.substr(2));
    if (digits.size() == 10 || digits.size() == 11) {
        forms.push_back(digits.substr(2));
        if (digits.size() == 11 && digits[2] == '9') forms.push_back(digits.substr(3));
    }
    return forms;
}

// Upper case, without marks; a plate in both of its forms.
std::vector<std::string> vehicleForms(const std::string& vehicle) {
    const auto plate = identity::readPlate(vehicle);
    if (plate.valid && plate.oldForm.empty()) return {plate.normalised};
    if (plate.valid) return {plate.normalised, plate.oldForm};
    std::string text;
    for (const char c : vehicle)
        if (identity::isDigit(c) || identity::isAsciiLetter(c)) text += identity::upperAscii(c);
    if (text.size() < 7) return {};
    return {text};
}

std::string withUnicodeEscapes(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c == '/' ? std::string("\\/") : std::string(1, c);
    return out;
}

std::string percentCoded(std::string_view text, bool upper) {
    static constexpr char kLower[] = "0123456789abcdef", kUpper[] = "0123456789ABCDEF";
    const char* digits = upper ? kUpper : kLower;
    std::string out;
    for (const char c : text) {
        if (identity::isDigit(c) || identity::isAsciiLetter(c) ||
            std::string_view("-_.~").find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        }
    }
    return out;
}

// What of the coded text does not depend on its neighbours, for each of the three places in a group.
std::vector<std::string> base64Cores(const std::string& text) {
    std::vector<std::string> cores;
    for (std::size_t shift = 0; shift < 3; ++shift) {
        const std::string coded = base64(std::string(shift, ' ') + text);
        const std::size_t from = shift == 0 ? 0 : shift + 1;
        const std::size_t whole = (shift + text.size()) / 3 * 4;
        if (whole > from + 6) cores.push_back(coded.substr(from, whole - from));
    }
    return cores;
}

} // namespace

void Values::add(const Values& other) {
    const auto join = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
        for (const auto& value : from)
            if (!value.empty()) addUnique(to, value);
    };
    join(names, other.names);
    join(documents, other.documents);
    join(phones, other.phones);
    join(emails, other.emails);
    join(vehicles, other.vehicles);
}

Values Values::without(const Values& others) const {
    const auto left = [](std::vector<std::string> from, const std::vector<std::string>& what) {
        std::erase_if(from, [&](const std::string& value) {
            return std::find(what.begin(), what.end(), value) != what.end();
        });
        return from;
    };
    return {left(names, others.names), left(documents, others.documents), left(phones, others.phones),
            left(emails, others.emails), left(vehicles, others.vehicles)};
}

bool Values::empty() const {
    return names.empty() && documents.empty() && phones.empty() && emails.empty() && vehicles.empty();
}

Mask::Mask(const Values& values) {
    for (const auto& name : values.names) {
        auto words = identity::nameKey(name).tokens;
        if (!words.empty()) addUnique(names_, std::move(words));
    }
    for (const auto& document : values.documents) {
        const std::string digits = identity::digitsOf(document);
        if (tells(digits)) numbers_.push_back({digits, false});
    }
    for (const auto& phone : values.phones)
        for (const auto& form : phoneForms(phone))
            if (tells(form)) numbers_.push_back({form, form.size() < 10});
    for (const auto& email : values.emails)
        addUnique(emails_, lowerAscii(email));
    for (const auto& vehicle : values.vehicles)
        for (auto& form : vehicleForms(vehicle))
            addUnique(vehicles_, std::move(form));
}

// One reading of the bytes; marks the places of what it finds.
class Pass {
  public:
    Pass(const Mask& mask, const View& view, std::vector<bool>& hit) : mask_(mask), view_(view), hit_(hit) {}

    bool run() {
        numbers();
        emails();
        vehicles();
        names();
        return found_;
    }

  private:
    void mark(std::size_t first, std::size_t last) { // units, both included
        found_ = true;
        for (std::size_t unit = first; unit <= last; ++unit)
            for (std::uint32_t at = view_[unit].begin; at < view_[unit].end; ++at)
                hit_[at] = true;
    }

    void numbers() {
        std::string digits;
        std::vector<std::size_t> places;
        std::size_t gap = 0;
        const auto close = [&] {
            for (const auto& number : mask_.numbers_) {
                if (number.alone && digits.size() != number.digits.size()) continue;
                for (auto at = digits.find(number.digits); at != std::string::npos;
                     at = digits.find(number.digits, at + 1))
                    for (std::size_t i = at; i < at + number.digits.size(); ++i)
                        mark(places[i], places[i]);
            }
            digits.clear();
            places.clear();
        };
        for (std::size_t i = 0; i < view_.size(); ++i) {
            const unsigned char c = view_[i].c;
            if (identity::isDigit(static_cast<char>(c))) {
                digits += static_cast<char>(c);
                places.push_back(i);
                gap = 0;
            } else if (!digits.empty() && (!isSeparator(c) || ++gap > kLongestSeparator)) {
                close();
                gap = 0;
            }
        }
        close();
    }

    void emails() {
        if (mask_.emails_.empty()) return;
        std::string text;
        text.reserve(view_.size());
        for (const Unit& unit : view_)
            text += static_cast<char>(unit.c);
        text = lowerAscii(text);
        for (const auto& email : mask_.emails_)
            for (auto at = text.find(email); at != std::string::npos; at = text.find(email, at + 1))
                mark(at, at + email.size() - 1);
    }

    bool alphanumeric(std::size_t at) const {
        const auto c = static_cast<char>(view_[at].c);
        return identity::isDigit(c) || identity::isAsciiLetter(c);
    }

    // As a word of its own, with single marks in it.
    void vehicles() {
        for (const auto& vehicle : mask_.vehicles_) {
            for (std::size_t start = 0; start + vehicle.size() <= view_.size(); ++start) {
                if (start > 0 && alphanumeric(start - 1)) continue;
                std::vector<std::size_t> places;
                std::size_t at = start, marks = 0;
                for (; at < view_.size() && places.size() < vehicle.size(); ++at) {
                    if (identity::upperAscii(static_cast<char>(view_[at].c)) == vehicle[places.size()]) {
                        places.push_back(at);
                        marks = 0;
                    } else if (places.empty() || !isSeparator(view_[at].c) || ++marks > 1) {
                        break;
                    }
                }
                if (places.size() < vehicle.size() || (at < view_.size() && alphanumeric(at))) continue;
                for (const std::size_t place : places)
                    mark(place, place);
            }
        }
    }

    struct Word {
        std::string text;
        std::size_t first, last;
    };

    std::vector<Word> words() const {
        std::vector<Word> all;
        std::string raw;
        std::size_t first = 0;
        const auto close = [&](std::size_t next) {
            if (!raw.empty()) all.push_back({identity::folded(raw), first, next - 1});
            raw.clear();
        };
        for (std::size_t i = 0; i < view_.size(); ++i) {
            const auto c = static_cast<char>(view_[i].c);
            const bool part = identity::isDigit(c) || identity::isAsciiLetter(c) || view_[i].c >= 0x80;
            if (!part) {
                close(i);
                continue;
            }
            if (raw.empty()) first = i;
            raw += c;
        }
        close(view_.size());
        return all;
    }

    void names() {
        if (mask_.names_.empty()) return;
        const std::vector<Word> all = words();
        for (const auto& name : mask_.names_) {
            const std::size_t window = name.size() + kGap * (name.size() - 1);
            for (std::size_t start = 0; start < all.size(); ++start) {
                if (std::find(name.begin(), name.end(), all[start].text) == name.end()) continue;
                std::vector<std::size_t> found;
                for (const auto& word : name) {
                    std::size_t at = start;
                    const std::size_t end = std::min(all.size(), start + window);
                    while (at < end &&
                           (all[at].text != word || std::find(found.begin(), found.end(), at) != found.end()))
                        ++at;
                    if (at == end) break;
                    found.push_back(at);
                }
                if (found.size() != name.size()) continue;
                for (const std::size_t at : found)
                    mark(all[at].first, all[at].last);
            }
        }
    }

    const Mask& mask_;
    const View& view_;
    std::vector<bool>& hit_;
    bool found_ = false;
};

bool Mask::mayHold(std::string_view bytes) const {
    std::string digits;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '%')
            i += 2;
        else if (identity::isDigit(bytes[i]))
            digits += bytes[i];
    }
    const bool number = std::any_of(numbers_.begin(), numbers_.end(), [&](const Number& one) {
        return digits.find(one.digits) != std::string::npos;
    });
    if (number) return true;
    if (emails_.empty()) return false;
    const std::string text = lowerAscii(bytes);
    return std::any_of(emails_.begin(), emails_.end(), [&](const std::string& email) {
        // Up to the sign, which may be coded.
        return text.find(email.substr(0, email.find('@'))) != std::string::npos;
    });
}

bool Mask::apply(std::string& bytes) const {
    std::vector<bool> hit(bytes.size(), false);
    const View plain = plainView(bytes);
    const View percent = withoutPercent(plain);
    bool found = false;
    for (const View* view : {&plain, &percent})
        found = Pass(*this, *view, hit).run() || found;
    for (const View& view :
         {withoutJsonEscapes(plain), withoutJsonEscapes(percent), withoutQuotedPrintable(plain)})
        found = Pass(*this, view, hit).run() || found;

    for (std::size_t i = 0; i < bytes.size();) {
        std::size_t end = i;
        while (end < bytes.size() && isBase64(bytes[end]))
            ++end;
        if (end - i >= kShortestBase64) {
            std::string coded = bytes.substr(i, end - i);
            std::replace(coded.begin(), coded.end(), '-', '+');
            std::replace(coded.begin(), coded.end(), '_', '/');
            coded.resize(coded.size() / 4 * 4);
            if (auto inner = fromBase64(coded)) {
                std::vector<bool> ignored(inner->size(), false);
                const View view = plainView(*inner), unescaped = withoutJsonEscapes(view);
                const bool plainHit = Pass(*this, view, ignored).run();
                if (Pass(*this, unescaped, ignored).run() || plainHit) {
                    std::fill(hit.begin() + static_cast<std::ptrdiff_t>(i),
                              hit.begin() + static_cast<std::ptrdiff_t>(end), true);
                    found = true;
                }
            }
        }
        i = end + 1;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i)
        if (hit[i]) bytes[i] = identity::isDigit(bytes[i]) ? '0' : 'x';
    return found;
}

std::vector<std::string> needles(const Values& values) {
    std::vector<std::string> plain;
    for (const auto& document : values.documents) {
        const std::string d = identity::digitsOf(document);
        if (!tells(d)) continue;
        addUnique(plain, d);
        if (d.size() == 11)
            addUnique(plain,
                      d.substr(0, 3) + "." + d.substr(3, 3) + "." + d.substr(6, 3) + "-" + d.substr(9));
        if (d.size() == 14)
            addUnique(plain, d.substr(0, 2) + "." + d.substr(2, 3) + "." + d.substr(5, 3) + "/" +
                                 d.substr(8, 4) + "-" + d.substr(12));
    }
    for (const auto& phone : values.phones) {
        for (const auto& d : phoneForms(phone)) {
            if (d.size() < 10) continue;
            addUnique(plain, d);
            const std::string local = d.substr(2, d.size() - 6) + "-" + d.substr(d.size() - 4);
            addUnique(plain, "(" + d.substr(0, 2) + ") " + local);
            addUnique(plain, "(" + d.substr(0, 2) + ")" + local);
            addUnique(plain, d.substr(0, 2) + " " + local);
        }
    }
    for (const auto& email : values.emails)
        addUnique(plain, email);
    for (const auto& vehicle : values.vehicles) {
        for (const auto& form : vehicleForms(vehicle)) {
            for (const std::string& text : {form, lowerAscii(form)}) {
                addUnique(plain, text);
                if (form.size() == 7) addUnique(plain, text.substr(0, 3) + "-" + text.substr(3));
            }
        }
    }
    std::vector<std::string> all = plain;
    for (const auto& text : plain) {
        addUnique(all, withUnicodeEscapes(text));
        addUnique(all, percentCoded(text, true));
        addUnique(all, percentCoded(text, false));
        for (auto& core : base64Cores(text))
            addUnique(all, std::move(core));
    }
    return all;
}

} // namespace trevo::privacy
