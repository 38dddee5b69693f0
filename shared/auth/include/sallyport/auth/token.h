// A token: the credential of an agent. 256 random bits, written as
//
//     spt_ + 43 characters of base 62 + 6 characters of base 62 (CRC-32 of what stands before)
//
// The prefix lets people and secret scanners recognise it; the checksum lets a typing slip be
// noticed before anything is sent. It has no "-" or "_" behind the prefix, so a double click
// selects it.
//
// Only the SHA-256 of the whole text is ever stored. A slow hash would add nothing: it protects
// secrets that can be guessed, and these cannot.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::auth {

enum class TokenError {
    NotAToken,    // does not begin with spt_
    WrongLength,  // cut off, or with something behind it
    BadCharacter, // not a letter or digit
    BadChecksum,  // mistyped
    NoRandomness, // generate() only: the system gave no random bytes
};
// A sentence for the person who typed it.
std::string toText(TokenError error);

using TokenHash = std::array<uint8_t, 32>;

class Token
{
public:
    static constexpr std::string_view Prefix = "spt_";
    static constexpr size_t Length = 4 + 43 + 6;

    static Result<Token, TokenError> generate();
    // Blanks and line ends around the text are ignored: it was pasted.
    static Result<Token, TokenError> parse(std::string_view text);

    const Secret& secret() const { return m_text; }
    std::string_view reveal() const { return m_text.reveal(); }
    TokenHash hash() const;

private:
    explicit Token(Secret text) : m_text(std::move(text)) {}
    Secret m_text;
};

// "sha256:" and 64 lower-case hex digits, as tokens.yaml has it.
std::string hashText(const TokenHash& hash);
Result<TokenHash, std::string> parseHash(std::string_view text);

} // namespace sallyport::auth
