#include "formats/xml_events.hpp"

#include <cstring>
#include <expat.h>
#include <stdexcept>
#include <string>

namespace trevo::formats {
namespace {

constexpr int kMaxNesting = 256;

} // namespace

std::string_view XmlAttributes::find(std::string_view name) const {
    for (const char** pair = pairs_; *pair; pair += 2) {
        if (name == *pair) return pair[1];
    }
    return {};
}

struct XmlEvents::State {
    struct Free {
        void operator()(XML_ParserStruct* ended) const { XML_ParserFree(ended); }
    };
    XmlHandler& handler;
    std::unique_ptr<XML_ParserStruct, Free> parser{XML_ParserCreate(nullptr)};
    std::optional<Problem> problem;
    int depth = 0;
    bool stopped = false;

    explicit State(XmlHandler& to) : handler(to) {}

    void stop() {
        stopped = true;
        XML_StopParser(parser.get(), XML_FALSE);
    }
    void fail(std::string detail) {
        if (!problem)
            problem = Problem{"bad_xml", "",
                              "line " + std::to_string(XML_GetCurrentLineNumber(parser.get())) + ", column " +
                                  std::to_string(XML_GetCurrentColumnNumber(parser.get()) + 1),
                              std::move(detail)};
    }

    static void XMLCALL onOpen(void* user, const char* name, const char** attributes) {
        auto& self = *static_cast<State*>(user);
        if (self.stopped) return;
        if (++self.depth > kMaxNesting) {
            self.fail("the elements are nested too deep");
            self.stop();
            return;
        }
        if (!self.handler.opened(name, XmlAttributes(attributes))) self.stop();
    }
    static void XMLCALL onClose(void* user, const char* name) {
        auto& self = *static_cast<State*>(user);
        if (self.stopped) return;
        --self.depth;
        if (!self.handler.closed(name)) self.stop();
    }
    static void XMLCALL onText(void* user, const char* bytes, int size) {
        auto& self = *static_cast<State*>(user);
        if (!self.stopped && !self.handler.text({bytes, static_cast<std::size_t>(size)})) self.stop();
    }
    static void XMLCALL onDoctype(void* user, const char*, const char*, const char*, int) {
        auto& self = *static_cast<State*>(user);
        self.fail("a document type declaration is not taken");
        self.stop();
    }
    // Windows-1252 and its like, which files name and expat does not know: 0x80 to 0x9F as there.
    static int XMLCALL onEncoding(void*, const char* name, XML_Encoding* encoding) {
        static constexpr unsigned kHigh[32] = {
            0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
            0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
            0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
        std::string lower;
        for (const char* at = name; *at; ++at)
            lower += *at >= 'A' && *at <= 'Z' ? static_cast<char>(*at + 32) : *at;
        if (lower != "windows-1252" && lower != "cp1252") return XML_STATUS_ERROR;
        for (int i = 0; i < 256; ++i)
            encoding->map[i] = i >= 0x80 && i < 0xA0 ? static_cast<int>(kHigh[i - 0x80]) : i;
        encoding->data = nullptr;
        encoding->convert = nullptr;
        encoding->release = nullptr;
        return XML_STATUS_OK;
    }
};

XmlEvents::XmlEvents(XmlHandler& handler) : state_(std::make_unique<State>(handler)) {
    auto* parser = state_->parser.get();
    if (!parser) throw std::bad_alloc();
    XML_SetUserData(parser, state_.get());
    XML_SetElementHandler(parser, &State::onOpen, &State::onClose);
    XML_SetCharacterDataHandler(parser, &State::onText);
    XML_SetStartDoctypeDeclHandler(parser, &State::onDoctype);
    XML_SetUnknownEncodingHandler(parser, &State::onEncoding, nullptr);
}

XmlEvents::~XmlEvents() = default;

bool XmlEvents::feed(std::string_view bytes, bool last) {
    State& state = *state_;
    if (state.stopped || state.problem) return false;
    const auto status =
        XML_Parse(state.parser.get(), bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
    if (status == XML_STATUS_OK) return true;
    if (!state.stopped) {
        state.stopped = true;
        state.fail(XML_ErrorString(XML_GetErrorCode(state.parser.get())));
    }
    return false;
}

const std::optional<Problem>& XmlEvents::problem() const {
    return state_->problem;
}

} // namespace trevo::formats
