// Dividing a long list of tunnels over several messages. Private to this library.
#pragma once

#include <sallyport/wire/messages.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

namespace sallyport::wire {

// Bytes of text that one message carries, by estimate: escaping may double them, so this stays
// below half of a frame (with the largest token beside it).
inline constexpr size_t MessageBudget = 20 * 1024;

inline size_t estimate(const AccessPolicy& access)
{
    size_t size = 96 + access.realm.size() + access.tokenHeader.size() + access.tokenQuery.size();
    for (const AccessUser& user : access.users)
        size += user.name.size() + user.hash.size() + 6;
    for (const auto* texts : {&access.tokenHashes, &access.allow, &access.deny, &access.except})
        for (const std::string& text : *texts)
            size += text.size() + 3;
    return size;
}

inline size_t estimate(const TunnelRequest& t)
{
    return 128 + t.ref.size() + t.name.value_or(std::string()).size() +
           t.hostname.value_or(std::string()).size() +
           t.options.hostHeader.value_or(std::string()).size() + estimate(t.options.access);
}

inline size_t estimate(const TunnelGrant& t)
{
    size_t size = 64 + t.ref.size() + t.name.value_or(std::string()).size();
    for (const std::string& url : t.urls)
        size += url.size() + 4;
    return size;
}

inline size_t estimate(const TunnelRefused& t)
{
    return 64 + t.ref.size() + t.refusal.code.size() + t.refusal.message.size();
}

// Keeps what fits into `budget` (and takes it off), returns the rest.
template <typename T>
std::vector<T> splitOff(std::vector<T>& items, size_t& budget)
{
    size_t kept = 0;
    while (kept < items.size() && estimate(items[kept]) <= budget)
        budget -= estimate(items[kept++]);
    const auto cut = items.begin() + static_cast<std::ptrdiff_t>(kept);
    std::vector<T> rest(std::make_move_iterator(cut), std::make_move_iterator(items.end()));
    items.erase(cut, items.end());
    return rest;
}

} // namespace sallyport::wire
