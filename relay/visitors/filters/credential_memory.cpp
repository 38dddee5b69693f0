#include "visitors/filters/credential_memory.h"

#include <sodium.h>

#include <cstdlib>
#include <iterator>

namespace sallyport::relay {

CredentialTagger::CredentialTagger()
{
    // It fails where the system gives no randomness: a key could be guessed then.
    if (sodium_init() < 0)
        std::abort();
    randombytes_buf(m_key.data(), m_key.size());
}

CredentialTag CredentialTagger::tag(std::initializer_list<std::string_view> parts) const
{
    CredentialTag tag;
    crypto_generichash_state state;
    crypto_generichash_init(&state, m_key.data(), m_key.size(), tag.size());
    for (std::string_view part : parts) {
        const uint64_t size = part.size();
        std::array<unsigned char, sizeof(size)> frame;
        std::memcpy(frame.data(), &size, sizeof(size));
        crypto_generichash_update(&state, frame.data(), frame.size());
        crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                                  part.size());
    }
    crypto_generichash_final(&state, tag.data(), tag.size());
    return tag;
}

bool RecentTags::contains(const CredentialTag& tag, TimePoint now) const
{
    const auto found = m_index.find(tag);
    return found != m_index.end() && found->second->expires > now;
}

void RecentTags::add(const CredentialTag& tag, TimePoint now)
{
    remove(tag);
    if (m_order.size() >= m_limit)
        remove(CredentialTag(m_order.front().tag));
    m_order.push_back({tag, now + m_lifetime});
    m_index.emplace(tag, std::prev(m_order.end()));
}

void RecentTags::remove(const CredentialTag& tag)
{
    const auto found = m_index.find(tag);
    if (found == m_index.end())
        return;
    m_order.erase(found->second);
    m_index.erase(found);
}

} // namespace sallyport::relay
