#include <sallyport/config/addresses.h>
#include <sallyport/config/host_name.h>
#include <sallyport/wire/names.h>

#include <algorithm>

namespace sallyport::config {

namespace {

std::string lowered(std::string_view text)
{
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

bool hasOtherThanAscii(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// What people write instead of a host name; empty when it is none of these.
std::string misunderstanding(std::string_view text)
{
    if (text.find("://") != std::string_view::npos)
        return "write the host name alone, without http:// or https://";
    if (IpAddress::parse(text))
        return "is an IP address, not a host name";
    if (text.find(':') != std::string_view::npos)
        return "write the host name alone, without a port";
    if (text.find('/') != std::string_view::npos)
        return "write the host name alone, without a path";
    if (hasOtherThanAscii(text))
        return "write a name with other letters than a-z in its xn-- form";
    return {};
}

} // namespace

Result<std::string, std::string> parseName(std::string_view text)
{
    if (wire::isValidName(text))
        return std::string(text);
    if (text.empty())
        return Failure(std::string("a name may not be empty"));
    if (text.find('.') != std::string_view::npos)
        return Failure(std::string("a name is one part without dots"));
    if (text.find('_') != std::string_view::npos)
        return Failure(std::string("underscore is not allowed in a name"));
    if (const std::string lower = lowered(text); lower != text && wire::isValidName(lower))
        return Failure("names are lower case: write " + lower);
    return Failure(
        std::string("a name has at most 63 of a-z, 0-9 and hyphens, none of these at either end"));
}

Result<std::string, std::string> parseHostName(std::string_view text)
{
    if (text.starts_with("*."))
        return Failure(std::string("a wildcard is not allowed here"));
    return parseHostPattern(text);
}

Result<std::string, std::string> parseHostPattern(std::string_view text)
{
    if (std::string hint = misunderstanding(text); !hint.empty())
        return Failure(std::move(hint));
    auto host = wire::parseHostname(text);
    if (!host)
        return Failure(std::string(wire::describe(host.error())));
    return *host;
}

} // namespace sallyport::config
