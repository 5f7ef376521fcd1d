#include "mercadolivre.hpp"

TREVO_PLUGIN(trevo::mercadolivre::MercadoLivre)
