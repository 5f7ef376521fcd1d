#include "ingest/http/chunked.hpp"

#include "base/percent.hpp"

#include <algorithm>

namespace trevo::http {

namespace {

bool isText(char c) {
    return static_cast<unsigned char>(c) >= 0x20 ? c != 0x7F : c == '\t';
}

} // namespace

ChunkedDecoder::State ChunkedDecoder::feed(std::string_view input, std::string& body, std::size_t& used) {
    std::size_t i = 0;
    State state = State::NeedMore;
    while (i < input.size() && state == State::NeedMore) {
        if (at_ == At::Data) {
            const std::size_t take =
                static_cast<std::size_t>(std::min<std::uint64_t>(size_, input.size() - i));
            body.append(input.substr(i, take));
            i += take;
            size_ -= take;
            if (size_ == 0) at_ = At::DataCr;
        } else {
            state = step(input[i]);
            ++i;
        }
    }
    used += i;
    return state;
}

ChunkedDecoder::State ChunkedDecoder::step(char c) {
    switch (at_) {
    case At::Size:
        if (const int value = hexDigit(c); value >= 0) {
            constexpr int kMaxDigits = 15; // stays inside 64 bits
            if (++digits_ > kMaxDigits) return State::Malformed;
            size_ = size_ * 16 + static_cast<std::uint64_t>(value);
            return State::NeedMore;
        }
        if (digits_ == 0) return State::Malformed;
        if (size_ > bodyLeft_) return State::TooLarge;
        if (c == ';') {
            at_ = At::Extension;
        } else if (c == '\r') {
            at_ = At::SizeLf;
        } else {
            return State::Malformed;
        }
        return State::NeedMore;
    case At::Extension:
        if (c == '\r') {
            at_ = At::SizeLf;
            return State::NeedMore;
        }
        return isText(c) && overheadLeft_-- > 0 ? State::NeedMore : State::Malformed;
    case At::SizeLf:
        if (c != '\n') return State::Malformed;
        bodyLeft_ -= static_cast<std::size_t>(size_);
        at_ = size_ == 0 ? At::LineStart : At::Data;
        digits_ = 0;
        return State::NeedMore;
    case At::DataCr: at_ = At::DataLf; return c == '\r' ? State::NeedMore : State::Malformed;
    case At::DataLf: at_ = At::Size; return c == '\n' ? State::NeedMore : State::Malformed;
    case At::LineStart:
        if (c == '\r') {
            at_ = At::LastLf;
            return State::NeedMore;
        }
        named_ = false;
        at_ = At::Trailer;
        return isText(c) && c != ' ' && c != '\t' && c != ':' && overheadLeft_-- > 0 ? State::NeedMore
                                                                                     : State::Malformed;
    case At::Trailer:
        if (c == '\r') {
            at_ = At::TrailerLf;
            return named_ ? State::NeedMore : State::Malformed;
        }
        named_ = named_ || c == ':';
        return isText(c) && overheadLeft_-- > 0 ? State::NeedMore : State::Malformed;
    case At::TrailerLf: at_ = At::LineStart; return c == '\n' ? State::NeedMore : State::Malformed;
    case At::LastLf: return c == '\n' ? State::Done : State::Malformed;
    case At::Data: break;
    }
    return State::Malformed;
}

} // namespace trevo::http
