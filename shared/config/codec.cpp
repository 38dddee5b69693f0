#include <sallyport/config/codec.h>
#include <sallyport/config/host_name.h>
#include <sallyport/config/suggest.h>
#include <sallyport/config/units.h>

#include <algorithm>

namespace sallyport::config {

namespace {

template <typename T>
Codec<T> bounded(T least, T most, const std::string& noun,
                 Result<T, std::string> (*parse)(std::string_view), std::string (*show)(T))
{
    const std::string bounds = show(least) + " to " + show(most);
    Codec<T> codec;
    codec.type = noun + ", " + bounds;
    codec.parse = [=](std::string_view text) -> Result<T, std::string> {
        auto value = parse(text);
        if (value && (*value < least || *value > most))
            return Failure("is out of bounds: " + bounds);
        return value;
    };
    codec.show = [show](const T& value) { return show(value); };
    return codec;
}

std::string countText(uint64_t count)
{
    return std::to_string(count);
}

bool hasControlCharacter(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Codec<std::string> text(std::string type,
                        std::function<Result<std::string, std::string>(std::string_view)> parse)
{
    Codec<std::string> codec;
    codec.type = std::move(type);
    codec.parse = std::move(parse);
    codec.show = [](const std::string& value) { return value; };
    return codec;
}

} // namespace

Codec<std::chrono::milliseconds> durationBetween(std::chrono::milliseconds least,
                                                 std::chrono::milliseconds most)
{
    return bounded<std::chrono::milliseconds>(least, most, "duration", parseDuration, durationText);
}

Codec<uint64_t> sizeBetween(uint64_t least, uint64_t most)
{
    return bounded<uint64_t>(least, most, "size", parseSize, sizeText);
}

Codec<uint64_t> countBetween(uint64_t least, uint64_t most)
{
    return bounded<uint64_t>(least, most, "number", parseCount, countText);
}

Codec<bool> yesOrNo()
{
    Codec<bool> codec;
    codec.type = "true or false";
    codec.parse = parseBool;
    codec.show = [](bool value) -> std::string { return value ? "true" : "false"; };
    return codec;
}

Codec<std::string> plainText(size_t most)
{
    return text("text", [most](std::string_view value) -> Result<std::string, std::string> {
        if (value.size() > most)
            return Failure("is longer than " + std::to_string(most) + " bytes");
        if (hasControlCharacter(value))
            return Failure(std::string("control characters are not allowed here"));
        return std::string(value);
    });
}

Codec<std::string> filePath()
{
    auto codec = plainText(4096);
    codec.type = "file";
    codec.isPath = true;
    return codec;
}

Codec<std::string> name()
{
    return text("name", parseName);
}

Codec<std::string> hostName()
{
    return text("host name", parseHostName);
}

Codec<std::string> hostNameOrAddress()
{
    return text("host name or IP address",
                [](std::string_view value) -> Result<std::string, std::string> {
                    if (const auto address = IpAddress::parse(value))
                        return address->text();
                    return parseHostName(value);
                });
}

Codec<uint16_t> port()
{
    Codec<uint16_t> codec;
    codec.type = "port";
    codec.parse = parsePort;
    codec.show = [](uint16_t value) { return std::to_string(value); };
    return codec;
}

Codec<PortRanges> portRanges()
{
    return parsed<PortRanges>("ports");
}

Codec<ListenAddress> listenAddress()
{
    return parsed<ListenAddress>("address");
}

Codec<std::string> ipAddressText()
{
    return text("IP address", [](std::string_view value) -> Result<std::string, std::string> {
        const auto address = IpAddress::parse(value);
        if (!address)
            return Failure(address.error());
        return address->text();
    });
}

Codec<Network> network()
{
    return parsed<Network>("network");
}

namespace detail {

std::string wordList(const std::vector<std::string>& words)
{
    std::string list;
    for (size_t i = 0; i < words.size(); ++i)
        list += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    return list;
}

Result<size_t, std::string> findWord(std::string_view text, const std::vector<std::string>& words)
{
    const auto found = std::find(words.begin(), words.end(), text);
    if (found != words.end())
        return static_cast<size_t>(found - words.begin());
    return Failure("must be " + wordList(words) + suggestion(text, words));
}

} // namespace detail

} // namespace sallyport::config
