// Internal to the module: takes what a call puts out, and believes none of it unchecked.
#pragma once

#include "plugin/boundary.hpp"
#include "plugin/call_scope.hpp"

#include "trevo/abi/decode.h"
#include "trevo/abi/examine.h"

#include <memory>
#include <optional>

namespace trevo::plugin {

// One per instance, emptied before each call. Its address stays the same and is known to the plugin, so it
// lives as long as the instance: a callback used too late finds it, and is refused.
class Sinks {
  public:
    Sinks(const Manifest& manifest, const InstanceConfig& config, const Limits& limits, CallScope& scope);
    ~Sinks();
    Sinks(const Sinks&) = delete;
    Sinks& operator=(const Sinks&) = delete;

    void reset();

    const trevo_report* report() const { return &bring_.report; }
    const trevo_decode_sink* decode() const { return &decode_; }
    const trevo_bring* bring() const { return &bring_; }
    const trevo_examine_sink* examine() const { return &examine_; }

    const Told& told() const { return told_; }
    // The first thing that was put out and is not what it must be; the call is then a bug whatever it
    // returned.
    const std::optional<Problem>& fault() const { return fault_; }
    bool full() const { return full_; } // something was refused because of the limits

    std::vector<std::string> records;
    std::vector<Document> documents;
    std::vector<std::pair<std::string, std::string>> states;
    std::vector<Check> checks;

  private:
    static void problem(void* ctx, const trevo_problem* raw) noexcept;
    static trevo_status record(void* ctx, trevo_text json) noexcept;
    static trevo_status document(void* ctx, const trevo_document* raw) noexcept;
    static trevo_status state(void* ctx, trevo_text key, trevo_text value) noexcept;
    static trevo_status check(void* ctx, const trevo_check* raw) noexcept;

    trevo_status takeCheck(const trevo_check& raw);
    trevo_status takeRecord(std::string_view json);
    trevo_status takeDocument(const trevo_document& raw);
    trevo_status takeState(std::string_view key, std::string_view value);
    trevo_status refuse(std::string code, std::string field, std::string detail);
    bool hasRoom(std::size_t size, std::size_t count);

    const Manifest& manifest_;
    const InstanceConfig& config_;
    const Limits& limits_;
    CallScope& scope_;
    struct Json;
    std::unique_ptr<Json> json_;

    Told told_;
    std::optional<Problem> fault_;
    bool full_ = false;
    std::size_t bytes_ = 0;
    trevo_decode_sink decode_;
    trevo_bring bring_;
    trevo_examine_sink examine_;
};

} // namespace trevo::plugin
