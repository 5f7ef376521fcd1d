// Documents that partners would send, for the end-to-end tests.
#pragma once

#include <string>

namespace trevo::test {

// OLX: `id` is the lead's own id; `phone` has its area code.
inline std::string olxLead(const std::string& id, const std::string& name, const std::string& phone) {
    return R"({"source":"chat","adId":"A-5512","listId":"1300000077","linkAd":"https://www.olx.com.br/vi/1300000077",)"
           R"("name":")" +
           name + R"(","email":")" + id + R"(@example.com","phone":")" + phone +
           R"(","message":"Ainda tem?","createdAt":"2026-11-21T12:10:44.120Z","externalId":")" + id +
           R"(","adsInfo":{"category":2020,"subject":"Onix LT","type":"sell","price":"64900","regdate":"2021",)"
           R"("mileage":"41000","vehicle_tag":"ABC1D23"}})";
}

inline std::string canonicalLead(const std::string& id, const std::string& name, const std::string& phone,
                                 const std::string& dealer = "centro") {
    return R"({"kind":"lead","source":{"integration":"crm","external_id":")" + id + R"("},"dealer":")" +
           dealer + R"(","customer":{"name":")" + name + R"(","phones":[")" + phone +
           R"("]},"lead":{"type":"proposal","message":"Aceita troca?"}})";
}

inline std::string adfLead(const std::string& id, const std::string& name, const std::string& phone) {
    return R"(<?xml version="1.0" encoding="UTF-8"?><?adf version="1.0"?><adf><prospect status="new"><id sequence="1" source="PortalExemplo">)" +
           id +
           R"(</id><requestdate>2026-11-21T09:30:00-03:00</requestdate><vehicle interest="buy" status="used"><year>2021</year>)"
           R"(<make>Chevrolet</make><model>Onix</model></vehicle><customer><contact><name part="full">)" +
           name + R"(</name><phone type="cellphone">)" + phone +
           R"(</phone></contact></customer><vendor><id sequence="1" source="CNPJ">11222333000181</id><vendorname>Auto Exemplo</vendorname>)"
           R"(<contact><name part="full">Auto Exemplo</name></contact></vendor></prospect></adf>)";
}

} // namespace trevo::test
