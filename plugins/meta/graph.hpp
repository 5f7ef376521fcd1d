// Questions to the Graph API. The token travels in the query, as Meta documents it; the host keeps queries
// out of its log.
#pragma once

#include <trevo/host.hpp>
#include <trevo/settings.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace trevo::meta {

// One page of a form's leads.
struct LeadPage {
    struct Lead {
        std::string id;
        std::string body; // a JSON object of the shape of a single lead
    };
    std::vector<Lead> leads;
    std::string after; // cursor of the next page; empty: this was the last
};

class Graph {
  public:
    // Both outlive it.
    Graph(const Settings& settings, const Host& host) : settings_(settings), host_(host) {}

    // The details as they came. Trouble stops the call with the outcome that says what to do; a lead that the
    // token does not see (a test lead, or hidden by the Leads Access Manager) is a rejection.
    std::string lead(const std::string& leadId, const std::string& token) const;

    // Leads that were created after `sinceSeconds`.
    LeadPage leads(const std::string& formId, std::int64_t sinceSeconds, const std::string& after,
                   const std::string& token) const;

    // Whatever is answered.
    HttpResponse get(const std::string& path, const Pairs& query, const std::string& token) const;

  private:
    std::string ask(const std::string& path, const Pairs& query, const std::string& token) const;

    const Settings& settings_;
    const Host& host_;
};

// What an answer other than 200 means, by Graph's error code before the status.
Outcome troubleOf(const HttpResponse& response);

} // namespace trevo::meta
