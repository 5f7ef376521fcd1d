#include "meta.hpp"

TREVO_PLUGIN(trevo::meta::Meta)
