// Reads one secret line: from the terminal without echo, or from standard input.
#pragma once

#include <sallyport/base/secret.h>

#include <cstddef>
#include <optional>
#include <string>

namespace sallyport::config {

bool secretsComeFromATerminal();
// Nothing when there is none, or it is longer than 16 KiB.
std::optional<Secret> readSecret(const std::string& prompt);

// All of standard input, for a program that hands over several. Nothing when it is longer than
// `limit` bytes or can't be read.
std::optional<Secret> readSecretText(size_t limit);

} // namespace sallyport::config
