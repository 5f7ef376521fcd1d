#include "cli/words.hpp"

#include "cli/output.hpp"

#include <algorithm>

namespace trevo::cli {

namespace {

std::string named(const std::map<std::string, std::string, std::less<>>& words, std::string_view code) {
    if (const auto found = words.find(code); found != words.end()) return found->second;
    std::string text(code);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

} // namespace

std::string Words::feature(std::string_view code) const {
    return named(features, code);
}
std::string Words::decision(std::string_view code) const {
    return named(decisions, code);
}

std::string Words::note(std::string_view text) const {
    std::string out(text);
    for (const auto& [said, words] : notes)
        if (const auto at = out.find(said); at != std::string::npos) out.replace(at, said.size(), words);
    return out;
}

const Words& wordsFor(const Context& context) {
    return inPortuguese(context) ? portuguese() : english();
}

const Words& english() {
    static const Words words{
        "candidate",
        "score",
        "forbidden",
        "the other",
        "by",
        "reason",
        "model",
        "outcome",
        "nobody known shares a strong value: a new person",
        "no decision is on record",
        {{"document_equal", "same CPF or CNPJ"},
         {"phone_equal", "same phone"},
         {"phone_area_assumed", "same phone, area code assumed"},
         {"email_equal", "same e-mail"},
         {"handle_equal", "same messenger account"},
         {"only_holder", "the only person with this value"},
         {"people", "one person out of all of them, to begin with"},
         {"document_one_digit_off", "CPF or CNPJ but for one digit"},
         {"bad_document_equal", "same document, though it can not be right"},
         {"email_other_provider", "same mailbox name at another provider"},
         {"generic_phone_recent", "phone of many people, used days ago by the same name or ad"},
         {"generic_email_recent", "e-mail of many people, used days ago by the same name or ad"},
         {"stock_equal", "same stock unit"},
         {"time", "how near in time they were in touch"},
         {"link", "same person"},
         {"review", "possibly the same person, left apart"},
         {"new", "a new person"}},
        {{"assign", "assigned"},
         {"merge", "merged"},
         {"split", "separated"},
         {"cannot_link", "kept apart"},
         {"must_link", "kept together"},
         {"generic_value", "a value turned generic"}},
        {},
    };
    return words;
}

const Words& portuguese() {
    static const Words words{
        "candidato",
        "pontuação",
        "impedido",
        "o outro",
        "por",
        "motivo",
        "modelo",
        "resultado",
        "ninguém conhecido tem um dado forte em comum: cliente novo",
        "não há decisão registrada",
        {{"document_equal", "mesmo CPF ou CNPJ"},
         {"phone_equal", "mesmo telefone"},
         {"phone_area_assumed", "mesmo telefone, DDD suposto"},
         {"email_equal", "mesmo e-mail"},
         {"handle_equal", "mesma conta de mensagens"},
         {"only_holder", "único cliente com este dado"},
         {"people", "um cliente entre todos, para começar"},
         {"document_one_digit_off", "CPF ou CNPJ igual, menos um dígito"},
         {"bad_document_equal", "mesmo documento, embora inválido"},
         {"email_other_provider", "mesmo usuário de e-mail em outro provedor"},
         {"generic_phone_recent", "telefone de muitos, usado há dias com o mesmo nome ou anúncio"},
         {"generic_email_recent", "e-mail de muitos, usado há dias com o mesmo nome ou anúncio"},
         {"stock_equal", "mesma unidade do estoque"},
         {"time", "proximidade no tempo"},
         {"city_equal", "mesma cidade"},
         {"city_differs", "cidades diferentes"},
         {"postal_code_equal", "mesmo CEP"},
         {"street_equal", "mesma rua"},
         {"area_code_differs", "DDDs diferentes"},
         {"phone_differs", "telefones diferentes"},
         {"email_differs", "e-mails diferentes"},
         {"birth_date_alike", "data de nascimento parecida"},
         {"plate_equal", "mesma placa"},
         {"vin_equal", "mesmo chassi"},
         {"ad_equal", "mesmo anúncio"},
         {"same_model_and_year_lately", "mesmo modelo e ano na mesma loja, há pouco"},
         {"same_model_lately", "mesmo modelo na mesma loja, há pouco"},
         {"same_dealer_lately", "mesma loja, há pouco"},
         {"birth_date_equal", "mesma data de nascimento"},
         {"birth_date_differs", "datas de nascimento diferentes"},
         {"different_birth_dates", "datas de nascimento diferentes"},
         {"suffix_differs", "Filho, Neto ou Júnior só em um dos nomes"},
         {"generational_suffix", "Filho, Neto ou Júnior só em um dos nomes"},
         {"company_against_person", "pessoa física e pessoa jurídica"},
         {"two_valid_documents", "dois CPFs ou CNPJs válidos e diferentes"},
         {"incompatible_names", "nomes incompatíveis"},
         {"no_strong_value", "nenhum dado forte em comum"},
         {"cannot_link", "separados por uma pessoa"},
         {"name_equal", "mesmo nome"},
         {"name_compatible", "nome compatível"},
         {"name_abbreviated", "nome abreviado"},
         {"name_swapped", "nome em outra ordem"},
         {"name_last_only", "só o sobrenome em comum"},
         {"address_equal", "mesmo endereço"},
         {"bad_document_differs", "documentos sem dígito válido diferentes"},
         {"name_first_only", "só o primeiro nome em comum"},
         {"name_middle_differs", "nome do meio diferente"},
         {"surname_differs", "sobrenome diferente"},
         {"name_different", "nome diferente"},
         {"name_unknown", "sem nome para comparar"},
         {"provisional", "provisório"},
         {"link", "mesmo cliente"},
         {"review", "talvez o mesmo cliente, mantido separado"},
         {"new", "cliente novo"}},
        {{"assign", "atribuído"},
         {"merge", "unido"},
         {"split", "separado"},
         {"cannot_link", "mantido separado"},
         {"must_link", "mantido junto"},
         {"generic_value", "dado tornou-se genérico"}},
        {{"seen with one person", "visto com um só cliente"},
         {"seen with", "visto com"},
         {" people", " clientes"},
         {"one of ", "um entre "},
         {"the likeliest holder of the number", "o dono mais provável do número"},
         {"among ", "entre "},
         {" contacts there about then", " contatos ali nesses dias"}},
    };
    return words;
}

} // namespace trevo::cli
