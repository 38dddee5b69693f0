#include <sallyport/tls/sniff.h>

#include <algorithm>
#include <string_view>

namespace sallyport::tls {

static constexpr size_t LongestNeeded = 8;

static Sniff sniffHttp(std::string_view text)
{
    constexpr std::string_view Status = "HTTP/";
    if (text.substr(0, Status.size()) == Status.substr(0, text.size()))
        return text.size() < Status.size() ? Sniff::NeedMore : Sniff::Http;
    const auto notLetter = [](char c) { return c < 'A' || c > 'Z'; };
    const auto end = std::find_if(text.begin(), text.end(), notLetter);
    if (end == text.begin())
        return Sniff::Other;
    if (end == text.end())
        // Longer than "CONNECT", "OPTIONS": a method that nobody has registered, but a method's
        // look.
        return text.size() < LongestNeeded ? Sniff::NeedMore : Sniff::Http;
    return *end == ' ' ? Sniff::Http : Sniff::Other;
}

Sniff sniff(ByteView firstBytes)
{
    const std::string_view text =
        asText(firstBytes.first(std::min(firstBytes.size(), LongestNeeded)));
    if (text.empty())
        return Sniff::NeedMore;
    if (text[0] != 0x16)
        return sniffHttp(text);
    if (text.size() < 2)
        return Sniff::NeedMore;
    return text[1] == 0x03 ? Sniff::Tls : Sniff::Other;
}

} // namespace sallyport::tls
