#include "icarros.hpp"

TREVO_PLUGIN(trevo::icarros::Icarros)
