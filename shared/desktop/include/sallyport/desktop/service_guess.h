// Guesses what a service is from its port, its process and the first bytes that it answers. Pure.
#pragma once

#include <sallyport/desktop/listening_service.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::desktop {

struct Evidence
{
    uint16_t port = 0;
    std::string process;     // "postgres"
    std::string program;     // "vite", see Listener
    std::string_view answer; // the first bytes it sent: a greeting, or an HTTP answer; empty: none
    bool tls = false;        // it took a TLS handshake
};

ServiceGuess guessService(const Evidence& evidence);

// Whether port and process say enough, so that the service need not be asked. What speaks no HTTP
// is never sent a request.
bool isKnownWithoutAsking(const Evidence& evidence);

} // namespace sallyport::desktop
