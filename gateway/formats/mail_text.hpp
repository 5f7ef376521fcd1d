// The readable text of a mail: its charset, its line ends, and a mail that somebody forwarded by quoting it.
// Private to this module.
#pragma once

#include "formats/mail.hpp"

#include <string>
#include <string_view>

namespace trevo::formats {

// UTF-8 with '\n' line ends and without zero bytes; `charset` as declared, in lower case, or empty.
std::string readableText(std::string_view bytes, const std::string& charset);

// RFC 2047. Words of one charset side by side are one text: senders cut within a letter. (GMime 3.2 loses
// what follows a padded base64 word.) What is no encoded word stays.
std::string withoutEncodedWords(std::string_view header);

// format=flowed (RFC 3676): lines that end in a blank go on in the next.
std::string unflowed(std::string_view text, bool deleteBlank);

// Looks for "---------- Forwarded message ----------", "-----Mensagem original-----" and the block "De: …
// Enviado: … Assunto: …" that mail programs write above what they forward, takes what it says for `forwarded`
// and leaves of the text what stands below. An answer that quotes is no forward: its own words count.
void readQuotedForward(Mail& mail);

} // namespace trevo::formats
