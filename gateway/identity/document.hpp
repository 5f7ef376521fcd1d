// CPF and CNPJ, the tax numbers of persons and companies; CNPJ also in its alphanumeric form (IN
// RFB 2.229/2024).
#pragma once

#include <string>
#include <string_view>

namespace trevo::identity {

enum class DocumentKind { None, Cpf, Cnpj };

struct DocumentReading {
    DocumentKind kind = DocumentKind::None;
    std::string
        normalised;     // 11 digits or 14 upper-case characters, no mask; what was legible of it when invalid
    bool valid = false; // length, characters and check digits hold and it is not one digit repeated
    bool padded = false;  // leading zeros that a numeric source had lost were put back
    std::string_view why; // empty when valid: document_empty, _characters, _length, _repeated, _check_digits
};

// Reads a document in any mask. Unmasked digits count as a numeric source: at least 8 of them are left-padded
// when that, and not the number as it stands, gives valid check digits (CPF before CNPJ).
DocumentReading readDocument(std::string_view raw);

// Exactly 11 digits, or 14 characters, without a mask.
bool isCpf(std::string_view digits);
bool isCnpj(std::string_view characters);

// "529.982.247-25", "12.ABC.345/01DE-35"; other lengths come back unchanged.
std::string maskedDocument(std::string_view number);

} // namespace trevo::identity
