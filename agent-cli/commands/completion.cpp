#include "completion.h"

#include <CLI/CLI.hpp>

namespace sallyport::cli {

namespace {

using Option = CompletionModel::Option;
using Command = CompletionModel::Command;

std::vector<Option> optionsOf(const CLI::App& app)
{
    std::vector<Option> options;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames())
            options.push_back({"--" + name, option->get_description(),
                               option->get_expected_max() > 0 &&
                                   option->get_items_expected_max() > 0 &&
                                   option->get_type_size_max() > 0});
    return options;
}

std::string names(const std::vector<Option>& options)
{
    std::string text;
    for (const Option& option : options)
        text += (text.empty() ? "" : " ") + option.name;
    return text;
}

std::string names(const std::vector<Command>& commands)
{
    std::string text;
    for (const Command& command : commands)
        text += (text.empty() ? "" : " ") + command.name;
    return text;
}

// Words for the argument that follows a command: only those that are known beforehand.
std::string_view wordsBehind(const Command& command)
{
    return command.name == "completion" ? "bash zsh fish" : "";
}

bool takesFile(const Command& command)
{
    return command.name == "import";
}

// Inside single quotes of a shell.
std::string shellQuoted(const std::string& text)
{
    std::string result;
    for (const char c : text.substr(0, text.find('\n')))
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result;
}

std::string bashScript(const CompletionModel& model)
{
    std::string text =
        "# bash completion for sallyport: source <(sallyport completion bash)\n"
        "_sallyport() {\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
        "    local command= word\n"
        "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
        "        case $word in ";
    for (const Command& command : model.commands)
        text += command.name + (&command == &model.commands.back() ? "" : "|");
    text += ") command=$word; break;; esac\n    done\n"
            "    if [[ $previous == --config || $command == import && $current != -* ]]; then\n"
            "        COMPREPLY=($(compgen -f -- \"$current\")); return\n"
            "    fi\n"
            "    local words=\"" +
            names(model.options) + "\"\n    case $command in\n";
    text += "        '') words+=\" " + names(model.commands) + "\";;\n";
    for (const Command& command : model.commands)
        text += "        " + command.name + ") words+=\" " + names(command.options) + " " +
                std::string(wordsBehind(command)) + "\";;\n";
    text += "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n"
            "complete -F _sallyport sallyport\n";
    return text;
}

std::string zshOptions(const std::vector<Option>& options)
{
    std::string text;
    for (const Option& option : options) {
        std::string help;
        for (const char c : shellQuoted(option.help))
            help += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
        text += " '" + option.name + (option.takesValue ? "=" : "") + "[" + help + "]" +
                (option.name == "--config" ? ":file:_files"
                 : option.takesValue       ? ":value:"
                                           : "") +
                "'";
    }
    return text;
}

std::string zshScript(const CompletionModel& model)
{
    std::string text =
        "#compdef sallyport\n# zsh completion for sallyport: sallyport completion zsh > "
        "\"${fpath[1]}/_sallyport\"\n_sallyport() {\n    local -a commands=(\n";
    for (const Command& command : model.commands)
        text += "        '" + command.name + ":" + shellQuoted(command.help) + "'\n";
    text += "    )\n    local context state state_descr line\n    typeset -A opt_args\n"
            "    _arguments -C" +
            zshOptions(model.options) +
            " '1:command:->command' '*::argument:->argument'\n    case $state in\n"
            "    command) _describe command commands;;\n    argument)\n        case $line[1] in\n";
    for (const Command& command : model.commands)
        text += "        " + command.name + ") _arguments" + zshOptions(command.options) +
                (takesFile(command) ? std::string(" '1:file:_files'")
                 : wordsBehind(command).empty()
                     ? std::string(" '*:argument:'")
                     : " '1:shell:(" + std::string(wordsBehind(command)) + ")'") +
                ";;\n";
    text += "        esac;;\n    esac\n}\n"
            "if [[ $funcstack[1] == _sallyport ]]; then _sallyport \"$@\"; else compdef _sallyport "
            "sallyport; fi\n";
    return text;
}

std::string fishOptions(const std::vector<Option>& options, const std::string& condition)
{
    std::string text;
    for (const Option& option : options)
        text += "complete -c sallyport" + condition + " -l " + option.name.substr(2) +
                (option.takesValue ? option.name == "--config" ? " -rF" : " -x" : "") + " -d '" +
                shellQuoted(option.help) + "'\n";
    return text;
}

std::string fishScript(const CompletionModel& model)
{
    std::string text = "# fish completion for sallyport: sallyport completion fish | source\n"
                       "complete -c sallyport -f\n";
    text += fishOptions(model.options, "");
    for (const Command& command : model.commands) {
        text += "complete -c sallyport -n __fish_use_subcommand -a " + command.name + " -d '" +
                shellQuoted(command.help) + "'\n";
        const std::string inside = " -n '__fish_seen_subcommand_from " + command.name + "'";
        text += fishOptions(command.options, inside);
        if (takesFile(command))
            text += "complete -c sallyport" + inside + " -F\n";
        if (!wordsBehind(command).empty())
            text += "complete -c sallyport" + inside + " -a '" + std::string(wordsBehind(command)) +
                    "'\n";
    }
    return text;
}

} // namespace

CompletionModel describeCommandLine(const CLI::App& app)
{
    CompletionModel model;
    model.options = optionsOf(app);
    for (const CLI::App* command : app.get_subcommands(nullptr))
        model.commands.push_back(
            {command->get_name(), command->get_description(), optionsOf(*command)});
    return model;
}

std::string completionScript(const CompletionModel& model, std::string_view shell)
{
    if (shell == "bash")
        return bashScript(model);
    if (shell == "zsh")
        return zshScript(model);
    if (shell == "fish")
        return fishScript(model);
    return {};
}

} // namespace sallyport::cli
