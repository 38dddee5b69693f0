// The whole command line.
#pragma once

#include "globals.h"

#include <memory>
#include <variant>

namespace CLI {
class App;
}

namespace sallyport::cli {

// The parser with every command; also what completion scripts are made from.
std::unique_ptr<CLI::App> makeCommandLine(Globals& globals, Chosen& chosen);

// What to run, or the exit code when there is nothing to (help, or wrong usage: it has been said).
std::variant<Chosen, int> parseCommandLine(int argc, char** argv, Globals& globals);

} // namespace sallyport::cli
