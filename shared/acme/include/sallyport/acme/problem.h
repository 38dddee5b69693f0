// Why the CA did not do what was asked (RFC 8555 section 6.7), or why it was not reached.
#pragma once

#include <sallyport/acme/exchange.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::acme {

struct Problem
{
    // The last part of "urn:ietf:params:acme:error:rateLimited". Our own: "unreachable" (no
    // answer), "garbage" (an answer that can't be read), "timeout" (an order that hangs),
    // "challenge" (we could not publish it), "internal".
    std::string type;
    // For people: cleaned of control characters, at most 500 bytes, with the first subproblem's.
    std::string detail;
    int status = 0;
    // When trying again makes sense, if the CA said so.
    std::optional<Duration> retryAfter = {};

    bool is(std::string_view wanted) const { return type == wanted; }
    // Trying the same again can't help, so the longest wait applies at once.
    bool permanent() const;
    // "rateLimited: too many certificates already issued"
    std::string text() const;
};

// From an answer that is no success; also when its body is no problem document.
Problem problemOf(const Response& response, tls::SystemTime now);

} // namespace sallyport::acme
