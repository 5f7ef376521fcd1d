#include "ingest/http/message.hpp"

#include "base/utf8.hpp"

#include <atomic>

namespace trevo::http {

std::string_view find(const Headers& headers, std::string_view name) {
    for (const auto& [key, value] : headers) {
        if (equalsIgnoreCase(key, name)) return value;
    }
    return {};
}

struct Responder::State {
    explicit State(std::function<void(Answer)> function) : send(std::move(function)) {}
    ~State() {
        if (answered.exchange(true)) return;
        send(problem(500, "internal_error",
                     "the request was given up without an answer; it is safe to send it again"));
    }

    std::function<void(Answer)> send;
    std::atomic<bool> answered{false};
};

Responder::Responder(std::function<void(Answer)> send) : state_(std::make_shared<State>(std::move(send))) {}

void Responder::operator()(Response response) const {
    if (!state_->answered.exchange(true)) state_->send(std::move(response));
}

void Responder::operator()(StreamResponse response) const {
    if (!state_->answered.exchange(true)) state_->send(std::move(response));
}

} // namespace trevo::http
