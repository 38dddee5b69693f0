#include <sallyport/jose/json.h>
#include <sallyport/jose/key_set.h>

#include <algorithm>

namespace sallyport::jose {

Result<KeySet, std::string> KeySet::fromJwks(std::string_view text,
                                             std::vector<std::string>* leftOut)
{
    JsonLimits limits;
    limits.bytes = MaxBytes;
    const auto root = parseJson(text, limits);
    const Json* list = root ? root->find("keys") : nullptr;
    if (!list || !list->list())
        return Failure(std::string("is no JWKS: {\"keys\": [...]}"));
    if (list->list()->size() > MaxKeys)
        return Failure("holds more than " + std::to_string(MaxKeys) + " keys");
    KeySet set;
    std::string reason;
    for (const Json& jwk : *list->list()) {
        auto key = Key::fromJwk(jwk);
        if (key) {
            set.m_keys.push_back(std::move(*key));
            continue;
        }
        reason = key.error();
        if (leftOut)
            leftOut->push_back(key.error());
    }
    if (set.empty())
        return Failure(reason.empty() ? std::string("holds no key")
                                      : "holds no key that can be used: " + reason);
    return set;
}

Result<KeySet, std::string> KeySet::fromKeyFile(std::string_view text)
{
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '{')
        return fromJwks(text);
    auto key = Key::fromPem(text);
    if (!key)
        return Failure(key.error());
    return KeySet({std::move(*key)});
}

void KeySet::add(const KeySet& other)
{
    m_keys.insert(m_keys.end(), other.m_keys.begin(), other.m_keys.end());
}

bool KeySet::holds(std::string_view fingerprint) const
{
    return std::any_of(m_keys.begin(), m_keys.end(),
                       [&](const Key& key) { return key.fingerprint() == fingerprint; });
}

std::vector<const Key*> KeySet::candidates(Algorithm algorithm, std::string_view kid) const
{
    std::vector<const Key*> fitting;
    for (const Key& key : m_keys)
        if (key.serves(algorithm) && (kid.empty() || key.id().empty() || key.id() == kid))
            fitting.push_back(&key);
    return fitting;
}

} // namespace sallyport::jose
