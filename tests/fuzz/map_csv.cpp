#include "mapped.hpp"

namespace {

constexpr std::string_view kMapping = R"(
format = "csv"
[[record]]
kind = "customer"
[record.fields]
customer.name = { from = "nome", required = true }
customer.document = { from = "cpf", as = "cpf" }
customer.phones = { all = ["telefone", "celular"], split = "/" }
customer.birth_date = { from = "nascimento", format = ["br", "iso", "excel"] }
vehicle.price = { from = "valor", as = "money_br" }
)";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto mapping = *trevo::mapping::Mapping::compile(kMapping, "customers.map.toml");
    trevo::fuzz::feed(*mapping, {reinterpret_cast<const char*>(data), size}, "text/csv");
    return 0;
}
