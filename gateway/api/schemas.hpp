// The JSON schemas of the API's bodies, by name, as OpenAPI components.
#pragma once

#include <string_view>

namespace trevo::api {

std::string_view schemasJson(); // {"Record":{…},…}

} // namespace trevo::api
