#include "formats/piece_maker.hpp"
#include "formats/xml_events.hpp"

#include <algorithm>

namespace trevo::formats {
namespace {

void appendEscaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\r': out += "&#13;"; break;
        default: out += c;
        }
    }
}

class XmlCutter final : public XmlHandler {
  public:
    XmlCutter(const CutOptions& options, const std::function<bool(NodePiece)>& use)
        : options_(options), maker_(options, use) {}

    bool opened(std::string_view name, const XmlAttributes& attributes) override {
        afterNode_ = false;
        if (depth_ == 0) {
            std::string local(
                name.substr(name.rfind(':') == std::string_view::npos ? 0 : name.rfind(':') + 1));
            if (options_.canonical) local = options_.canonical(local);
            names_.push_back(std::move(local));
            if (!isNode()) {
                frames_.push_back({std::string(name), {}, false, false});
                return write(frames_.back().head, name, attributes);
            }
            names_.pop_back();
            // Not before the next one begins, so that what follows the last is with it.
            if ((maker_.full() || (maker_.waiting() && holder_ != frames_.size())) && !give()) return false;
            if (frames_.empty() || holder_ != frames_.size() || !frames_.back().holds) maker_.beginList();
            holder_ = frames_.size();
            if (!frames_.empty()) frames_.back().holds = true;
            node_.clear();
        }
        ++depth_;
        return write(node_, name, attributes);
    }

    bool closed(std::string_view name) override {
        afterNode_ = false;
        const std::string end = "</" + std::string(name) + '>';
        if (depth_ > 0) {
            node_ += end;
            if (--depth_ > 0) return bounded();
            maker_.add(node_, "");
            afterNode_ = true;
            return true;
        }
        names_.pop_back();
        if (maker_.waiting() && holder_ == frames_.size() && !give()) return false;
        Frame frame = std::move(frames_.back());
        frames_.pop_back();
        if (frames_.empty()) return true;
        if (frame.had)
            frames_.back().had = afterNode_ = true;
        else
            return beside(frame.head + end);
        return true;
    }

    bool text(std::string_view bytes) override {
        if (depth_ > 0) {
            appendEscaped(node_, bytes);
            return bounded();
        }
        const bool blank = bytes.find_first_not_of(" \t\r\n") == std::string_view::npos;
        if (frames_.empty() || (blank && afterNode_)) return true;
        if (blank) {
            appendEscaped(frames_.back().head, bytes);
            return bounded();
        }
        std::string text;
        appendEscaped(text, bytes);
        return beside(text);
    }

    bool found() const { return maker_.any(); }
    bool stoppedByUse() const { return stopped_; }
    const std::optional<Problem>& problem() const { return problem_; }

  private:
    struct Frame {
        std::string name;
        std::string head;   // its start, and the nodes' neighbours within
        bool had = false;   // nodes, which were given
        bool holds = false; // nodes, given or not
    };

    // What stands beside nodes, in the innermost frame.
    bool beside(const std::string& text) {
        Frame& frame = frames_.back();
        if (frame.had && options_.readsBeside) {
            problem_ = Problem{"read_after_nodes", "", "node " + std::to_string(maker_.nodes()),
                               "the mapping reads what follows the repeated nodes; too large to be read as a "
                               "whole, the document must have it before them"};
            return false;
        }
        frame.head += text;
        return bounded();
    }

    bool isNode() const {
        return std::any_of(options_.paths.begin(), options_.paths.end(), [&](const CutPath& path) {
            if (path.anywhere ? names_.size() < path.names.size() : names_.size() != path.names.size())
                return false;
            return std::equal(path.names.rbegin(), path.names.rend(), names_.rbegin());
        });
    }

    bool write(std::string& out, std::string_view name, const XmlAttributes& attributes) {
        out += '<';
        out += name;
        attributes.each([&](std::string_view key, std::string_view value) {
            out.append(" ").append(key).append("=\"");
            appendEscaped(out, value);
            out += '"';
        });
        out += '>';
        return bounded();
    }

    bool bounded() {
        if (node_.size() > options_.maxNodeBytes) {
            problem_ =
                Problem{"node_too_large", "", "node " + std::to_string(maker_.nodes() + 1),
                        "a repeated node has more than " + std::to_string(options_.maxNodeBytes) + " bytes"};
            return false;
        }
        std::size_t beside = 0;
        for (const Frame& frame : frames_)
            beside += frame.head.size();
        if (beside <= options_.maxBesideBytes) return true;
        if (found())
            problem_ = Problem{"too_much_beside", "", "node " + std::to_string(maker_.nodes()),
                               "what stands beside the repeated nodes is more than is held"};
        return false;
    }

    bool give() {
        std::string before, after;
        for (std::size_t i = 0; i < holder_; ++i) {
            before += frames_[i].head;
            after.insert(0, "</" + frames_[i].name + '>');
        }
        if (holder_ > 0) frames_[holder_ - 1].had = true;
        stopped_ = !maker_.give(before, after);
        return !stopped_;
    }

    const CutOptions& options_;
    PieceMaker maker_;
    std::vector<std::string> names_; // of the frames, as they are compared
    std::vector<Frame> frames_;      // the open elements above the nodes
    std::string node_;               // that is open
    int depth_ = 0;                  // within it
    bool afterNode_ = false;         // the blanks there are left out: there are as many as nodes
    std::size_t holder_ = 0;         // so many frames hold the nodes that wait
    bool stopped_ = false;
    std::optional<Problem> problem_;
};

} // namespace

Result<bool> cutXml(const Read& read, const CutOptions& options, const std::function<bool(NodePiece)>& use) {
    XmlCutter cutter(options, use);
    XmlEvents events(cutter);
    char block[64 << 10];
    while (true) {
        const std::size_t count = read(block, sizeof block);
        if (events.feed({block, count}, count == 0)) {
            if (count == 0) return cutter.found();
            continue;
        }
        if (cutter.problem()) return *cutter.problem();
        if (events.problem()) return *events.problem();
        return cutter.found() || cutter.stoppedByUse();
    }
}

} // namespace trevo::formats
