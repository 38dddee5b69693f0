#include <sallyport/auth/token.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>

namespace sallyport::auth {

namespace {

constexpr std::string_view alphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr size_t secretDigits = 43;  // 62^43 > 2^256
constexpr size_t checksumDigits = 6; // 62^6 > 2^32

bool isBase62(char c)
{
    return alphabet.find(c) != std::string_view::npos;
}

// The polynomial of Ethernet and zip, reflected. 53 bytes at a time: a table would not pay.
uint32_t crc32(std::string_view text)
{
    uint32_t crc = 0xffffffff;
    for (const char c : text) {
        crc ^= static_cast<uint8_t>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

std::string checksum(std::string_view text)
{
    uint32_t rest = crc32(text);
    std::string digits(checksumDigits, alphabet[0]);
    for (size_t i = checksumDigits; i-- > 0; rest /= 62)
        digits[i] = alphabet[rest % 62];
    return digits;
}

// A 256-bit number in base 62, by long division; big-endian bytes, which are used up.
void appendBase62(std::array<uint8_t, 32>& number, std::string& text)
{
    const size_t start = text.size();
    text.append(secretDigits, alphabet[0]);
    for (size_t i = secretDigits; i-- > 0;) {
        unsigned rest = 0;
        for (uint8_t& byte : number) {
            const unsigned value = rest * 256 + byte;
            byte = static_cast<uint8_t>(value / 62);
            rest = value % 62;
        }
        text[start + i] = alphabet[rest];
    }
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace

std::string toText(TokenError error)
{
    switch (error) {
    case TokenError::NotAToken:
        return "this is not a token: tokens begin with spt_";
    case TokenError::WrongLength:
        return "the token is incomplete or has something behind it: copy it whole";
    case TokenError::BadCharacter:
        return "the token has a character that tokens never have: copy it again";
    case TokenError::BadChecksum:
        return "the token is mistyped: copy it again";
    case TokenError::NoRandomness:
        break;
    }
    return "the system gave no random bytes";
}

Result<Token, TokenError> Token::generate()
{
    std::array<uint8_t, 32> random{};
    if (RAND_priv_bytes(random.data(), static_cast<int>(random.size())) != 1)
        return Failure(TokenError::NoRandomness);
    std::string text;
    text.reserve(Length); // no reallocation leaves a copy behind
    text = Prefix;
    appendBase62(random, text);
    OPENSSL_cleanse(random.data(), random.size());
    text += checksum(text);
    return Token(Secret(std::move(text)));
}

Result<Token, TokenError> Token::parse(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return Failure(TokenError::NotAToken);
    text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
    if (!text.starts_with(Prefix))
        return Failure(TokenError::NotAToken);
    if (text.size() != Length)
        return Failure(TokenError::WrongLength);
    const std::string_view body = text.substr(Prefix.size());
    if (!std::all_of(body.begin(), body.end(), isBase62))
        return Failure(TokenError::BadCharacter);
    if (checksum(text.substr(0, Length - checksumDigits)) != text.substr(Length - checksumDigits))
        return Failure(TokenError::BadChecksum);
    return Token(Secret(std::string(text)));
}

TokenHash Token::hash() const
{
    TokenHash hash{};
    const std::string_view text = m_text.reveal();
    // Fails only without memory or without SHA-256, which is no OpenSSL at all; a hash of zeros
    // then matches no record, since records with it are refused.
    if (EVP_Digest(text.data(), text.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1)
        hash.fill(0);
    return hash;
}

std::string hashText(const TokenHash& hash)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "sha256:";
    for (const uint8_t byte : hash) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

Result<TokenHash, std::string> parseHash(std::string_view text)
{
    constexpr std::string_view prefix = "sha256:";
    const auto fault = [] {
        return Failure(std::string("is not sha256: and 64 lower-case hexadecimal digits"));
    };
    if (!text.starts_with(prefix) || text.size() != prefix.size() + 64)
        return fault();
    text.remove_prefix(prefix.size());
    TokenHash hash{};
    for (size_t i = 0; i < hash.size(); ++i) {
        const int high = hexDigit(text[2 * i]);
        const int low = hexDigit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return fault();
        hash[i] = static_cast<uint8_t>(high * 16 + low);
    }
    if (hash == TokenHash{})
        return fault();
    return hash;
}

} // namespace sallyport::auth
