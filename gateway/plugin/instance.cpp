#include "plugin/boundary.hpp"
#include "plugin/call_scope.hpp"
#include "plugin/library_impl.hpp"
#include "plugin/push.hpp"
#include "plugin/services.hpp"
#include "plugin/sinks.hpp"

#include <algorithm>
#include <stdexcept>

namespace trevo::plugin {

namespace {

constexpr std::int64_t kLongestPollSeconds = 24 * 3600;

void takeProblem(void* ctx, const trevo_problem* raw) noexcept {
    try {
        if (raw) static_cast<Told*>(ctx)->take(*raw);
    } catch (...) { // the status still says what to do
    }
}

// Every status but OK as the reason why a configuration does not do.
Problem reasonOf(const Verdict& verdict, const InstanceConfig& config) {
    Problem problem = verdict.problem;
    problem.detail = "integration " + config.integration + ": " + problem.detail;
    return problem;
}

} // namespace

struct Instance::Impl {
    std::shared_ptr<Library> library;
    InstanceConfig config;
    Limits limits;
    CallScope scope;
    Services services;
    Sinks sinks;
    void* made = nullptr;

    Impl(std::shared_ptr<Library> from, InstanceConfig settings, Host& host, const Limits& bounds)
        : library(std::move(from)),
          config(std::move(settings)),
          limits(bounds),
          services(host, scope),
          sinks(library->manifest(), config, limits, scope) {}

    const Library::Impl& plugin() const { return *library->impl_; }

    // One call into the plugin, checked on all sides.
    template <class Function>
    Verdict call(Function&& function) {
        sinks.reset();
        const bool abusedBefore = scope.takeAbuse();
        Verdict verdict;
        services.callBegins();
        {
            const CallScope::Entered entered(scope);
            verdict = contained(sinks.told(), function);
        }
        services.callEnded();
        if (scope.takeAbuse() || abusedBefore) {
            return bug("used_outside_call", "the plugin used a callback or a service after its call had "
                                            "returned, or from another thread");
        }
        if (sinks.fault()) return {Status::Bug, 0, *sinks.fault()};
        return verdict;
    }
};

Instance::Instance(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Instance::~Instance() {
    try {
        impl_->services.callBegins();
        const CallScope::Entered entered(impl_->scope);
        impl_->plugin().descriptor->destroy(impl_->made);
        impl_->services.callEnded();
    } catch (...) { // the instance is gone for us either way
    }
}

Result<Done> Instance::check(const Library& library, const InstanceConfig& config) {
    const RawConfig raw(config);
    Told told;
    const trevo_report report{&told, takeProblem};
    const Verdict verdict =
        contained(told, [&] { return library.impl_->descriptor->check_config(&raw.get(), &report); });
    if (verdict.status != Status::Ok) return reasonOf(verdict, config);
    return Done{};
}

Result<std::unique_ptr<Instance>> Instance::create(std::shared_ptr<Library> library, InstanceConfig config,
                                                   Host& host, const Limits& limits) {
    auto impl = std::make_unique<Impl>(std::move(library), std::move(config), host, limits);
    const RawConfig raw(impl->config);
    trevo_status returned = TREVO_BUG;
    const Verdict verdict = impl->call([&] {
        returned = impl->plugin().descriptor->create(&raw.get(), impl->services.raw(), impl->sinks.report(),
                                                     &impl->made);
        return returned;
    });
    if (returned != TREVO_OK) return reasonOf(verdict, impl->config); // nothing to destroy
    if (!impl->made) {
        return reasonOf(bug("no_instance", "the plugin said that it had made an instance and gave none"),
                        impl->config);
    }
    std::unique_ptr<Instance> instance(new Instance(std::move(impl)));
    if (verdict.status != Status::Ok) return reasonOf(verdict, instance->impl_->config);
    return instance;
}

bool Instance::canAuthenticate() const {
    return impl_->plugin().authenticate != nullptr;
}
bool Instance::canDecode() const {
    return impl_->plugin().decode != nullptr;
}
bool Instance::canFetch() const {
    return impl_->plugin().fetch != nullptr;
}
bool Instance::canExamine() const {
    return impl_->plugin().examine != nullptr;
}
bool Instance::canPoll() const {
    return impl_->plugin().poll != nullptr;
}

namespace {

void require(bool able, const char* capability) {
    if (!able) throw std::logic_error(std::string("the plugin has no capability ") + capability);
}

} // namespace

Verdict Instance::authenticate(const AuthenticateRequest& request) {
    require(canAuthenticate(), "authenticate");
    const RawPush push("inbound", "", request.metaJson, request.body);
    return impl_->call([&] {
        return impl_->plugin().authenticate->authenticate(impl_->made, &push.get(), impl_->sinks.report());
    });
}

Decoded Instance::decode(std::string_view role, std::string_view contentType, std::string_view metaJson,
                         std::string_view body) {
    require(canDecode(), "decode");
    const RawPush push(role, contentType, metaJson, body);
    Decoded decoded;
    decoded.verdict = impl_->call(
        [&] { return impl_->plugin().decode->decode(impl_->made, &push.get(), impl_->sinks.decode()); });
    if (decoded.verdict.status != Status::Ok) return decoded;
    if (impl_->sinks.full()) { // part of a document's records is not its meaning
        decoded.verdict =
            bug("too_much_output", "the plugin made more records than one call may and did not stop");
        return decoded;
    }
    decoded.records = std::move(impl_->sinks.records);
    return decoded;
}

Brought Instance::fetch(std::string_view contentType, std::string_view body) {
    require(canFetch(), "fetch");
    const RawPush push("inbound", contentType, "", body);
    Brought brought;
    brought.verdict = impl_->call(
        [&] { return impl_->plugin().fetch->fetch(impl_->made, &push.get(), impl_->sinks.bring()); });
    if (brought.verdict.status == Status::Bug) return brought;
    brought.documents = std::move(impl_->sinks.documents);
    brought.stateChanges = std::move(impl_->sinks.states);
    return brought;
}

Brought Instance::poll() {
    require(canPoll(), "poll");
    Brought brought;
    std::int64_t next = 0;
    brought.verdict =
        impl_->call([&] { return impl_->plugin().poll->poll(impl_->made, impl_->sinks.bring(), &next); });
    if (brought.verdict.status == Status::Bug) return brought;
    brought.documents = std::move(impl_->sinks.documents);
    brought.stateChanges = std::move(impl_->sinks.states);
    brought.nextPollSeconds = std::clamp<std::int64_t>(next, 0, kLongestPollSeconds);
    return brought;
}

Examined Instance::examine() {
    require(canExamine(), "examine");
    Examined examined;
    examined.verdict =
        impl_->call([&] { return impl_->plugin().examine->examine(impl_->made, impl_->sinks.examine()); });
    if (examined.verdict.status != Status::Bug) examined.checks = std::move(impl_->sinks.checks);
    return examined;
}

} // namespace trevo::plugin
