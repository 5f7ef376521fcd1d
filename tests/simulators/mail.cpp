// A portal that mails its leads: labelled lines, an HTML table in Latin-1, or ADF attached.
#include "simulators/partner.hpp"

#include <Poco/Base64Encoder.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <sstream>
#include <vector>

namespace trevo::sim {

namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string base64Lines(const std::string& bytes) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder << bytes;
    encoder.close();
    return text.str();
}

// Of the Portuguese letters, which are two bytes in UTF-8.
std::string latin1(std::string_view utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (lead == 0xC3 && i + 1 < utf8.size())
            out += static_cast<char>(static_cast<unsigned char>(utf8[++i]) | 0x40);
        else
            out += utf8[i];
    }
    return out;
}

Lines linesOf(const Lead& lead, const std::string& cnpj) {
    const Vehicle& car = lead.vehicle;
    Lines lines = {{"Protocolo", "mail-" + std::to_string(lead.id)}, {"Nome", lead.spelling.name}};
    if (!lead.spelling.phone.empty()) lines.emplace_back("Telefone", lead.spelling.phone);
    if (!lead.spelling.email.empty()) lines.emplace_back("E-mail", lead.spelling.email);
    if (!lead.spelling.cpf.empty()) lines.emplace_back("CPF", lead.spelling.cpf);
    lines.emplace_back("Placa", car.plate);
    lines.emplace_back("Marca", car.brand);
    lines.emplace_back("Modelo", car.model);
    lines.emplace_back("Versão", car.version);
    lines.emplace_back("CNPJ da loja", maskedCnpj(cnpj));
    lines.emplace_back("Mensagem", lead.message);
    return lines;
}

class MailPortal : public Partner {
  public:
    explicit MailPortal(const World& world) : world_(world), adf_(makeAdf(world)) {}

    int resends() const override { return 20; } // a mail server tries for days
    bool announces() const override { return false; }

    std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) override {
        const std::string date = Poco::DateTimeFormatter::format(Poco::Timestamp(utcMillis * 1'000),
                                                                 Poco::DateTimeFormat::RFC1123_FORMAT);
        const std::string id = std::to_string(lead.id);
        std::string mail =
            "From: Portal <leads@portal.example>\r\nTo: leads@dealer.example\r\nSubject: Proposta " + id +
            "\r\nDate: " + date + "\r\nMessage-ID: <" + id + "@portal.example>\r\nMIME-Version: 1.0\r\n";
        const Lines lines = linesOf(lead, world_.dealers()[lead.dealer].cnpj);
        switch (lead.dice % 3) {
        case 0: mail += plain(lines); break;
        case 1: mail += table(lines); break;
        default: mail += attached(adf_->offer(lead, utcMillis)->body);
        }
        return Push{"message/rfc822", std::move(mail), {}};
    }

  private:
    static std::string plain(const Lines& lines) {
        std::string text =
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            "Você recebeu uma proposta:\r\n\r\n";
        for (const auto& [label, value] : lines)
            text += '*' + label + ":* " + value + "\r\n";
        return text + "\r\nEste e-mail foi enviado automaticamente.\r\n";
    }
    static std::string table(const Lines& lines) {
        std::string html = "<html><body><h1>Proposta</h1><table>\n";
        for (const auto& [label, value] : lines)
            html += "<tr><td><b>" + label + "</b></td><td>" + value + "</td></tr>\n";
        return "Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
               base64Lines(latin1(html + "</table></body></html>\n")) + "\r\n";
    }
    static std::string attached(const std::string& adf) {
        return "Content-Type: multipart/mixed; boundary=parte\r\n\r\n--parte\r\nContent-Type: "
               "text/plain\r\n\r\n"
               "Segue o lead.\r\n--parte\r\nContent-Type: application/x-adf+xml\r\nContent-Disposition: "
               "attachment; filename=lead.adf\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
               base64Lines(adf) + "\r\n--parte--\r\n";
    }

    const World& world_;
    std::unique_ptr<Partner> adf_;
};

} // namespace

std::unique_ptr<Partner> makeMail(const World& world) {
    return std::make_unique<MailPortal>(world);
}

} // namespace trevo::sim
