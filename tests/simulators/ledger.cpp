#include "simulators/ledger.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace trevo::sim {

Ledger::Ledger(const std::string& file) {
    if (file.empty()) return;
    file_.open(file, std::ios::app);
    if (!file_) throw std::runtime_error("can not write the ledger " + file);
}

void Ledger::add(const Entry& entry, const Lead& lead) {
    const nlohmann::ordered_json line = {{"partner", entry.partner},
                                         {"id", std::to_string(lead.id)},
                                         {"type", entry.type},
                                         {"dealer", entry.dealer},
                                         {"state", entry.state},
                                         {"status", entry.status},
                                         {"attempts", entry.attempts},
                                         {"repeat", entry.repeat},
                                         {"person",
                                          {{"index", lead.person.index},
                                           {"name", lead.person.name},
                                           {"cpf", lead.person.cpf},
                                           {"phone", lead.person.phone},
                                           {"email", lead.person.email}}},
                                         {"plate", lead.vehicle.plate}};
    const std::lock_guard lock(mutex_);
    if (!file_.is_open()) return;
    file_ << line.dump() << '\n' << std::flush;
    if (!file_) throw std::runtime_error("the ledger could not be written");
}

} // namespace trevo::sim
