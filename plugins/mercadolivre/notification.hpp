// What Mercado Livre announces: a resource to be fetched, and whose it is.
#pragma once

#include <trevo/outcome.hpp>
#include <trevo/settings.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace trevo::mercadolivre {

struct Notification {
    std::string id; // `_id`, `id`, or topic, resource and sent
    std::string resource, topic, userId;
    std::vector<std::string> actions;
};

// Fields in every shape seen: ids as numbers of 64 bits or texts, `_id` or `id`, no topic at all. Stops with
// a rejection that names the field.
Notification readNotification(std::string_view body);
Notification notificationOf(const nlohmann::json& object, const std::string& at);

struct Wanted {
    enum class What {
        Lead,     // /vis/leads/{id}
        Details,  // /leads/{id}/details: contact requests and reservations
        Question, // /questions/{id}
        Credit,   // /vis/loans/{id}
        Nothing   // another topic of the same application
    };
    What what = What::Nothing;
    std::string id;
};
Wanted wantedOf(const Notification& notification);

// The dealer whose seller that is. Stops with the rejection "unknown_dealer".
const Dealer& dealerOf(const std::string& userId, const std::vector<Dealer>& dealers);

} // namespace trevo::mercadolivre
