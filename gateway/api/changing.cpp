// Changes to people and tokens. Every one is audited.
#include "api/body.hpp"
#include "api/rows.hpp"

#include "base/hash.hpp"

#include <algorithm>

namespace trevo::api::changing {

namespace {

constexpr std::size_t kMaxReason = 500;

bool isScope(const std::string& scope) {
    return std::find(std::begin(kScopes), std::end(kScopes), scope) != std::end(kScopes);
}

} // namespace

Answer merge(Services& services, const Call& call) {
    BodyReader body(call.request.body);
    body.require("with");
    const std::string with = body.text("with").value_or("");
    const std::string reason = body.text("reason", kMaxReason).value_or("");
    if (with == call.id) body.fail("with", "same_person", "A person can not be merged with itself.");
    if (const auto problem = body.finish()) return badRequest(*problem);
    for (const std::string& id : {call.id, with}) {
        if (!personSeen(services, call.principal, id)) return notFound("person", id);
    }
    const auto actor = actorOf(call.principal, reason);
    const auto kept = services.operations.merge(call.id, with, actor);
    if (!kept) return refused(kept.error());
    services.operations.audit(actor, call.route.operation, call.id + ' ' + with);
    JsonWriter out;
    out.beginObject().member("person_id", *kept).member("merged_id", with).endObject();
    return ok(200, out);
}

Answer unmerge(Services& services, const Call& call) {
    BodyReader body(call.request.body);
    const std::string reason = body.text("reason", kMaxReason).value_or("");
    if (const auto problem = body.finish()) return badRequest(*problem);
    if (!personSeen(services, call.principal, call.id)) return notFound("person", call.id);
    const auto actor = actorOf(call.principal, reason);
    const auto restored = services.operations.unmerge(call.id, actor);
    if (!restored) return refused(restored.error());
    services.operations.audit(actor, call.route.operation, call.id);
    JsonWriter out;
    out.beginObject().member("person_ids", *restored).endObject();
    return ok(200, out);
}

Answer tokens(Services& services, const Call& call) {
    JsonWriter out;
    out.beginObject().key("items").beginArray();
    for (const store::Token& token : services.reader.tokens())
        // An administrator of some dealers sees the tokens that reach no further than these.
        if (seesAll(call.principal, token.dealers)) write(out, token);
    out.endArray().endObject();
    return ok(200, out);
}

Answer createToken(Services& services, const Call& call) {
    BodyReader body(call.request.body);
    store::Token token;
    body.require("name");
    body.require("scopes");
    token.name = body.text("name", 80).value_or("");
    token.scopes = body.texts("scopes", 8).value_or(std::vector<std::string>{});
    token.dealers = body.texts("dealers").value_or(std::vector<std::string>{});
    token.expiresAt = body.time("expires_at");
    token.createdAt = services.clock.now();
    if (token.name.empty()) body.fail("name", "missing_field", "A token needs a name.");
    if (token.scopes.empty() || !std::all_of(token.scopes.begin(), token.scopes.end(), isScope))
        body.fail("scopes", "unknown_scope", "Expected some of records:write, read, operate, admin.");
    if (token.expiresAt && *token.expiresAt <= token.createdAt)
        body.fail("expires_at", "in_the_past", "Expected a time to come.");
    if (const auto problem = body.finish()) return badRequest(*problem);
    // Nobody hands out more than they hold.
    if (!seesAll(call.principal, token.dealers))
        return http::problem(403, "dealer_not_yours",
                             "A token that is limited to dealers can only make tokens for these.",
                             {{"dealer_not_yours", "/dealers", "", "Name dealers of your own token."}});
    token.id = "t_" + hex(randomBytes(6));
    const std::string secret = newToken();
    services.operations.addToken(token, asView(sha256(secret)));
    // The secret may have been asked for before it was known; forget that answer.
    services.access.forget();
    services.operations.audit(actorOf(call.principal), call.route.operation, token.id);
    JsonWriter out;
    write(out, token, secret);
    http::Response response = ok(201, out);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Answer revokeToken(Services& services, const Call& call) {
    const auto all = services.reader.tokens();
    const auto token =
        std::find_if(all.begin(), all.end(), [&](const store::Token& t) { return t.id == call.id; });
    if (token == all.end() || !seesAll(call.principal, token->dealers)) return notFound("token", call.id);
    const bool revoked = services.operations.revokeToken(call.id);
    services.access.forget();
    if (!revoked) return http::problem(409, "already_revoked", "The token was revoked before.");
    services.operations.audit(actorOf(call.principal), call.route.operation, call.id);
    JsonWriter out;
    out.beginObject().member("id", call.id).flag("revoked", true).endObject();
    return ok(200, out);
}

} // namespace trevo::api::changing
