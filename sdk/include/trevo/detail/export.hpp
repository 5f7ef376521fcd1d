// The glue between the C ABI and a plugin class. Not for use by itself.
#pragma once

#include <exception>
#include <memory>
#include <type_traits>
#include <typeinfo>

namespace trevo::detail {

template <class Author>
struct Instance {
    Config config;
    Host host;
    Author plugin;

    Instance(const trevo_config& raw, const trevo_host* rawHost)
        : config(Config::from(raw)), host(rawHost), plugin(config, host) {}
};

inline trevo_status tell(const Outcome& outcome, const trevo_report& report) {
    if (!outcome.ok()) {
        const trevo_problem problem{abi::text(outcome.code), abi::text(outcome.field),
                                    abi::text(outcome.place), abi::text(outcome.detail),
                                    outcome.retryAfterSeconds};
        report.problem(report.ctx, &problem);
    }
    return outcome.status;
}

// No exception crosses the boundary. The text of an unexpected one is not told: a JSON library's, for one,
// quotes the input, which is personal data.
template <class Call>
trevo_status guarded(const trevo_report& report, Call&& call) noexcept {
    try {
        try {
            return tell(call(), report);
        } catch (const Stop& stop) {
            return tell(stop.outcome(), report);
        } catch (const std::exception& error) {
            return tell(
                {TREVO_BUG, "plugin_exception", std::string("exception of type ") + typeid(error).name()},
                report);
        } catch (...) {
            return tell({TREVO_BUG, "plugin_exception", "exception of an unknown type"}, report);
        }
    } catch (...) { // no memory left to say more
        return TREVO_BUG;
    }
}

template <class Author>
struct Export {
    using Made = Instance<Author>;

    static trevo_status checkConfig(const trevo_config* config, const trevo_report* report) noexcept {
        return guarded(*report, [&] { return Author::check(Config::from(*config)); });
    }
    static trevo_status create(const trevo_config* config, const trevo_host* host, const trevo_report* report,
                               void** instance) noexcept {
        return guarded(*report, [&] {
            *instance = std::make_unique<Made>(*config, host).release();
            return Outcome::done();
        });
    }
    static void destroy(void* instance) noexcept { delete static_cast<Made*>(instance); }

    static Author& plugin(void* instance) { return static_cast<Made*>(instance)->plugin; }

    static trevo_status authenticate(void* instance, const trevo_push* push,
                                     const trevo_report* report) noexcept {
        return guarded(*report, [&] { return plugin(instance).authenticate(Push::from(*push)); });
    }
    static trevo_status decode(void* instance, const trevo_push* push,
                               const trevo_decode_sink* sink) noexcept {
        return guarded(sink->report, [&] {
            Records records(*sink);
            return plugin(instance).decode(Push::from(*push), records);
        });
    }
    static trevo_status fetch(void* instance, const trevo_push* push, const trevo_bring* raw) noexcept {
        return guarded(raw->report, [&] {
            Bring bring(*raw);
            return plugin(instance).fetch(Push::from(*push), bring);
        });
    }
    static trevo_status poll(void* instance, const trevo_bring* raw, std::int64_t* nextPollSeconds) noexcept {
        return guarded(raw->report, [&] {
            Bring bring(*raw);
            return plugin(instance).poll(bring, *nextPollSeconds);
        });
    }

    static trevo_status examine(void* instance, const trevo_examine_sink* sink) noexcept {
        return guarded(sink->report, [&] {
            Checks checks(*sink);
            return plugin(instance).examine(checks);
        });
    }

    static const void* capability(const char* id) noexcept {
        const std::string_view wanted(id);
        if constexpr (std::is_base_of_v<Authenticate, Author>) {
            static constexpr trevo_authenticate kTable{authenticate};
            if (wanted == TREVO_AUTHENTICATE_ID) return &kTable;
        }
        if constexpr (std::is_base_of_v<Decode, Author>) {
            static constexpr trevo_decode kTable{decode};
            if (wanted == TREVO_DECODE_ID) return &kTable;
        }
        if constexpr (std::is_base_of_v<Fetch, Author>) {
            static constexpr trevo_fetch kTable{fetch};
            if (wanted == TREVO_FETCH_ID) return &kTable;
        }
        if constexpr (std::is_base_of_v<Poll, Author>) {
            static constexpr trevo_poll kTable{poll};
            if (wanted == TREVO_POLL_ID) return &kTable;
        }
        if constexpr (std::is_base_of_v<Examine, Author>) {
            static constexpr trevo_examine kTable{examine};
            if (wanted == TREVO_EXAMINE_ID) return &kTable;
        }
        return nullptr;
    }
};

} // namespace trevo::detail

// Written by trevo_add_plugin() out of plugin.toml.
extern "C" const char trevo_embedded_id[];
extern "C" const char trevo_embedded_version[];
extern "C" const char trevo_embedded_manifest[];

// Exports the class as this library's plugin. Once, at global scope, in one source file.
#define TREVO_PLUGIN(Author)                                                                                 \
    extern "C" TREVO_EXPORT constinit const trevo_plugin_descriptor trevo_plugin_v1{                         \
        TREVO_ABI,                                                                                           \
        sizeof(trevo_plugin_descriptor),                                                                     \
        trevo_embedded_id,                                                                                   \
        trevo_embedded_version,                                                                              \
        trevo_embedded_manifest,                                                                             \
        trevo::detail::Export<Author>::checkConfig,                                                          \
        trevo::detail::Export<Author>::create,                                                               \
        trevo::detail::Export<Author>::destroy,                                                              \
        trevo::detail::Export<Author>::capability};
