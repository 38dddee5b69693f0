// How one type of value is read from text, shown, and named in the reference page.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/config/addresses.h>
#include <sallyport/config/ports.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::config {

template <typename T>
struct Codec
{
    std::string type;
    std::function<Result<T, std::string>(std::string_view)> parse; // fails with a sentence
    std::function<std::string(const T&)> show;
    bool isPath = false;
};

// Bounds are inclusive.
Codec<std::chrono::milliseconds> durationBetween(std::chrono::milliseconds least,
                                                 std::chrono::milliseconds most);
Codec<uint64_t> sizeBetween(uint64_t least, uint64_t most);
Codec<uint64_t> countBetween(uint64_t least, uint64_t most);
Codec<bool> yesOrNo();
// Text of at most `most` bytes without control characters.
Codec<std::string> plainText(size_t most = 255);
Codec<std::string> filePath();
Codec<std::string> name();
Codec<std::string> hostName();
Codec<std::string> hostNameOrAddress(); // an IPv6 address without brackets
Codec<uint16_t> port();
Codec<PortRanges> portRanges();
Codec<ListenAddress> listenAddress();
Codec<std::string> ipAddressText();
Codec<Network> network();

// A type with parse() and text().
template <typename T>
Codec<T> parsed(std::string type);
template <typename E>
Codec<E> oneOf(std::vector<std::pair<std::string, E>> values);

namespace detail {
Result<size_t, std::string> findWord(std::string_view text, const std::vector<std::string>& words);
std::string wordList(const std::vector<std::string>& words);
} // namespace detail

template <typename T>
Codec<T> parsed(std::string type)
{
    Codec<T> codec;
    codec.type = std::move(type);
    codec.parse = [](std::string_view text) { return T::parse(text); };
    codec.show = [](const T& value) { return value.text(); };
    return codec;
}

template <typename E>
Codec<E> oneOf(std::vector<std::pair<std::string, E>> values)
{
    std::vector<std::string> words;
    for (const auto& [word, value] : values)
        words.push_back(word);
    Codec<E> codec;
    codec.type = detail::wordList(words);
    codec.parse = [values, words](std::string_view text) -> Result<E, std::string> {
        auto index = detail::findWord(text, words);
        if (!index)
            return Failure(index.error());
        return values[*index].second;
    };
    codec.show = [values](const E& wanted) -> std::string {
        for (const auto& [word, value] : values)
            if (value == wanted)
                return word;
        return "";
    };
    return codec;
}

} // namespace sallyport::config
