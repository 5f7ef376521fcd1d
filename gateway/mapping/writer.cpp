#include "mapping/writer.hpp"

namespace trevo::mapping {

void appendJsonText(std::string& out, std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            out += "\\u00";
            out += kHex[c >> 4];
            out += kHex[c & 15];
        }
    }
    out.append(text, plain, text.size() - plain);
    out += '"';
}

void appendJson(std::string& out, const Value& scalar) {
    if (scalar.type == Type::Text)
        appendJsonText(out, scalar.text);
    else
        out += scalar.text;
}

std::string& Writer::at(const std::vector<std::string>& steps) {
    const std::size_t blocks = steps.size() - 1;
    std::size_t shared = 0;
    while (shared < blocks && shared < open_.size() && open_[shared] == steps[shared])
        ++shared;
    while (open_.size() > shared) {
        out_ += '}';
        open_.pop_back();
        comma_ = true;
    }
    for (; shared < blocks; ++shared) {
        if (comma_) out_ += ',';
        appendJsonText(out_, steps[shared]);
        out_ += ":{";
        open_.push_back(steps[shared]);
        comma_ = false;
    }
    if (comma_) out_ += ',';
    appendJsonText(out_, steps.back());
    out_ += ':';
    comma_ = true;
    any_ = true;
    return out_;
}

void Writer::closeBlocks() {
    for (; !open_.empty(); open_.pop_back())
        out_ += '}';
}

} // namespace trevo::mapping
