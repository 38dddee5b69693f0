// Builds ClientHellos, well formed or not, for tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::tls::test {

inline std::string number(size_t value, size_t bytes)
{
    std::string text;
    while (bytes-- > 0)
        text += static_cast<char>(value >> (8 * bytes) & 0xff);
    return text;
}

// With its length in front.
inline std::string vec(std::string_view content, size_t lengthBytes)
{
    return number(content.size(), lengthBytes) + std::string(content);
}

inline std::string extension(uint16_t type, std::string_view content)
{
    return number(type, 2) + vec(content, 2);
}

inline std::string nameEntry(std::string_view name, uint8_t type = 0)
{
    return number(type, 1) + vec(name, 2);
}

inline std::string serverName(std::string_view name)
{
    return extension(0, vec(nameEntry(name), 2));
}

inline std::string alpn(const std::vector<std::string>& protocols)
{
    std::string list;
    for (const std::string& protocol : protocols)
        list += vec(protocol, 1);
    return extension(16, vec(list, 2));
}

// The fields before the extensions.
inline std::string helloStart()
{
    return number(0x0303, 2) + std::string(32, 'r') + vec(std::string(32, 's'), 1) +
           vec(number(0x1301, 2), 2) + vec(std::string(1, '\0'), 1);
}

inline std::string message(std::string_view body, uint8_t type = 1)
{
    return number(type, 1) + vec(body, 3);
}

inline std::string helloMessage(std::string_view extensions)
{
    return message(helloStart() + vec(extensions, 2));
}

inline std::string record(std::string_view fragment, uint8_t type = 22)
{
    return number(type, 1) + number(0x0301, 2) + vec(fragment, 2);
}

inline std::string hello(std::string_view extensions)
{
    return record(helloMessage(extensions));
}

// The same message in records of at most `size` bytes.
inline std::string inRecords(std::string_view message, size_t size)
{
    std::string records;
    for (; !message.empty(); message.remove_prefix(std::min(size, message.size())))
        records += record(message.substr(0, size));
    return records;
}

} // namespace sallyport::tls::test
