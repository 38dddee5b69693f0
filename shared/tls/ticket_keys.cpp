#include <sallyport/tls/ticket_keys.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <cstring>
#include <new>

namespace sallyport::tls {

// Without randomness there is no safe way on; it does not fail on a system that works.
static void fillRandom(unsigned char* bytes, size_t size)
{
    if (RAND_priv_bytes(bytes, static_cast<int>(size)) != 1)
        throw std::bad_alloc();
}

TicketKeys::Key::Key()
{
    fillRandom(name.data(), name.size());
    fillRandom(cipher.data(), cipher.size());
    fillRandom(mac.data(), mac.size());
}

TicketKeys::Key::~Key()
{
    OPENSSL_cleanse(cipher.data(), cipher.size());
    OPENSSL_cleanse(mac.data(), mac.size());
}

TicketKeys::TicketKeys()
{
    rotate();
}

void TicketKeys::rotate()
{
    KeyPtr fresh = std::make_shared<const Key>();
    const std::lock_guard lock(m_mutex);
    m_keys.insert(m_keys.begin(), std::move(fresh));
    if (m_keys.size() > Kept)
        m_keys.pop_back();
}

TicketKeys::KeyPtr TicketKeys::current() const
{
    const std::lock_guard lock(m_mutex);
    return m_keys.front();
}

TicketKeys::KeyPtr TicketKeys::find(const unsigned char (&name)[16]) const
{
    const std::lock_guard lock(m_mutex);
    for (const KeyPtr& key : m_keys)
        if (std::memcmp(key->name.data(), name, sizeof name) == 0)
            return key;
    return nullptr;
}

} // namespace sallyport::tls
