// The man page and the bash completion, made from the command tree.
#include "cli/command.hpp"

#include <algorithm>
#include <set>

namespace trevo::cli {

namespace {

std::string roff(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '-') {
            out += "\\-";
        } else if (c == '\\') {
            out += "\\e";
        } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
            out += "\\&";
            out += c;
        } else {
            out += c;
        }
    }
    return out;
}

std::string usage(const Command& command) {
    std::string line = "trevo " + command.path;
    for (const Positional& positional : command.positionals) {
        const std::string name = positional.name + (positional.many ? "..." : "");
        line += positional.required ? ' ' + name : " [" + name + ']';
    }
    return line;
}

void appendOption(std::string& page, const Option& option) {
    page += ".TP\n\\fB" + roff(option.name) + "\\fR";
    if (!option.value.empty()) page += " \\fI" + roff(option.value) + "\\fR";
    page += '\n' + roff(option.help);
    if (!option.words.empty()) {
        std::string words;
        for (const auto& word : option.words)
            words += (words.empty() ? "" : ", ") + word;
        page += " One of " + roff(words) + '.';
    }
    page += '\n';
}

void addWord(std::string& words, std::string_view word) {
    if (!words.empty()) words += ' ';
    words += word;
}

std::string optionWords(const std::vector<Option>& options) {
    std::string words;
    for (const Option& option : options)
        addWord(words, option.name);
    return words;
}

} // namespace

std::string manPage() {
    std::string page =
        ".TH TREVO 1 \"\" \"Trevo\" \"User Commands\"\n"
        ".SH NAME\ntrevo \\- operates the Trevo integration gateway\n"
        ".SH SYNOPSIS\n.B trevo\n\\fICOMMAND\\fR [\\fIOPTION\\fR]...\n"
        ".SH DESCRIPTION\n" +
        roff("Talks to the running trevod over its UNIX socket, or over HTTP with --url and "
             "--token. Data goes to the standard output, everything else to the standard error.") +
        "\n.SH OPTIONS\n";
    for (const Option& option : commonOptions())
        appendOption(page, option);
    page += ".SH COMMANDS\n";
    for (const Command& command : commands()) {
        page += ".SS " + roff(usage(command)) + '\n' + roff(command.summary) + ".\n";
        for (const Positional& positional : command.positionals)
            page += ".TP\n\\fI" + roff(positional.name) + "\\fR\n" + roff(positional.help) + '\n';
        for (const Option& option : command.options)
            appendOption(page, option);
    }
    page += ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nfailed\n.TP\n2\nwrong usage\n.TP\n70\nthe gateway's "
            "storage is "
            "broken\n"
            ".SH ENVIRONMENT\n.TP\nTREVO_CONFIG\nconfiguration file\n.TP\nTREVO_URL, TREVO_TOKEN\nas "
            "\\-\\-url and \\-\\-token\n"
            ".SH FILES\n/etc/trevo/trevo.toml\n.SH SEE ALSO\n.BR trevod (8)\n";
    return page;
}

std::string bashCompletion() {
    // The words after each beginning of a command: "" -> "dead replay …", "dead" -> "list show …".
    std::map<std::string, std::set<std::string>> after;
    std::string cases;
    for (const Command& command : commands()) {
        const std::size_t blank = command.path.find(' ');
        after[""].insert(command.path.substr(0, blank));
        if (blank != std::string::npos)
            after[command.path.substr(0, blank)].insert(command.path.substr(blank + 1));
    }
    const auto words = [](const std::set<std::string>& set) {
        std::string text;
        for (const auto& word : set)
            addWord(text, word);
        return text;
    };
    std::map<std::string, std::string> values; // option -> its words; the same in every command that has both
    for (const Command& command : commands()) {
        cases += "        '" + command.path + "') words='" + optionWords(command.options) + "' ;;\n";
        for (const Option& option : command.options)
            if (!option.words.empty()) {
                std::string list;
                for (const auto& word : option.words)
                    addWord(list, word);
                values[command.path + ' ' + option.name] = list;
            }
    }
    std::string script =
        "# bash completion for trevo\n_trevo() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= words= i\n"
        "    for ((i = 1; i < COMP_CWORD; ++i)); do\n"
        "        [[ ${COMP_WORDS[i]} == -* ]] && break\n"
        "        case \"${path:+$path }${COMP_WORDS[i]}\" in\n";
    for (const auto& [path, next] : after)
        for (const auto& word : next)
            script += "        '" + (path.empty() ? word : path + ' ' + word) +
                      "') path=\"${path:+$path }${COMP_WORDS[i]}\" ;;\n";
    script += "        *) break ;;\n        esac\n    done\n    case \"$path $previous\" in\n";
    for (const auto& [key, list] : values)
        script += "        '" + key + "') COMPREPLY=($(compgen -W '" + list + "' -- \"$word\")); return ;;\n";
    script += "    esac\n    case \"$path\" in\n";
    for (const auto& [path, next] : after)
        script += "        '" + path + "') words='" + words(next) + "' ;;\n";
    script += cases + "    esac\n    [[ $word == -* ]] && words+=' " + optionWords(commonOptions()) +
              "'\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
              "    [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- \"$word\"))\n}\n"
              "complete -o filenames -F _trevo trevo\n";
    return script;
}

} // namespace trevo::cli
