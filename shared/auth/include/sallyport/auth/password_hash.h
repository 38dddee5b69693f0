// Passwords of visitors: hashed slowly (argon2id), for people choose what can be guessed.
//
// Both calls take tens of milliseconds and about 20 MiB for the hashes made here; never on an event
// loop that serves others. Threads: any.
#pragma once

#include <sallyport/base/secret.h>

#include <optional>
#include <string>

namespace sallyport::auth {

// "$argon2id$v=19$m=19456,t=2,p=1$...", with a salt of its own each time. Nothing when the system
// has no memory or no randomness.
std::optional<std::string> hashPassword(const Secret& password);

// `hash` in that form, whatever its costs (wire::checkPasswordHash() bounds them). Constant in time
// for one hash, wherever the password differs.
bool passwordMatches(const std::string& hash, const Secret& password);

} // namespace sallyport::auth
