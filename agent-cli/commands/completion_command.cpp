#include "commands.h"
namespace sallyport::cli {
void addCompletion(CLI::App&, Chosen&) {}
} // namespace sallyport::cli
