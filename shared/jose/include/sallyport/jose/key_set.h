// The keys that a relay believes, at one moment. Immutable: any number of threads may read it.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/jose/key.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::jose {

class KeySet
{
public:
    static constexpr size_t MaxKeys = 100;
    static constexpr size_t MaxBytes = 256 * 1024; // of a JWKS

    KeySet() = default;
    explicit KeySet(std::vector<Key> keys) : m_keys(std::move(keys)) {}

    // {"keys": [...]} (RFC 7517, 5). Keys that cannot be used are left out, as the RFC wants;
    // `leftOut` then says why. Fails when none remains.
    static Result<KeySet, std::string> fromJwks(std::string_view text,
                                                std::vector<std::string>* leftOut = nullptr);

    // A JWKS, else PEM.
    static Result<KeySet, std::string> fromKeyFile(std::string_view text);

    void add(const KeySet& other);
    const std::vector<Key>& keys() const { return m_keys; }
    // Whether the key of that Key::fingerprint() is among them.
    bool holds(std::string_view fingerprint) const;
    bool empty() const { return m_keys.empty(); }

    // Those that a token with this header may have been signed with. A key without an id fits any
    // `kid`; a token without one is tried with every key of the algorithm.
    std::vector<const Key*> candidates(Algorithm algorithm, std::string_view kid) const;

private:
    std::vector<Key> m_keys;
};

} // namespace sallyport::jose
