// The command tree as a CLI11 parser.
#include "base/suggest.hpp"
#include "cli/command.hpp"
#include "net/http_client.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>
#include <unistd.h>

namespace trevo::cli {

namespace {

struct Typed { // CLI11 writes what it reads into these
    std::map<std::string, std::vector<std::string>> values;
    std::map<std::string, bool> switches;
};

void addOption(CLI::App& app, const Option& option, Typed& typed) {
    const std::string name = option.name.substr(2);
    if (option.value.empty()) {
        app.add_flag(option.name, typed.switches[name], option.help);
        return;
    }
    auto* added = app.add_option(option.name, typed.values[name], option.help)->type_name(option.value);
    if (!option.words.empty()) added->check(CLI::IsMember(option.words));
    added->expected(1)->allow_extra_args(false); // what follows is a positional
    // A list that is repeated, "--dealer a --dealer b"; anything else may be given once.
    added->multi_option_policy(option.many ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::Throw);
}

CLI::App* addCommand(CLI::App& root, const Command& command, Typed& typed) {
    CLI::App* parent = &root;
    std::string word = command.path;
    if (const auto blank = word.find(' '); blank != std::string::npos) {
        const std::string group = word.substr(0, blank);
        word = word.substr(blank + 1);
        const auto there =
            root.get_subcommands([&](const CLI::App* app) { return app->get_name() == group; });
        if (!there.empty()) {
            parent = there.front();
        } else {
            parent = root.add_subcommand(group, groups().at(group));
            parent->require_subcommand(1);
            parent->fallthrough();
        }
    }
    CLI::App* app = parent->add_subcommand(word, command.summary);
    app->fallthrough();
    for (const Positional& positional : command.positionals) {
        auto* added = app->add_option(positional.name, typed.values[positional.name], positional.help);
        added->type_name("");
        added->required(positional.required);
        if (positional.many) {
            added->expected(1, 100'000);
        } else {
            added->expected(1)->allow_extra_args(false);
        }
    }
    for (const Option& option : command.options)
        addOption(*app, option, typed);
    return app;
}

// The first words that are no option, against the commands there are.
std::string didYouMean(int argc, const char* const* argv) {
    std::string path;
    for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
        const std::string typed = (path.empty() ? "" : path + ' ') + std::string(argv[i]);
        std::vector<std::string> known;
        for (const Command& command : commands()) {
            if (command.path == typed || command.path.starts_with(typed + ' ')) known.push_back(typed);
            if (!command.path.starts_with(path)) continue;
            const std::size_t from = path.empty() ? 0 : path.size() + 1;
            if (from < command.path.size())
                known.push_back(command.path.substr(0, command.path.find(' ', from)));
        }
        if (std::find(known.begin(), known.end(), typed) == known.end())
            return "there is no command '" + typed + '\'' + suggestion(typed, known);
        path = typed;
        for (const Command& command : commands())
            if (command.path == path) return {};
    }
    return {};
}

int runCommand(const Command& command, const Arguments& arguments, Surroundings& io) {
    Context context{arguments, io};
    try {
        return command.run(context);
    } catch (const Failure& failure) {
        if (!failure.message.empty()) {
            const bool document = arguments.json && failure.message.starts_with('{');
            io.err << (document ? "" : "trevo: ") << failure.message << '\n';
        }
        return failure.code;
    } catch (const std::exception& error) {
        io.err << "trevo: " << error.what() << '\n';
        return kFailed;
    }
}

std::optional<std::string> environmentOf(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (!value || *value == '\0') return std::nullopt;
    return std::string(value);
}

} // namespace

int run(int argc, const char* const* argv, Surroundings& io) {
    CLI::App root("Operates the Trevo integration gateway.", "trevo");
    root.require_subcommand(1);
    root.set_version_flag("--version", std::string("trevo ") + TREVO_VERSION);
    root.get_formatter()->column_width(34);

    Typed common;
    for (const Option& option : commonOptions())
        addOption(root, option, common);
    std::vector<Typed> typed(commands().size());
    std::vector<CLI::App*> apps;
    for (std::size_t i = 0; i < commands().size(); ++i)
        apps.push_back(addCommand(root, commands()[i], typed[i]));

    try {
        root.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return root.exit(error, io.out, io.err), kDone;
        if (const auto message = didYouMean(argc, argv); !message.empty()) {
            io.err << "trevo: " << message << "\n'trevo --help' lists them.\n";
        } else {
            io.err << "trevo: " << error.what() << "\nSee 'trevo --help', or --help behind any command.\n";
        }
        return kUsage;
    }

    for (std::size_t i = 0; i < apps.size(); ++i) {
        if (!apps[i]->parsed()) continue;
        Arguments arguments;
        for (const Typed* part : {&std::as_const(common), &std::as_const(typed[i])}) {
            for (const auto& [name, values] : part->values)
                if (!values.empty()) arguments.values[name] = values;
            for (const auto& [name, given] : part->switches)
                if (given) arguments.values[name] = {};
        }
        arguments.json = arguments.has("json");
        return runCommand(commands()[i], arguments, io);
    }
    return kUsage;
}

int runHere(int argc, const char* const* argv) {
    std::ios::sync_with_stdio(false);
    net::ClientConfig config;
    config.maxBodyBytes = std::size_t{256} << 20; // a page of 1000 large records
    const net::HttpClient http(config);
    Surroundings io{std::cout,
                    std::cerr,
                    ::isatty(STDOUT_FILENO) == 1,
                    environmentOf,
                    [&](const net::HttpRequest& request) { return http.perform(request); },
                    [&](const net::HttpRequest& request, const Surroundings::OnBody& onBody) {
                        return http.stream(request, onBody);
                    }};
    const int code = run(argc, argv, io);
    std::cout.flush();
    return std::cout ? code : kFailed;
}

} // namespace trevo::cli
