#include <sallyport/auth/password_hash.h>

#include <sodium.h>

#include <array>

namespace sallyport::auth {

namespace {
// What OWASP's password storage cheat sheet asks of argon2id at least.
constexpr unsigned long long Passes = 2;
constexpr size_t Memory = size_t(19) * 1024 * 1024;

// Any number of times, from any thread.
bool ready()
{
    return sodium_init() >= 0;
}
} // namespace

std::optional<std::string> hashPassword(const Secret& password)
{
    std::array<char, crypto_pwhash_STRBYTES> hash;
    const std::string_view text = password.reveal();
    if (!ready() || crypto_pwhash_str_alg(hash.data(), text.data(), text.size(), Passes, Memory,
                                          crypto_pwhash_ALG_ARGON2ID13) != 0)
        return std::nullopt;
    return std::string(hash.data());
}

bool passwordMatches(const std::string& hash, const Secret& password)
{
    const std::string_view text = password.reveal();
    return ready() && hash.size() < crypto_pwhash_STRBYTES &&
           crypto_pwhash_str_verify(hash.c_str(), text.data(), text.size()) == 0;
}

} // namespace sallyport::auth
