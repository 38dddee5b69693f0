// The keys that session tickets are sealed with (RFC 8446 section 4.6.1, RFC 5077). All server
// contexts and all threads of a program share one set, so that a ticket of one worker, or of a
// certificate that was renewed since, resumes on another.
//
// A key opens tickets until it was rotated out: Kept rotations later. Whoever owns the set calls
// rotate() every RotationInterval; keys live in memory alone.
//
// Threads: any.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace sallyport::tls {

class TicketKeys
{
public:
    // The current key and the older ones that still open tickets.
    static constexpr size_t Kept = 3;
    static constexpr auto RotationInterval = std::chrono::hours(1);
    // No ticket is taken beyond this age, whatever its key.
    static constexpr auto TicketLifetime = std::chrono::hours(2);

    struct Key
    {
        std::array<unsigned char, 16> name;
        std::array<unsigned char, 32> cipher; // AES-256-CBC
        std::array<unsigned char, 32> mac;    // HMAC-SHA-256
        Key();
        ~Key();
        Key(const Key&) = delete;
        Key& operator=(const Key&) = delete;
    };
    using KeyPtr = std::shared_ptr<const Key>;

    TicketKeys();
    // A fresh key for new tickets; the oldest beyond Kept is forgotten.
    void rotate();

    KeyPtr current() const;
    // Null when no key has this name (any more).
    KeyPtr find(const unsigned char (&name)[16]) const;

private:
    mutable std::mutex m_mutex;
    std::vector<KeyPtr> m_keys; // newest first
};

} // namespace sallyport::tls
