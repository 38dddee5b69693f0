#include "commands.h"
namespace sallyport::cli {
void addLogout(CLI::App&, const Globals&, Chosen&) {}
} // namespace sallyport::cli
