// Random streams from a small pool of values, so that everything collides with everything.
#pragma once

#include "sample.hpp"

#include <random>

namespace trevo::store::test {

inline std::vector<Incoming> stream(TestStore& store, unsigned seed, int envelopes) {
    std::mt19937 random(seed);
    const auto pick = [&](auto& list) { return std::string(list[random() % std::size(list)]); };
    const char* firsts[] = {"Maria", "João", "José", "Ana", "M.", "Paula"};
    const char* lasts[] = {"Souza", "Silva", "Souza Filho", "Lima", ""};
    const char* documents[] = {"", "", "", "52998224725", "39053344705", "11144477735", "11444777000161"};
    const char* phones[] = {"", "+5511998765432", "+5511988887777", "+5521977776666"};
    const char* emails[] = {"", "", "a@example.com", "b@example.com"};
    const char* plates[] = {"", "ABC1D23", "XYZ9A87"};
    const model::Kind kinds[] = {model::Kind::Lead, model::Kind::Call, model::Kind::Sale,
                                 model::Kind::Customer};
    std::vector<Incoming> all;
    for (int i = 0; i < envelopes; ++i) {
        Who who;
        if (random() % 5 != 0) who.name = pick(firsts) + " " + pick(lasts);
        who.document = pick(documents);
        who.phone = pick(phones);
        who.email = pick(emails);
        What what;
        what.kind = kinds[random() % 4];
        what.plate = pick(plates);
        what.at = kNow + static_cast<std::int64_t>(random() % 60) * kDay;
        if (random() % 3 == 0) what.externalId = "X" + std::to_string(random() % 20);
        all.push_back(store.incoming({record(who, what)}));
    }
    return all;
}

} // namespace trevo::store::test
