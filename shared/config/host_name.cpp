#include <sallyport/config/addresses.h>
#include <sallyport/config/host_name.h>

#include <cstddef>

namespace sallyport::config {

namespace {

bool isLetterOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return result;
}

std::string badCharacter(char c, const std::string& where)
{
    if (c == '_')
        return "underscore is not allowed in " + where;
    if (c == ' ' || c == '\t')
        return "blanks are not allowed in " + where;
    if (static_cast<unsigned char>(c) >= 0x80)
        return "only ASCII is allowed in " + where + ": write the xn-- form";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        return "control characters are not allowed in " + where;
    return "'" + std::string(1, c) + "' is not allowed in " + where;
}

// What is wrong with one label; empty when nothing is.
std::string labelFault(std::string_view label, const std::string& where)
{
    if (label.size() > 63)
        return "more than 63 characters in one part of " + where;
    for (const char c : label)
        if (!isLetterOrDigit(c) && c != '-')
            return badCharacter(c, where);
    if (label.front() == '-' || label.back() == '-')
        return "a hyphen may not begin or end a part of " + where;
    return {};
}

} // namespace

Result<std::string, std::string> parseName(std::string_view text)
{
    const std::string where = "a name";
    if (text.empty())
        return Failure(std::string("a name may not be empty"));
    if (text.find('.') != std::string_view::npos)
        return Failure(
            std::string("a name is one part without dots (use hostname for a host name)"));
    for (const char c : text)
        if (c >= 'A' && c <= 'Z')
            return Failure("names are lower case: write " + lowered(text));
    if (std::string fault = labelFault(text, where); !fault.empty())
        return Failure(std::move(fault));
    return std::string(text);
}

Result<std::string, std::string> parseHostName(std::string_view text)
{
    const std::string where = "a host name";
    if (text.empty())
        return Failure(std::string("a host name may not be empty"));
    if (text.size() > 253)
        return Failure(std::string("a host name has at most 253 characters"));
    if (text.find("://") != std::string_view::npos)
        return Failure(std::string("write the host name alone, without http:// or https://"));
    if (IpAddress::parse(text))
        return Failure(std::string("is an IP address, not a host name"));
    if (text.find(':') != std::string_view::npos)
        return Failure(std::string("write the host name alone, without a port"));
    if (text.back() == '.')
        return Failure(std::string("write the host name without the dot at its end"));
    std::string host = lowered(text);
    std::string_view rest = host;
    for (;;) {
        const size_t dot = rest.find('.');
        const std::string_view label = rest.substr(0, dot);
        if (label.empty())
            return Failure(std::string(
                "an empty part (two dots, or a dot in front) is not allowed in a host name"));
        if (std::string fault = labelFault(label, where); !fault.empty())
            return Failure(std::move(fault));
        if (dot == std::string_view::npos)
            break;
        rest.remove_prefix(dot + 1);
    }
    return host;
}

Result<std::string, std::string> parseHostPattern(std::string_view text)
{
    if (!text.starts_with("*."))
        return parseHostName(text);
    auto host = parseHostName(text.substr(2));
    if (!host)
        return host;
    if (host->find('.') == std::string::npos)
        return Failure(std::string("a wildcard needs two parts behind it, like *.acme.org"));
    return "*." + *host;
}

} // namespace sallyport::config
