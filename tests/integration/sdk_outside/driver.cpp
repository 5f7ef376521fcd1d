// new ID DIR TEMPLATE | test DIR LIBRARY MAPPINGS [--update]
#include "plugin/plugin.hpp"

#include <cstdio>
#include <string>
#include <vector>

using namespace trevo;

int main(int argc, char** argv) {
    const std::vector<std::string> args(argv + 1, argv + argc);
    if (args.size() == 4 && args[0] == "new") {
        const auto written = plugin::scaffold(args[1], args[2], args[3]);
        if (!written) {
            std::fprintf(stderr, "%s\n", describe(written.error()).c_str());
            return 1;
        }
        for (const auto& file : *written)
            std::printf("%s\n", file.c_str());
        return 0;
    }
    if (args.size() >= 4 && args[0] == "test") {
        const bool update = args.size() > 4 && args[4] == "--update";
        const auto report = plugin::runCases(args[1], args[2], args[3], update);
        std::fputs(report.text.c_str(), stdout);
        return report.failed == 0 && report.passed > 0 ? 0 : 1;
    }
    std::fputs("usage: new ID DIR TEMPLATE | test DIR LIBRARY MAPPINGS [--update]\n", stderr);
    return 2;
}
