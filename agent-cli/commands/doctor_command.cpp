#include "commands.h"
namespace sallyport::cli {
void addDoctor(CLI::App&, const Globals&, Chosen&) {}
} // namespace sallyport::cli
