// The tree of commands as plain data. The parser, the help, the man page and the completion are made from it.
#pragma once

#include "net/http_client.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::cli {

enum Exit : int { kDone = 0, kFailed = 1, kUsage = 2, kStorageBroken = 70 };

// Where a command reads its surroundings and writes its words. Tests bring their own.
struct Surroundings {
    using OnBody = std::function<bool(const char*, std::size_t)>; // false stops

    std::ostream& out;
    std::ostream& err;
    bool terminal = false; // `out` is one: colour may be used
    std::function<std::optional<std::string>(const std::string&)> environment;
    std::function<net::HttpResponse(const net::HttpRequest&)> send;
    std::function<net::HttpResponse(const net::HttpRequest&, const OnBody&)> stream;
};

// What the user typed, after the parser checked it against the tree.
struct Arguments {
    std::map<std::string, std::vector<std::string>, std::less<>> values; // by name without dashes
    bool json = false;

    bool has(std::string_view name) const { return values.find(name) != values.end(); }
    std::string text(std::string_view name, std::string_view fallback = {}) const;
    const std::vector<std::string>& all(std::string_view name) const;
    // Throws Failure (wrong usage) for a value that is no whole number.
    std::int64_t number(std::string_view name, std::int64_t fallback) const;
};

struct Context {
    const Arguments& arguments;
    Surroundings& io;
};

struct Positional {
    std::string name; // "ID"
    std::string help;
    bool required = true;
    bool many = false;
};

struct Option {
    std::string name;  // "--format"
    std::string value; // "FORMAT"; empty: a switch
    std::string help;
    std::vector<std::string> words; // the only values it takes; empty: any
    bool many = false;
};

struct Command {
    std::string path; // "dead retry"
    std::string summary;
    std::vector<Positional> positionals;
    std::vector<Option> options;
    int (*run)(Context&) = nullptr;
};

const std::vector<Command>& commands(); // in the order of the help
const std::vector<Option>& commonOptions();
const std::map<std::string, std::string>& groups(); // "dead" -> what its commands are about

// Ends a command: the message has been thought out for the user, the code is one of Exit.
struct Failure {
    int code = kFailed;
    std::string message;
};

// The whole program: parses, runs, prints. Never throws.
int run(int argc, const char* const* argv, Surroundings& io);

// The environment, curl and the standard streams of this process.
int runHere(int argc, const char* const* argv);

std::string manPage();        // roff
std::string bashCompletion(); // a bash script

} // namespace trevo::cli
