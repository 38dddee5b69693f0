#include "commands.h"
namespace sallyport::cli {
void addStatus(CLI::App&, const Globals&, Chosen&) {}
} // namespace sallyport::cli
