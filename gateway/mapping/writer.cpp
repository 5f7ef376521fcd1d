#include "mapping/writer.hpp"

namespace trevo::mapping {

void appendJson(std::string& out, const Value& scalar) {
    if (scalar.type == Type::Text || (scalar.type == Type::Number && !isExactNumber(scalar.text)))
        appendJsonString(out, scalar.text);
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
        appendJsonString(out_, steps[shared]);
        out_ += ":{";
        open_.push_back(steps[shared]);
        comma_ = false;
    }
    if (comma_) out_ += ',';
    appendJsonString(out_, steps.back());
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
