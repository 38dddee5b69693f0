#include <sallyport/config/sources.h>

#ifdef _WIN32
#include <stdlib.h>
#else
#include <unistd.h>
extern "C" char** environ;
#endif

namespace sallyport::config {

Environment processEnvironment()
{
    constexpr std::string_view prefix = "SALLYPORT_";
    Environment variables;
#ifdef _WIN32
    char** entries = _environ;
#else
    char** entries = environ;
#endif
    for (char** entry = entries; entry && *entry; ++entry) {
        const std::string_view text(*entry);
        const size_t equals = text.find('=');
        if (equals != std::string_view::npos && text.starts_with(prefix))
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

std::string environmentName(std::string_view path)
{
    std::string name = "SALLYPORT_";
    for (const char c : path) {
        if (c >= 'a' && c <= 'z')
            name += static_cast<char>(c - 'a' + 'A');
        else
            name += c == '.' || c == '-' ? '_' : c;
    }
    return name;
}

} // namespace sallyport::config
