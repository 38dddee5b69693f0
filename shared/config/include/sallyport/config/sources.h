// Where the values of a configuration come from, strongest first: flags, environment, .env, file.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/config/problem.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::config {

using Environment = std::map<std::string, std::string>;

// A value given on the command line: `--log-level debug` is {"log.level", "debug", "--log-level"}.
struct Flag
{
    std::string path;
    std::string text;
    std::string flag; // as messages name it
};

struct Sources
{
    std::string file;        // the configuration file; may be empty
    bool fileNamed = false;  // somebody asked for this file: it must exist
    Environment environment; // variables; only those with the prefix SALLYPORT_ are looked at
    std::vector<Flag> flags;
};

// The variables of this process whose names begin with SALLYPORT_.
Environment processEnvironment();

// "limits.head_timeout" -> "SALLYPORT_LIMITS_HEAD_TIMEOUT".
std::string environmentName(std::string_view path);

// The lines of a .env file.
//
//     # comment
//     export SALLYPORT_DOMAIN=example.com     # comment
//     SALLYPORT_NAME="two words\n"            \n \t \" \\ \$ are understood
//     SALLYPORT_TOKEN='as it stands'
//
// Nothing is expanded: a bare or double-quoted value with an unescaped $ is refused, since it would
// mean something else to a shell.
struct DotEnvLine
{
    std::string name;
    std::string value;
    int line = 0;
};
constexpr size_t MaxDotEnvLines = 1000;
// `name` is the file's name in the messages. A name given twice is refused.
Result<std::vector<DotEnvLine>, Problems> parseDotEnv(std::string_view text,
                                                      const std::string& name);

} // namespace sallyport::config
