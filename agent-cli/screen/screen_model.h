// What the live screen shows, as plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::cli {

enum class Tone : uint8_t { Plain, Dim, Good, Warning, Bad, Strong };

struct ScreenModel
{
    std::string version;
    std::string state; // "connected", "waiting, next try in 3 s"
    Tone stateTone = Tone::Plain;
    std::string relay;   // "tunnel.example.com:7000 (tls)"
    std::string latency; // "12.3 ms", empty when not known

    struct Forwarding
    {
        std::string from; // the URL, or the tunnel's name and state
        std::string to;
        Tone tone = Tone::Plain;
        std::string problem; // shown below it
    };
    std::vector<Forwarding> forwardings;

    uint64_t open = 0;
    uint64_t total = 0;
    uint64_t bytesIn = 0;
    uint64_t bytesOut = 0;

    struct Request
    {
        std::string time; // "12:03:11"
        std::string method;
        std::string path;
        unsigned status = 0; // 0: not answered yet
        std::string duration;
    };
    std::vector<Request> requests; // newest first
    bool showRequests = false;

    std::string message; // the last thing that went wrong or that the relay said
};

} // namespace sallyport::cli
