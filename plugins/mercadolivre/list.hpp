// The list of interested people, grouped by buyer and vehicle: GET /vis/users/{seller}/leads/buyers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::mercadolivre {

struct Listed {
    std::string leadId, contactType, status, externalId, createdAt;
    std::string buyer; // JSON object: the person's document when the list shows one; else empty
    std::string entry; // JSON object with all that the list knows of it, in the shape of /vis/leads/{id}
};

struct ListPage {
    std::vector<Listed> leads, guests; // guests stand on every page alike
    std::size_t rows = 0;              // of this page
    std::int64_t total = 0;            // of all pages
};

// Stops when the answer is no such list.
ListPage readList(std::string_view body);

} // namespace trevo::mercadolivre
