#include <sallyport/wire/access.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace sallyport::wire {

namespace {

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool hasControl(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// The text up to `end`, taken off the front; nothing when there is no such end.
std::optional<std::string_view> take(std::string_view& text, char end)
{
    const size_t at = text.find(end);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(at + 1);
    return part;
}

std::optional<unsigned> parameter(std::string_view text, char name)
{
    unsigned value = 0;
    if (text.size() < 3 || text[0] != name || text[1] != '=')
        return std::nullopt;
    text.remove_prefix(2);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool isBase64(std::string_view text, size_t least, size_t most)
{
    return text.size() >= least && text.size() <= most &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return isAlphanumeric(c) || c == '+' || c == '/'; });
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

} // namespace

Complaint checkUserName(std::string_view name)
{
    if (name.empty() || name.size() > AccessLimits::UserName)
        return "must have 1 to 128 bytes";
    if (name.find(':') != std::string_view::npos)
        return "must not hold a colon: it separates the name from the password";
    if (hasControl(name))
        return "must not hold control characters";
    return std::nullopt;
}

// The PHC string format, as argon2 and libsodium write it.
Complaint checkPasswordHash(std::string_view hash)
{
    static constexpr std::string_view Prefix = "$argon2id$v=19$";
    const std::string noHash =
        "is not a password hash ($argon2id$...): make one with `sallyport hash-password`";
    if (hash.size() > AccessLimits::PasswordHash || !hash.starts_with(Prefix))
        return noHash;
    hash.remove_prefix(Prefix.size());
    const auto memoryText = take(hash, ',');
    const auto passesText = take(hash, ',');
    const auto lanesText = take(hash, '$');
    const auto salt = take(hash, '$');
    if (!memoryText || !passesText || !lanesText || !salt)
        return noHash;
    const auto memory = parameter(*memoryText, 'm');
    const auto passes = parameter(*passesText, 't');
    const auto lanes = parameter(*lanesText, 'p');
    if (!memory || !passes || !lanes || !isBase64(*salt, 11, 64) || !isBase64(hash, 22, 86))
        return noHash;
    if (*memory < 8 || *memory > AccessLimits::HashMemoryKiB || *passes < 1 ||
        *passes > AccessLimits::HashPasses || *lanes != 1)
        return "costs more to check than a relay grants: at most m=65536, t=4 and p=1";
    return std::nullopt;
}

Complaint checkTokenHash(std::string_view hash)
{
    static constexpr std::string_view Prefix = "sha256:";
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (hash.size() == AccessLimits::TokenHash && hash.starts_with(Prefix) &&
        std::all_of(hash.begin() + Prefix.size(), hash.end(), isHex))
        return std::nullopt;
    return "is not a token's hash (sha256: and 64 digits): make one with `sallyport access-token`";
}

Complaint checkTokenHeader(std::string_view name)
{
    static constexpr std::string_view Marks = "!#$%&'*+-.^_`|~";
    const bool isToken = !name.empty() && name.size() <= AccessLimits::TokenPlace &&
                         std::all_of(name.begin(), name.end(), [](char c) {
                             return isAlphanumeric(c) || Marks.find(c) != std::string_view::npos;
                         });
    if (!isToken)
        return "is not the name of a header";
    // What frames or routes the request, or is written anew by the relay, carries no token.
    static constexpr std::array<std::string_view, 16> Taken = {
        "host",    "content-length",   "transfer-encoding", "connection", "keep-alive", "te",
        "trailer", "proxy-connection", "upgrade",           "expect",     "forwarded",  "x-real-ip",
        "accept",  "cookie",           "x-request-id",      "proxy"};
    const std::string lower = lowered(name);
    if (std::find(Taken.begin(), Taken.end(), lower) != Taken.end() ||
        lower.starts_with("x-forwarded-") || lower.starts_with("sec-"))
        return "has a meaning of its own: choose another header, like X-Token";
    return std::nullopt;
}

Complaint checkTokenQuery(std::string_view name)
{
    const bool fits = !name.empty() && name.size() <= AccessLimits::TokenPlace &&
                      std::all_of(name.begin(), name.end(), [](char c) {
                          return isAlphanumeric(c) || c == '-' || c == '_' || c == '.';
                      });
    if (!fits)
        return "must be the name of a query parameter in letters, digits, \"-\", \"_\" and \".\"";
    return std::nullopt;
}

Complaint checkRealm(std::string_view realm)
{
    const bool fits =
        realm.size() <= AccessLimits::Realm && std::all_of(realm.begin(), realm.end(), [](char c) {
            return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
        });
    if (!fits)
        return "must have at most 64 printable ASCII characters without quotes and backslashes";
    return std::nullopt;
}

Complaint checkPathPattern(std::string_view pattern)
{
    if (pattern.empty() || pattern.front() != '/')
        return "must begin with a slash";
    if (pattern.size() > AccessLimits::Pattern)
        return "is longer than 256 bytes";
    for (char c : pattern)
        if (c <= 0x20 || c >= 0x7f || std::string_view("%\\;?#").find(c) != std::string_view::npos)
            return "must be a plain path: letters, digits and marks, without %, \\, ;, ?, # and "
                   "blanks";
    if (pattern.find("//") != std::string_view::npos ||
        pattern.find("**") != std::string_view::npos)
        return "must not hold // or **";
    std::string_view rest = pattern.substr(1);
    while (true) {
        const std::string_view segment = rest.substr(0, rest.find('/'));
        if (!segment.empty() && segment.find_first_not_of('.') == std::string_view::npos)
            return "must not hold a segment of dots";
        if (segment.size() == rest.size())
            return std::nullopt;
        rest.remove_prefix(segment.size() + 1);
    }
}

} // namespace sallyport::wire
