#include "formats/piece_maker.hpp"

#include "base/json_text.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <istream>
#include <nlohmann/json.hpp>
#include <streambuf>

namespace trevo::formats {
namespace {

constexpr std::size_t kMaxLevels = 256;

class ReadBuffer final : public std::streambuf {
  public:
    explicit ReadBuffer(const Read& read) : read_(read) {}
    // What reading threw, which a stream would swallow.
    std::exception_ptr failure;

  protected:
    int_type underflow() override {
        std::size_t count = 0;
        try {
            count = read_(block_.data(), block_.size());
        } catch (...) {
            failure = std::current_exception();
        }
        if (count == 0) return traits_type::eof();
        setg(block_.data(), block_.data(), block_.data() + count);
        return traits_type::to_int_type(*gptr());
    }

  private:
    const Read& read_;
    std::array<char, 64 << 10> block_;
};

class JsonCutter final : public nlohmann::json_sax<nlohmann::json> {
  public:
    JsonCutter(const CutOptions& options, const std::function<bool(NodePiece)>& use)
        : options_(options), maker_(options, use) {}

    bool null() override { return scalar("null"); }
    bool boolean(bool value) override { return scalar(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return scalar(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return scalar(std::to_string(value)); }
    bool number_float(number_float_t, const string_t& text) override { return scalar(text); }
    bool string(string_t& value) override { return scalar(jsonString(value)); }
    bool binary(binary_t&) override { return false; }
    bool key(string_t& name) override {
        (items_.empty() ? frames_.back().key : items_.back().key) = name;
        return true;
    }
    bool start_object(std::size_t) override { return open(false); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(true); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
        problem_ = Problem{"bad_json", "", "byte " + std::to_string(position),
                           "the document ends early or is no JSON from here on"};
        return false;
    }

    bool found() const { return maker_.any(); }
    bool stoppedByUse() const { return stopped_; }
    const std::optional<Problem>& problem() const { return problem_; }

  private:
    struct Level {
        bool array = false;
        bool empty = true;
        std::string key; // of the member that is read
    };
    struct Frame : Level {
        std::string head;   // without its end
        bool nodes = false; // the list of the nodes
        bool had = false;   // it, or a list within, was taken out
        bool given = false; // in a piece
    };

    bool beside(Frame& frame, const std::string& text) {
        if (frame.given && options_.readsBeside) {
            problem_ =
                Problem{"read_after_nodes", "", "node " + std::to_string(maker_.nodes()),
                        "the mapping reads what follows the list; too large to be read as a whole, the "
                        "document must have it before the list"};
            return false;
        }
        lead(frame, frame.head);
        frame.head += text;
        return bounded();
    }

    static void lead(Level& level, std::string& out) {
        if (!level.empty) out += ',';
        level.empty = false;
        if (!level.array) out += jsonString(level.key) + ':';
    }

    bool inNode() const { return !items_.empty(); }
    bool atNode() const { return !inNode() && !frames_.empty() && frames_.back().nodes; }

    bool scalar(const std::string& text) {
        if (inNode()) {
            lead(items_.back(), node_);
            node_ += text;
        } else if (atNode()) {
            return beginNode() && (node_ = text, endNode());
        } else if (!frames_.empty()) {
            return beside(frames_.back(), text);
        }
        return bounded();
    }

    bool open(bool array) {
        if (frames_.size() + items_.size() >= kMaxLevels) {
            problem_ = Problem{"too_deep", "", "node " + std::to_string(maker_.nodes() + 1),
                               "the values are nested too deep"};
            return false;
        }
        if (inNode() || atNode()) {
            if (inNode())
                lead(items_.back(), node_);
            else if (!beginNode())
                return false;
            node_ += array ? '[' : '{';
            Level level;
            level.array = array;
            items_.push_back(std::move(level));
            return bounded();
        }
        Frame frame;
        frame.array = array;
        frame.head = array ? "[" : "{";
        frame.nodes = array && isList();
        if (frame.nodes) {
            if (++lists_ > 1 && options_.oneListOnly) {
                problem_ =
                    Problem{"too_large", "", "node " + std::to_string(maker_.nodes()),
                            "it has several lists, of which the mapping would read one; too large to be "
                            "read as a whole, it can not be cut"};
                return false;
            }
            // Those of a list before it.
            if (!give()) return false;
            maker_.beginList();
            keys_.clear();
            for (const Frame& above : frames_)
                keys_.push_back(above.key);
        }
        frames_.push_back(std::move(frame));
        return true;
    }

    bool close() {
        if (inNode()) {
            node_ += items_.back().array ? ']' : '}';
            items_.pop_back();
            return items_.empty() ? endNode() : bounded();
        }
        // What follows the nodes within the object that holds their list is with the last of them.
        const bool holds = maker_.waiting() && frames_.size() == keys_.size();
        if ((holds || frames_.size() == 1) && !give()) return false;
        Frame frame = std::move(frames_.back());
        frames_.pop_back();
        if (frames_.empty()) return true;
        Frame& above = frames_.back();
        if (frame.nodes || frame.had) {
            above.had = true;
            return true;
        }
        return beside(above, frame.head + (frame.array ? ']' : '}'));
    }

    bool beginNode() {
        node_.clear();
        // Not before the next one begins, so that what follows the last is with it.
        return !maker_.full() || give();
    }

    bool endNode() {
        if (!bounded()) return false;
        maker_.add(node_, ",");
        return true;
    }

    // Whether a list that opens now holds the nodes: it stands where one of the paths leads, through objects.
    bool isList() const {
        if (std::any_of(frames_.begin(), frames_.end(), [](const Frame& frame) { return frame.array; }))
            return false;
        return std::any_of(options_.paths.begin(), options_.paths.end(), [&](const CutPath& path) {
            return std::equal(path.names.begin(), path.names.end(), frames_.begin(), frames_.end(),
                              [&](const std::string& name, const Frame& frame) {
                                  return options_.canonical ? options_.canonical(frame.key) == name
                                                            : frame.key == name;
                              });
        });
    }

    bool give() {
        if (!maker_.waiting()) return true;
        std::string before, after;
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            before += frames_[i].head + (frames_[i].empty ? "" : ",") + jsonString(keys_[i]) + ':';
            after.insert(0, "}");
            frames_[i].given = true;
        }
        stopped_ = !maker_.give(before + '[', ']' + after);
        return !stopped_;
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
                               "what stands beside the list is more than is held"};
        return false;
    }

    const CutOptions& options_;
    PieceMaker maker_;
    std::vector<Frame> frames_;     // open, above the nodes
    std::vector<Level> items_;      // open, within a node
    std::string node_;              // that is read
    std::vector<std::string> keys_; // down to the list whose nodes wait
    int lists_ = 0;
    bool stopped_ = false;
    std::optional<Problem> problem_;
};

} // namespace

Result<bool> cutJson(const Read& read, const CutOptions& options, const std::function<bool(NodePiece)>& use) {
    ReadBuffer buffer(read);
    std::istream stream(&buffer);
    JsonCutter cutter(options, use);
    const bool whole = nlohmann::json::sax_parse(stream, &cutter);
    if (buffer.failure) std::rethrow_exception(buffer.failure);
    if (!whole && cutter.problem()) return *cutter.problem();
    return cutter.found() || cutter.stoppedByUse();
}

} // namespace trevo::formats
