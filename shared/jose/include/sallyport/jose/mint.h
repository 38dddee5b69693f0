// Makes a token with a shared secret, for agents that hold one.
#pragma once

#include <sallyport/base/secret.h>
#include <sallyport/jose/json.h>
#include <sallyport/jose/key.h>

#include <optional>

namespace sallyport::jose {

// Signed with HS256. Nothing when the key is no secret.
std::optional<Secret> mint(const Key& key, const Json::Object& claims);

} // namespace sallyport::jose
