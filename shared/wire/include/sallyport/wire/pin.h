// A pin: the SHA-256 of a certificate's SubjectPublicKeyInfo (DER), written "sha256:" and 43
// characters of base64url. It names a key, so it survives the renewal of a certificate that keeps
// its key.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::wire {

struct Pin
{
    std::array<std::byte, 32> sha256{};
    bool operator==(const Pin&) const = default;
};

std::optional<Pin> parsePin(std::string_view text);
std::string formatPin(const Pin& pin);

} // namespace sallyport::wire
