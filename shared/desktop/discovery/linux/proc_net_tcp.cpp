#include "discovery/linux/proc_net_tcp.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

namespace sallyport::desktop {

namespace {

constexpr std::string_view listening = "0A";

std::string_view nextWord(std::string_view& line)
{
    const size_t start = line.find_first_not_of(' ');
    if (start == std::string_view::npos) {
        line = {};
        return {};
    }
    line.remove_prefix(start);
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    return word;
}

template <typename T>
std::optional<T> number(std::string_view text, int base)
{
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size())
        return {};
    return value;
}

// The kernel prints each 32-bit word of the address as a number in the machine's byte order.
template <size_t N>
std::optional<std::array<uint8_t, N>> addressBytes(std::string_view hex)
{
    if (hex.size() != N * 2)
        return {};
    std::array<uint8_t, N> bytes{};
    for (size_t word = 0; word < N / 4; ++word) {
        const auto value = number<uint32_t>(hex.substr(word * 8, 8), 16);
        if (!value)
            return {};
        std::memcpy(bytes.data() + word * 4, &*value, 4);
    }
    return bytes;
}

std::optional<config::IpAddress> address(std::string_view hex)
{
    if (const auto four = addressBytes<4>(hex))
        return config::IpAddress::v4(*four);
    if (const auto sixteen = addressBytes<16>(hex))
        return config::IpAddress::v6(*sixteen);
    return {};
}

std::optional<ListeningSocket> socketOf(std::string_view line)
{
    nextWord(line); // "12:"
    const std::string_view local = nextWord(line);
    nextWord(line); // remote
    if (nextWord(line) != listening)
        return {};
    for (int skipped = 0; skipped < 5; ++skipped) // queues, timer, retransmits, uid, timeout
        nextWord(line);
    const auto inode = number<uint64_t>(nextWord(line), 10);
    const size_t colon = local.find(':');
    if (!inode || colon == std::string_view::npos)
        return {};
    const auto host = address(local.substr(0, colon));
    const auto port = number<uint16_t>(local.substr(colon + 1), 16);
    if (!host || !port || *port == 0)
        return {};
    return ListeningSocket{*host, *port, *inode, false};
}

} // namespace

void readProcNetTcp(std::string_view text, size_t limit, SocketTable& table)
{
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto socket = socketOf(line);
        if (!socket)
            continue;
        if (table.sockets.size() >= limit) {
            table.cutShort = true;
            return;
        }
        table.sockets.push_back(*socket);
    }
}

} // namespace sallyport::desktop
