// The pin that stands for a key: the SHA-256 of a certificate's SubjectPublicKeyInfo (DER; RFC 7469
// section 2.4 hashes the same bytes), written "sha256:" and 43 characters of unpadded base64url. It
// survives a renewed certificate as long as the key stays.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport {

struct SpkiPin
{
    std::array<std::byte, 32> sha256{};

    std::string toString() const;
    // The 43 characters after "sha256:" must be exact; anything else is no pin.
    static std::optional<SpkiPin> fromString(std::string_view text);
    bool operator==(const SpkiPin&) const = default;
};

} // namespace sallyport
