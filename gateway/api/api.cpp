#include "api/api.hpp"

#include "api/events.hpp"
#include "api/pool.hpp"
#include "api/rows.hpp"

namespace trevo::api {

namespace {

http::Response unauthorized(bool presented) {
    http::Response response =
        presented ? http::problem(401, "bad_token", "The token is unknown, expired or revoked.")
                  : http::problem(401, "missing_token", "This needs an Authorization: Bearer token.");
    response.headers.emplace_back("WWW-Authenticate", presented
                                                          ? "Bearer realm=\"trevo\", error=\"invalid_token\""
                                                          : "Bearer realm=\"trevo\"");
    return response;
}

http::Response forbidden(const Route& route) {
    http::Response response =
        http::problem(403, "missing_scope",
                      "The token lacks the scope '" + std::string(route.scope) + "' that this needs.");
    response.headers.emplace_back("WWW-Authenticate",
                                  "Bearer realm=\"trevo\", error=\"insufficient_scope\", scope=\"" +
                                      std::string(route.scope) + '"');
    return response;
}

http::Response unrouted(const Found& found) {
    if (found.allow.empty())
        return http::problem(404, "unknown_path", "There is nothing here; see /openapi.json.");
    http::Response response =
        http::problem(405, "method_not_allowed", "This path does not take that method.");
    response.headers.emplace_back("Allow", found.allow);
    return response;
}

Principal operatorOfThisMachine() {
    return {"local", {"admin"}, std::nullopt};
}

bool open(const Route& route, const http::Head& head) {
    return route.scope.empty() || (route.openOnLoopback && fromLoopback(head));
}

bool mayCall(const Route& route, const Principal& principal) {
    return principal.may(route.scope) || (!route.orScope.empty() && principal.may(route.orScope));
}

} // namespace

class Api::Impl {
  public:
    Impl(const Config& config, store::Store& store, journal::Journal& journal, Operations& operations,
         const Clock& clock, AcceptRecords acceptRecords)
        : config_(config),
          access_(store.reader(), clock),
          pool_(config.threads, config.maxQueued),
          streams_(store.reader(), pool_, clock, config.maxStreams),
          services_{store.reader(), journal, operations, clock, access_, streams_, replaying_},
          acceptRecords_(std::move(acceptRecords)) {}

    http::Admission admit(const http::Head& head) {
        http::Admission admission;
        const Found found = findRoute(head.method, head.path);
        if (!found.route) {
            admission.refusal = unrouted(found);
            return admission;
        }
        const bool takesRecords = !found.route->handle;
        admission.maxBodyBytes = takesRecords                   ? config_.maxRecordsBytes
                                 : found.route->request.empty() ? kNoBody
                                                                : config_.maxBodyBytes;
        if (open(*found.route, head) || head.local) return admission;
        // Before any byte of the body: what memory alone can refuse.
        const std::string_view token = bearerToken(head);
        if (token.empty()) {
            admission.refusal = unauthorized(false);
        } else if (const auto known = access_.recall(token)) {
            if (!known->principal) {
                admission.refusal = unauthorized(true);
            } else if (!mayCall(*found.route, *known->principal)) {
                admission.refusal = forbidden(*found.route);
            }
        }
        return admission;
    }

    void handle(http::Request request, http::Responder respond) {
        Found found = findRoute(request.head.method, request.head.path);
        if (!found.route) {
            respond(unrouted(found));
            return;
        }
        if (!found.route->handle && takeRecordsNow(request, respond)) return;
        const bool queued = pool_.submit([this, found = std::move(found), request = std::move(request),
                                          respond]() mutable { answer(found, std::move(request), respond); });
        if (!queued) respond(http::problem(503, "busy", "Too many requests wait; try again.", {}, 1));
    }

    void eventsArrived(std::int64_t lastSequence) { streams_.arrived(lastSequence); }

    void stop() {
        streams_.stop();
        pool_.stop();
    }

  private:
    static constexpr std::size_t kNoBody = 4096; // for clients that send "{}" where nothing is asked for

    // The hot way: a token that memory knows needs no thread of ours.
    bool takeRecordsNow(http::Request& request, http::Responder& respond) {
        std::optional<Access::Known> known;
        if (request.head.local) {
            known = Access::Known{operatorOfThisMachine()};
        } else {
            known = access_.recall(bearerToken(request.head));
        }
        if (!known || !known->principal || !known->principal->may("records:write")) return false;
        acceptRecords_(*known->principal, std::move(request), respond);
        return true;
    }

    void answer(const Found& found, http::Request request, const http::Responder& respond) {
        try {
            const Route& route = *found.route;
            const bool isOpen = open(route, request.head);
            std::optional<Principal> principal;
            if (request.head.local) {
                principal = operatorOfThisMachine();
            } else if (!isOpen) {
                const std::string_view token = bearerToken(request.head);
                if (!token.empty()) principal = access_.check(token);
                if (!principal) return respond(unauthorized(!token.empty()));
            } else {
                principal = Principal{"anyone", {}, std::nullopt};
            }
            if (!isOpen && !mayCall(route, *principal)) return respond(forbidden(route));
            auto query = Query::parse(request.head.query, route.query);
            if (!query) return respond(badRequest(query.error()));
            if (!route.handle) return acceptRecords_(*principal, std::move(request), respond);
            std::visit([&]<class Ready>(Ready&& ready) { respond(std::forward<Ready>(ready)); },
                       route.handle(services_, {route, request, *principal, std::move(*query), found.id}));
        } catch (const std::exception& error) {
            services_.operations.failed(found.route->operation, error.what());
            respond(http::problem(500, "storage_failed", "The gateway could not answer; its log says why."));
        }
    }

    const Config config_;
    Access access_;
    Pool pool_;
    EventStreams streams_;
    std::mutex replaying_;
    Services services_;
    AcceptRecords acceptRecords_;
};

Api::Api(const Config& config, store::Store& store, journal::Journal& journal, Operations& operations,
         const Clock& clock, AcceptRecords acceptRecords)
    : impl_(std::make_unique<Impl>(config, store, journal, operations, clock, std::move(acceptRecords))) {}

Api::~Api() {
    stop();
}

http::Admission Api::admit(const http::Head& head) {
    return impl_->admit(head);
}

void Api::handle(http::Request request, http::Responder respond) {
    impl_->handle(std::move(request), std::move(respond));
}

void Api::eventsArrived(std::int64_t lastSequence) {
    impl_->eventsArrived(lastSequence);
}

void Api::stop() {
    impl_->stop();
}

} // namespace trevo::api
