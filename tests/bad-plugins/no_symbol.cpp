#include "trevo/abi/plugin.h"

extern "C" TREVO_EXPORT const int some_other_symbol = 1;
