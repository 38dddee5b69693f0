// What the program's exit says.
#pragma once

namespace sallyport::cli {

enum ExitCode : int {
    Fine = 0,
    Failed = 1,      // while running
    Usage = 2,       // wrong usage or configuration
    Credentials = 3, // refused by the relay
    Unreachable = 4, // only where trying again was switched off
};

} // namespace sallyport::cli
