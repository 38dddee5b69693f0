// What of the traffic is kept, how much of it, and what must not be seen. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::inspect {

// Secrets by their name. They are hidden on screen and left out of exports unless asked for.
struct Redaction
{
    // Any case.
    std::vector<std::string> headers{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie",
                                     "X-Api-Key"};
    // Members of JSON objects, fields of forms and parameters of queries; any case.
    std::vector<std::string> fields{"password",      "passwd",   "token",      "access_token",
                                    "refresh_token", "id_token", "secret",     "client_secret",
                                    "api_key",       "apikey",   "private_key"};
    // Never written down at all, so that nothing can show them later. A replay lacks them.
    bool always = false;

    bool hidesHeader(std::string_view name) const;
    bool hidesField(std::string_view name) const;
    bool operator==(const Redaction&) const = default;
};

struct CaptureSettings
{
    bool on = true;
    uint64_t bodyBudget = 256ull * 1024 * 1024; // of all bodies; the oldest go first
    uint64_t bodyLimit = 16ull * 1024 * 1024;   // of each; what is longer is cut
    uint32_t rows = 100'000;                    // the oldest go first
    Redaction redaction;
    // False: in a temporary folder that is removed at the end.
    bool keepHistory = true;
    // Where the history lives, made with mode 0700 when it is missing.
    std::string folder;

    bool operator==(const CaptureSettings&) const = default;
};

} // namespace sallyport::inspect
