#include "api/schemas.hpp"

namespace trevo::api {

std::string_view schemasJson() {
    static constexpr std::string_view kSchemas = R"json({
"Problem":{"type":"object","description":"RFC 9457","required":["title","status","code"],"properties":{
  "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"code":{"type":"string"},
  "detail":{"type":"string"},"errors":{"type":"array","items":{"type":"object","properties":{
    "code":{"type":"string"},"field":{"type":"string"},"place":{"type":"string"},"detail":{"type":"string"}}}}}},
"CanonicalRecord":{"type":"object","description":"A canonical record; see the published schema of its kind.",
  "required":["kind","source"],"properties":{"kind":{"type":"string"},
  "source":{"type":"object","additionalProperties":true}},
  "additionalProperties":true},
"Records":{"oneOf":[{"$ref":"#/components/schemas/CanonicalRecord"},
  {"type":"array","items":{"$ref":"#/components/schemas/CanonicalRecord"}}]},
"Receipts":{"type":"object","additionalProperties":true},
"Record":{"type":"object","required":["id","record_id","kind","integration","external_id","person_id","negotiation_id",
  "received_at","record"],"properties":{
  "id":{"type":"string"},"record_id":{"type":"string","description":"The same as id."},"kind":{"type":"string"},
  "integration":{"type":"string"},
  "external_id":{"type":"string","nullable":true},"dealer":{"type":"string","nullable":true},
  "person_id":{"type":"string","nullable":true},"negotiation_id":{"type":"string","nullable":true},
  "receipt":{"type":"string","format":"uuid"},"received_at":{"type":"string","format":"date-time"},
  "occurred_at":{"type":"string","format":"date-time"},"updated_at":{"type":"string","format":"date-time"},
  "revision":{"type":"integer"},"trial":{"type":"boolean"},
  "state":{"type":"string","enum":["accepted","duplicate","refused"],
    "description":"What the dealer group's policy on duplicates made of it."},
  "duplicate_of":{"type":"string","nullable":true},"reason":{"type":"string","nullable":true},
  "disputed_document":{"type":"boolean",
    "description":"The customer's document is valid and not believed: the person has another one, or it came with many people."},
  "record":{"$ref":"#/components/schemas/CanonicalRecord"}}},
"RecordPage":{"type":"object","required":["items","next"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Record"}},
  "next":{"type":"string","nullable":true,"description":"Path and query of the next page."}}},
"Revision":{"type":"object","required":["revision","receipt","received_at","record"],"properties":{
  "revision":{"type":"integer"},"receipt":{"type":"string","format":"uuid"},
  "received_at":{"type":"string","format":"date-time"},"record":{"$ref":"#/components/schemas/CanonicalRecord"}}},
"RecordWithRevisions":{"type":"object","required":["record","revisions"],"properties":{
  "record":{"$ref":"#/components/schemas/Record"},
  "revisions":{"type":"array","items":{"$ref":"#/components/schemas/Revision"}}}},
"Person":{"type":"object","required":["id","first_seen","last_seen","records","negotiations","merged_ids",
  "customer"],"properties":{
  "id":{"type":"string"},"first_seen":{"type":"string","format":"date-time"},
  "last_seen":{"type":"string","format":"date-time"},"records":{"type":"integer"},
  "negotiations":{"type":"integer"},"merged_ids":{"type":"array","items":{"type":"string"}},
  "customer":{"type":"object","nullable":true,"additionalProperties":true}}},
"PersonPage":{"type":"object","required":["items","next"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Person"}},
  "next":{"type":"string","nullable":true}}},
"Negotiation":{"type":"object","required":["id","person_id","state","opened_at","last_event_at","records"],
  "properties":{
  "id":{"type":"string"},"person_id":{"type":"string"},"dealer":{"type":"string","nullable":true},
  "state":{"type":"string","enum":["open","closed"]},"opened_at":{"type":"string","format":"date-time"},
  "last_event_at":{"type":"string","format":"date-time"},"records":{"type":"array","items":{"type":"string"}},
  "vehicle":{"type":"object","nullable":true,"additionalProperties":true}}},
"NegotiationPage":{"type":"object","required":["items","next"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Negotiation"}},
  "next":{"type":"string","nullable":true}}},
"Delivery":{"type":"object","required":["receipt","integration","state","received_at"],"properties":{
  "receipt":{"type":"string","format":"uuid"},"integration":{"type":"string"},"door":{"type":"string"},
  "content_type":{"type":"string"},"received_at":{"type":"string","format":"date-time"},
  "state":{"type":"string","enum":["ready","done","dead","dropped"]},"attempt":{"type":"integer"},
  "trial":{"type":"boolean"},"parent":{"type":"string","nullable":true},
  "reason":{"type":"object","nullable":true,"properties":{"stage":{"type":"string"},"code":{"type":"string"},
    "field":{"type":"string"},"place":{"type":"string"},"detail":{"type":"string"}}},
  "meta":{"type":"object","nullable":true,"additionalProperties":true},
  "body_encoding":{"type":"string","enum":["utf-8","base64"]},"body":{"type":"string"}}},
"DeliveryPage":{"type":"object","required":["items","next"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Delivery"}},
  "next":{"type":"string","nullable":true}}},
"DeliveryState":{"type":"object","required":["receipt","state"],"properties":{
  "receipt":{"type":"string","format":"uuid"},"state":{"type":"string"}}},
"Receipt":{"type":"object","required":["receipt","state","records","children"],"properties":{
  "receipt":{"type":"string","format":"uuid"},"state":{"type":"string",
    "enum":["ready","done","dead","dropped","refused"],"description":"refused: done, but every record is a refused duplicate."},
  "delivery":{"type":"object","nullable":true,"additionalProperties":true,
    "description":"The delivery as the journal holds it; null when its time was over."},
  "records":{"type":"array","items":{"type":"object","properties":{"record_id":{"type":"string"},
    "kind":{"type":"string"},"person_id":{"type":"string","nullable":true},
    "negotiation_id":{"type":"string","nullable":true},
    "state":{"type":"string","enum":["accepted","duplicate","refused"]},
    "duplicate_of":{"type":"string","nullable":true},"reason":{"type":"string","nullable":true}}}},
  "children":{"type":"array","items":{"$ref":"#/components/schemas/Delivery"},
    "description":"What this delivery led to: details that its hint fetched, parts of it that were refused."}}},
"Event":{"type":"object","required":["sequence","type","at","subject","data"],"properties":{
  "sequence":{"type":"integer"},"type":{"type":"string"},"at":{"type":"string","format":"date-time"},
  "subject":{"type":"string"},"dealer":{"type":"string","nullable":true},
  "data":{"type":"object","nullable":true,"additionalProperties":true}}},
"EventPage":{"type":"object","required":["items","next"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Event"}},
  "next":{"type":"string","description":"Always there: the feed has no end."}}},
"Decision":{"type":"object","required":["number","kind","at","actor","evidence"],"properties":{
  "number":{"type":"integer"},"kind":{"type":"string"},"record_id":{"type":"string","nullable":true},
  "person_id":{"type":"string","nullable":true},"other_id":{"type":"string","nullable":true},
  "at":{"type":"string","format":"date-time"},"actor":{"type":"string"},"reason":{"type":"string","nullable":true},
  "model":{"type":"string","nullable":true},
  "evidence":{"type":"object","nullable":true,"additionalProperties":true}}},
"Explanation":{"type":"object","required":["id","kind","decisions"],"properties":{
  "id":{"type":"string"},"kind":{"type":"string","enum":["record","person"]},
  "decisions":{"type":"array","items":{"$ref":"#/components/schemas/Decision"}}}},
"Trace":{"type":"object","required":["receipt","delivery","children","records","events"],"properties":{
  "receipt":{"type":"string","format":"uuid"},
  "delivery":{"type":"object","nullable":true,"additionalProperties":true},
  "children":{"type":"array","items":{"$ref":"#/components/schemas/Delivery"}},
  "records":{"type":"array","items":{"type":"object","required":["record","decisions"],"properties":{
    "record":{"$ref":"#/components/schemas/Record"},
    "decisions":{"type":"array","items":{"$ref":"#/components/schemas/Decision"}}}}},
  "events":{"type":"array","items":{"$ref":"#/components/schemas/Event"}}}},
"Match":{"type":"object","required":["id","state","record_id","person_id","opened_at","candidates"],"properties":{
  "id":{"type":"string"},"state":{"type":"string","enum":["open","accepted","rejected","closed"]},
  "record_id":{"type":"string"},"person_id":{"type":"string","description":"Whom the record belongs to now."},
  "dealer":{"type":"string","nullable":true},"opened_at":{"type":"string","format":"date-time"},
  "settled_at":{"type":"string","format":"date-time","nullable":true},"actor":{"type":"string","nullable":true},
  "reason":{"type":"string","nullable":true},
  "candidates":{"type":"array","items":{"type":"object","required":["person_id"],"properties":{
    "person_id":{"type":"string"},"evidence":{"type":"object","nullable":true,"additionalProperties":true}}}}}},
"MatchPage":{"type":"object","required":["items","next"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Match"}},
  "next":{"type":"string","nullable":true}}},
"MatchSides":{"type":"object","required":["match","record","person","candidates"],"properties":{
  "match":{"$ref":"#/components/schemas/Match"},"record":{"$ref":"#/components/schemas/Record"},
  "person":{"$ref":"#/components/schemas/Person"},
  "candidates":{"type":"array","description":"The same order as in the match.",
    "items":{"$ref":"#/components/schemas/Person"}}}},
"MatchAnswer":{"type":"object","properties":{
  "with":{"type":"string","description":"A candidate; may be left out to accept the only one or to reject all."},
  "reason":{"type":"string"}}},
"Accepted":{"type":"object","required":["match","person_id"],"properties":{
  "match":{"type":"string"},"person_id":{"type":"string"}}},
"Rejected":{"type":"object","required":["match","rejected"],"properties":{
  "match":{"type":"string"},"rejected":{"type":"boolean"}}},
"PersonEdit":{"type":"object","description":"A part of a canonical customer; what is null or absent stays as it is.",
  "properties":{"name":{"type":"string","nullable":true},"document":{"type":"string","nullable":true},
  "phones":{"type":"array","nullable":true,"items":{"type":"string"}},
  "emails":{"type":"array","nullable":true,"items":{"type":"string"}},
  "birth_date":{"type":"string","nullable":true},
  "address":{"type":"object","nullable":true,"additionalProperties":true},
  "consent":{"type":"object","nullable":true,"additionalProperties":{"type":"boolean"}},
  "reason":{"type":"string","nullable":true}}},
"Pin":{"type":"object","required":["person_id","field","value","at","actor"],"properties":{
  "person_id":{"type":"string","description":"The id that was edited; it may have been merged since."},
  "field":{"type":"string"},"value":{"description":"As in a canonical customer."},
  "at":{"type":"string","format":"date-time"},"actor":{"type":"string"},
  "reason":{"type":"string","nullable":true}}},
"PinList":{"type":"object","required":["items"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Pin"}}}},
"PersonExport":{"type":"object","required":["person","ids","pins","records","negotiations","decisions","matches","events",
  "audit","deliveries"],"properties":{
  "person":{"$ref":"#/components/schemas/Person"},"ids":{"type":"array","items":{"type":"string"}},
  "records":{"type":"array","items":{"$ref":"#/components/schemas/RecordWithRevisions"}},
  "negotiations":{"type":"array","items":{"$ref":"#/components/schemas/Negotiation"}},
  "decisions":{"type":"array","items":{"$ref":"#/components/schemas/Decision"}},
  "matches":{"type":"array","items":{"$ref":"#/components/schemas/Match"}},
  "events":{"type":"array","items":{"$ref":"#/components/schemas/Event"}},
  "pins":{"type":"array","items":{"$ref":"#/components/schemas/Pin"}},
  "audit":{"type":"array","items":{"type":"object","properties":{"at":{"type":"string","format":"date-time"},
    "actor":{"type":"string"},"action":{"type":"string"},"subject":{"type":"string"},
    "reason":{"type":"string","nullable":true}}}},
  "deliveries":{"type":"array","items":{"type":"object","properties":{
    "shared":{"type":"boolean","description":"It spoke of others too, so its bytes are not shown."},
    "delivery":{"$ref":"#/components/schemas/Delivery"}}}}}},
"Erase":{"type":"object","properties":{"reason":{"type":"string"},"dry_run":{"type":"boolean"}}},
"Erased":{"type":"object","required":["person_ids","records","deliveries","shared_deliveries","archived_files","dry_run",
  "files_with_values_of_others"],"properties":{
  "person_ids":{"type":"array","items":{"type":"string"}},"records":{"type":"integer"},
  "deliveries":{"type":"integer"},"shared_deliveries":{"type":"integer"},"archived_files":{"type":"integer"},"dry_run":{"type":"boolean"},
  "files_with_values_of_others":{"type":"array","items":{"type":"string"},
    "description":"Files that hold a number or address of the person still, because somebody else has it too."}}},
"Merge":{"type":"object","required":["with"],"properties":{
  "with":{"type":"string","description":"The person that becomes part of this one."},"reason":{"type":"string"}}},
"Merged":{"type":"object","required":["person_id","merged_id"],"properties":{
  "person_id":{"type":"string"},"merged_id":{"type":"string"}}},
"Reason":{"type":"object","properties":{"reason":{"type":"string"}}},
"Unmerged":{"type":"object","required":["person_ids"],"properties":{
  "person_ids":{"type":"array","items":{"type":"string"}}}},
"Replay":{"type":"object","description":"At least one filter.","properties":{
  "receipts":{"type":"array","items":{"type":"string"}},"integration":{"type":"string"},
  "state":{"type":"string","enum":["done","dead"]},"since":{"type":"string","format":"date-time"},
  "until":{"type":"string","format":"date-time"},"dry_run":{"type":"boolean"}}},
"Replayed":{"type":"object","required":["matched","replayed","dry_run"],"properties":{
  "matched":{"type":"integer"},"replayed":{"type":"integer"},"dry_run":{"type":"boolean"}}},
"Token":{"type":"object","required":["id","name","scopes","dealers","created_at"],"properties":{
  "id":{"type":"string"},"name":{"type":"string"},"scopes":{"type":"array","items":{"type":"string"}},
  "dealers":{"type":"array","items":{"type":"string"},"description":"Empty: all."},
  "created_at":{"type":"string","format":"date-time"},
  "expires_at":{"type":"string","format":"date-time","nullable":true},
  "revoked_at":{"type":"string","format":"date-time","nullable":true}}},
"TokenList":{"type":"object","required":["items"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Token"}}}},
"NewToken":{"type":"object","required":["name","scopes"],"properties":{
  "name":{"type":"string"},"scopes":{"type":"array","items":{"type":"string",
    "enum":["records:write","read","operate","admin"]}},
  "dealers":{"type":"array","items":{"type":"string"}},"expires_at":{"type":"string","format":"date-time"}}},
"CreatedToken":{"allOf":[{"$ref":"#/components/schemas/Token"},{"type":"object","required":["token"],"properties":{
  "token":{"type":"string","description":"Shown this once; only its hash is kept."}}}]},
"RevokedToken":{"type":"object","required":["id","revoked"],"properties":{
  "id":{"type":"string"},"revoked":{"type":"boolean"}}},
"Integration":{"type":"object","required":["id","plugin","state","dealers"],"properties":{
  "id":{"type":"string"},"plugin":{"type":"string"},
  "state":{"type":"string","enum":["running","paused","suspended"]},
  "dealers":{"type":"array","items":{"type":"string"}},"last_problem":{"type":"string","nullable":true},
  "last_delivery":{"type":"string","format":"date-time","nullable":true},
  "next_poll":{"type":"string","format":"date-time","nullable":true}}},
"IntegrationList":{"type":"object","required":["items"],"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Integration"}}}},
"Started":{"type":"object","required":["integration","started"],"properties":{
  "integration":{"type":"string"},"started":{"type":"boolean"}}},
"Paused":{"type":"object","required":["integration","paused"],"properties":{
  "integration":{"type":"string"},"paused":{"type":"boolean"}}},
"Examined":{"type":"object","required":["integration","ok","checks"],"properties":{
  "integration":{"type":"string"},"ok":{"type":"boolean"},
  "checks":{"type":"array","items":{"type":"object","required":["name","state","detail"],"properties":{
    "name":{"type":"string"},"state":{"type":"string","enum":["good","failed","unknown"]},
    "dealer":{"type":"string","nullable":true},"detail":{"type":"string"},
    "advice":{"type":"string","nullable":true}}}}}},
"Tried":{"type":"object","required":["receipt"],"properties":{"receipt":{"type":"string"}}},
"Status":{"type":"object","required":["daemon","ready","reasons","journal","store","integrations"],"properties":{
  "daemon":{"type":"object","nullable":true,"additionalProperties":true},"ready":{"type":"boolean"},
  "reasons":{"type":"array","items":{"type":"string"}},
  "journal":{"type":"object","properties":{"accepting":{"type":"boolean"},"ready":{"type":"integer"},
    "ready_bytes":{"type":"integer"},"dead":{"type":"integer"},"appended":{"type":"integer"},
    "repeated":{"type":"integer"},"refused":{"type":"integer"},"commits":{"type":"integer"},
    "oldest_ready_seconds":{"type":"integer"}}},
  "store":{"type":"object","properties":{"records":{"type":"integer"},"people":{"type":"integer"},
    "negotiations":{"type":"integer"},"last_event":{"type":"integer"}}},
  "event_streams":{"type":"integer"},
  "integrations":{"type":"array","items":{"$ref":"#/components/schemas/Integration"}}}},
"Readiness":{"type":"object","required":["ready","reasons"],"properties":{
  "ready":{"type":"boolean"},"reasons":{"type":"array","items":{"type":"string"}}}},
"OpenApi":{"type":"object","additionalProperties":true}
})json";
    return kSchemas;
}

} // namespace trevo::api
