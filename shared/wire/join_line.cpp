#include "ip_text.h"

#include <sallyport/wire/join_line.h>
#include <sallyport/wire/messages.h>
#include <sallyport/wire/names.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace sallyport::wire {

namespace {

constexpr std::string_view Scheme = "sallyport://";
constexpr std::string_view Blanks = " \t\r\n";
constexpr size_t MaxLine = MessageLimits::Token + 1024;

std::string_view trim(std::string_view text)
{
    const size_t from = text.find_first_not_of(Blanks);
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(Blanks) - from + 1);
}

// What stands unescaped in a URL (RFC 3986, section 2.3): enough for our tokens and for a JWT.
bool isTokenCharacter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::optional<uint16_t> parsePort(std::string_view text)
{
    uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0)
        return std::nullopt;
    return port;
}

// Splits "HOST", "HOST:PORT" or "[IPv6]:PORT"; what follows the host keeps its colon.
std::pair<std::string_view, std::string_view> splitHost(std::string_view authority)
{
    const size_t end = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
    if (end != std::string_view::npos)
        return {authority.substr(0, end + 1), authority.substr(end + 1)};
    const size_t colon = authority.find(':');
    return {authority.substr(0, colon), authority.substr(std::min(colon, authority.size()))};
}

std::optional<std::string> parseHost(std::string_view text)
{
    if (text.starts_with('[') && text.ends_with(']')) {
        const std::string_view address = text.substr(1, text.size() - 2);
        return isIpv6(address) ? std::optional(std::string(address)) : std::nullopt;
    }
    if (isIpv4(text))
        return std::string(text);
    Result<std::string, HostnameError> hostname = parseHostname(text);
    if (!hostname || isWildcard(*hostname))
        return std::nullopt;
    return std::move(*hostname);
}

std::optional<JoinLineError> readOptions(std::string_view query, JoinLine& line)
{
    while (!query.empty()) {
        const size_t end = query.find('&');
        const std::string_view option = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (!option.starts_with("pin="))
            return JoinLineError::UnknownOption;
        if (line.pin) // two pins: which one is meant?
            return JoinLineError::BadPin;
        line.pin = SpkiPin::fromString(option.substr(4));
        if (!line.pin)
            return JoinLineError::BadPin;
    }
    return std::nullopt;
}

} // namespace

Result<JoinLine, JoinLineError> parseJoinLine(std::string_view text)
{
    text = trim(text);
    if (!text.starts_with(Scheme))
        return Failure(JoinLineError::BadScheme);
    if (text.size() > MaxLine)
        return Failure(JoinLineError::TooLong);
    text.remove_prefix(Scheme.size());

    const size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0)
        return Failure(JoinLineError::MissingToken);
    const std::string_view token = text.substr(0, at);
    if (!std::all_of(token.begin(), token.end(), isTokenCharacter))
        return Failure(JoinLineError::BadToken);
    text.remove_prefix(at + 1);

    const size_t mark = text.find('?');
    std::string_view authority = text.substr(0, mark);
    if (authority.ends_with('/'))
        authority.remove_suffix(1);
    const auto [hostText, portText] = splitHost(authority);
    JoinLine line;
    line.token = Secret(std::string(token));
    std::optional<std::string> host = parseHost(hostText);
    if (!host)
        return Failure(JoinLineError::BadHost);
    line.host = std::move(*host);
    if (!portText.empty()) {
        const std::optional<uint16_t> port =
            portText.starts_with(':') ? parsePort(portText.substr(1)) : std::nullopt;
        if (!port)
            return Failure(JoinLineError::BadPort);
        line.port = *port;
    }
    if (mark != std::string_view::npos)
        if (const auto error = readOptions(text.substr(mark + 1), line))
            return Failure(*error);
    return line;
}

std::string formatJoinLine(const JoinLine& line)
{
    const bool ipv6 = line.host.find(':') != std::string::npos;
    std::string text(Scheme);
    text.append(line.token.reveal()).append("@");
    text.append(ipv6 ? "[" + line.host + "]" : line.host).append(":" + std::to_string(line.port));
    if (line.pin)
        text.append("?pin=").append(line.pin->toString());
    return text;
}

std::string_view describe(JoinLineError error)
{
    switch (error) {
    case JoinLineError::BadScheme:
        return "a join line begins with sallyport://";
    case JoinLineError::TooLong:
        return "the join line is too long";
    case JoinLineError::MissingToken:
        return "the token is missing: sallyport://TOKEN@HOST:7000";
    case JoinLineError::BadToken:
        return "the token holds a character that no token has";
    case JoinLineError::BadHost:
        return "the host is neither a host name nor an address (an IPv6 address stands in "
               "brackets)";
    case JoinLineError::BadPort:
        return "the port is not a number from 1 to 65535";
    case JoinLineError::BadPin:
        return "the pin is not one: pin=sha256: and 43 characters";
    case JoinLineError::UnknownOption:
        return "the only option of a join line is pin";
    }
    return {};
}

} // namespace sallyport::wire
