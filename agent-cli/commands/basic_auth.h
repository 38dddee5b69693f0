// The one-line form of a password for visitors: --basic-auth USER:PASSWORD, the same in a file or
// in SALLYPORT_BASIC_AUTH. Only the hash leaves this machine.
#pragma once

#include <sallyport/base/result.h>

#include <optional>
#include <string>

namespace sallyport::cli {

// "USER:HASH" as access.users takes it, of the first that is given: the flag, the file, the
// variable. Nothing when none is. The error is a sentence.
Result<std::optional<std::string>, std::string> basicAuthUser(const std::string& flag,
                                                              const std::string& file);

} // namespace sallyport::cli
