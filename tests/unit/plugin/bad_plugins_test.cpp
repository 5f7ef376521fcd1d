#include "support.hpp"

using namespace trevo;
using namespace trevo::plugin;

TEST_CASE("a library that is no sound plugin is refused with its reason before it is used") {
    struct Row {
        const char* library;
        const char* code;
        const char* detail;
    };
    const Row rows[] = {
        {"nowhere", "plugin_not_loaded", "nowhere.so"},
        {"undefined_symbol", "plugin_not_loaded", "nobody_defines_this"},
        {"no_symbol", "plugin_no_symbol", "trevo_plugin_v1 not found"},
        {"wrong_abi", "plugin_wrong_abi", "built for ABI 2, this gateway speaks 1"},
        {"wrong_size", "plugin_wrong_size", "has 56 bytes, expected 64"},
        {"null_function", "plugin_incomplete", "null"},
        {"bad_manifest", "plugin_bad_manifest", "did you mean 'capabilities'?"},
        {"id_mismatch", "plugin_id_mismatch", "says other 1.0.0, its manifest bad 1.0.0"},
        {"missing_capability", "plugin_capability_missing", "trevo.poll/1"},
    };
    for (const auto& row : rows) {
        INFO(row.library);
        const auto library = Library::load(badPath(row.library));
        REQUIRE_FALSE(library);
        CHECK(library.error().code == row.code);
        CHECK(library.error().field == badPath(row.library));
        CHECK_THAT(library.error().detail, Catch::Contains(row.detail));
    }
    CHECK(Library::load("build/plugin.so").error().code == "plugin_not_absolute");
}

TEST_CASE("a plugin that fails while it is set up gives a reason and no instance") {
    MemoryHost host;
    const auto thrown = Instance::create(loaded(badPath("throws_in_create")), {"acme", {}, {}}, host);
    REQUIRE_FALSE(thrown);
    CHECK(thrown.error().code == "plugin_threw");
    CHECK_THAT(thrown.error().detail, Catch::Contains("integration acme") && !Catch::Contains("Maria"));

    const auto none = Instance::create(loaded(badPath("no_instance")), {}, host);
    REQUIRE_FALSE(none);
    CHECK(none.error().code == "no_instance");

    const auto checked = Instance::check(*loaded(badPath("throws_in_check")), {});
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == "plugin_threw");
}

TEST_CASE("a call that misbehaves is a bug of the plugin and puts nothing out") {
    MemoryHost host;
    const std::pair<const char*, const char*> rows[] = {
        {"throws_in_call", "plugin_threw"},
        {"unknown_status", "unknown_status"},
        {"other_thread", "used_outside_call"},
    };
    for (const auto& [library, code] : rows) {
        INFO(library);
        const auto instance = made(badPath(library), host);
        for (int again = 0; again < 2; ++again) { // the host is as well as before
            const Brought brought = instance->poll();
            CHECK(brought.verdict.status == Status::Bug);
            CHECK(brought.verdict.problem.code == code);
            CHECK_THAT(brought.verdict.problem.detail, !Catch::Contains("Maria"));
            CHECK(brought.documents.empty());
        }
    }
}

TEST_CASE("records that are no records are never passed on") {
    MemoryHost host;
    const auto broken = made(badPath("broken_utf8"), host)->decode("inbound", "", "", "");
    CHECK(broken.verdict.status == Status::Bug);
    CHECK(broken.verdict.problem.code == "output_not_utf8");
    CHECK_THAT(broken.verdict.problem.detail, Catch::Contains("record 1 is not UTF-8 at byte 9"));

    const auto instance = made(badPath("not_json"), host);
    const std::pair<const char*, const char*> rows[] = {
        {"", "output_not_json"},     {"{", "output_not_json"},       {"{} {}", "output_not_json"},
        {"[]", "output_not_object"}, {"\"x\"", "output_not_object"}, {"nul", "output_not_json"},
    };
    for (const auto& [body, code] : rows) {
        INFO(body);
        const auto decoded = instance->decode("inbound", "", "", body);
        CHECK(decoded.verdict.status == Status::Bug);
        CHECK(decoded.verdict.problem.code == code);
        CHECK(decoded.records.empty());
    }
    CHECK(instance->decode("inbound", "", "", "{}").records.size() == 1);
}

TEST_CASE("a problem told by a plugin is made fit to be shown") {
    MemoryHost host;
    const auto decoded = made(badPath("broken_problem"), host)->decode("inbound", "", "", "");
    CHECK(decoded.verdict.status == Status::Reject);
    CHECK(decoded.verdict.problem == Problem{"plugin_problem", "(not UTF-8)", "", "line\\x0abreak"});
    CHECK(decoded.verdict.retryAfterSeconds == 0);
}

TEST_CASE("output over the limits is refused, not stored in part") {
    MemoryHost host;
    const auto decoded = made(badPath("too_large"), host, {}, {5'000, 10'000})->decode("inbound", "", "", "");
    CHECK(decoded.verdict.problem.code == "too_much_output");
    CHECK(decoded.records.empty());
    CHECK(made(badPath("too_large"), host, {}, {1 << 20, 3})->decode("inbound", "", "", "").records.empty());
    CHECK(made(badPath("too_large"), host)->decode("inbound", "", "", "").records.size() == 100);
}

TEST_CASE("a document that the gateway could not handle is a bug of the plugin that names the member") {
    MemoryHost host;
    const auto instance = made(badPath("bad_document"), host, {}, {1'000, 10});
    const std::pair<const char*, const char*> rows[] = {
        {"role", "unknown_role"},     {"content_type", "bad_content_type"}, {"key", "bad_key"},
        {"dealer", "unknown_dealer"}, {"body", "document_too_large"},       {"state", "bad_state_key"},
    };
    for (const auto& [fault, code] : rows) {
        INFO(fault);
        host.values["fault"] = fault;
        const Brought brought = instance->poll();
        CHECK(brought.verdict.status == Status::Bug);
        CHECK(brought.verdict.problem.code == code);
        CHECK(brought.documents.empty());
    }
    host.values["fault"] = "";
    const Brought good = instance->poll();
    CHECK(good.verdict.status == Status::Ok);
    REQUIRE(good.documents.size() == 1);
    CHECK(good.documents[0].role == "inbound");
}

TEST_CASE("a callback used after its call has returned is refused, and the next call tells") {
    MemoryHost host;
    const auto library = loaded(badPath("late_emit"));
    auto instance = Instance::create(library, {}, host);
    REQUIRE(instance);
    CHECK((*instance)->poll().verdict.status == Status::Ok);
    CHECK(Instance::check(*library, {})); // emits; the plugin would say CONFIG had it been taken
    const Brought next = (*instance)->poll();
    CHECK(next.verdict.problem.code == "used_outside_call");
    CHECK(next.documents.empty());
    CHECK((*instance)->poll().verdict.status == Status::Ok);
}
