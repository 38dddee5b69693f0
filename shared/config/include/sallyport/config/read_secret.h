// Reads one secret line: from the terminal without echo, or from standard input.
#pragma once

#include <sallyport/base/secret.h>

#include <optional>
#include <string>

namespace sallyport::config {

bool secretsComeFromATerminal();
// Nothing when there is none, or it is longer than 16 KiB.
std::optional<Secret> readSecret(const std::string& prompt);

} // namespace sallyport::config
