#include "discovery/known_programs.h"

#include <algorithm>
#include <array>

namespace sallyport::desktop {

namespace {

constexpr size_t longestName = 64;
constexpr size_t argumentsLookedAt = 32;

// What developers' servers are called where an interpreter (node, python, ruby, php, java) runs
// them.
constexpr std::array<std::string_view, 27> programs{"vite",
                                                    "next",
                                                    "next-server",
                                                    "nuxt",
                                                    "astro",
                                                    "ng",
                                                    "react-scripts",
                                                    "webpack",
                                                    "webpack-dev-server",
                                                    "gatsby",
                                                    "storybook",
                                                    "http-server",
                                                    "serve",
                                                    "manage.py",
                                                    "flask",
                                                    "uvicorn",
                                                    "gunicorn",
                                                    "http.server",
                                                    "jupyter-lab",
                                                    "jupyter-notebook",
                                                    "jupyter",
                                                    "streamlit",
                                                    "rails",
                                                    "puma",
                                                    "artisan",
                                                    "hugo",
                                                    "jekyll"};

std::string_view baseName(std::string_view path)
{
    const size_t slash = path.find_last_of("/\\");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view withoutEnding(std::string_view name)
{
    for (const std::string_view ending : {".js", ".mjs", ".cjs"})
        if (name.ends_with(ending))
            return name.substr(0, name.size() - ending.size());
    return name;
}

std::string plain(std::string_view text)
{
    std::string name;
    for (const char c : text.substr(0, longestName))
        name += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return name;
}

// A title that a process gave itself, "nginx: master process": what stands before the colon. A real
// path may hold blanks, a title's first word does not hold a slash.
std::string_view titleWord(std::string_view argument)
{
    if (argument.starts_with('/'))
        return argument;
    return argument.substr(0, argument.find_first_of(": "));
}

std::string_view nextArgument(std::string_view& commandLine)
{
    const std::string_view argument = commandLine.substr(0, commandLine.find('\0'));
    commandLine.remove_prefix(std::min(commandLine.size(), argument.size() + 1));
    return argument;
}

} // namespace

std::string processName(std::string_view commandLine, std::string_view shortName)
{
    std::string_view name = baseName(titleWord(nextArgument(commandLine)));
    while (name.starts_with('-')) // a login shell
        name.remove_prefix(1);
    while (!shortName.empty() && shortName.back() == '\n')
        shortName.remove_suffix(1);
    return plain(name.empty() ? shortName : name);
}

std::string knownProgram(std::string_view commandLine)
{
    for (size_t i = 0; i < argumentsLookedAt && !commandLine.empty(); ++i) {
        const std::string_view name = withoutEnding(baseName(titleWord(nextArgument(commandLine))));
        const auto known = std::find(programs.begin(), programs.end(), name);
        if (known != programs.end())
            return std::string(*known);
    }
    return {};
}

} // namespace sallyport::desktop
