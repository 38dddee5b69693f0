#include "commands.h"
namespace sallyport::cli {
void addLogin(CLI::App&, const Globals&, Chosen&) {}
} // namespace sallyport::cli
