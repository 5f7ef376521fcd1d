#include "webmotors.hpp"

TREVO_PLUGIN(trevo::webmotors::Webmotors)
